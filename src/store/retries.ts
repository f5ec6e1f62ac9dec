// Many images and files that are aside are tried again at once, in one commit. Which ones, the caller knows.

import { SemtagError } from '../errors.ts';
import { files } from './files.ts';
import { imageCommits } from './image-commits.ts';
import type { Db } from './open.ts';

export function retries(db: Db) {
  const [image, file] = [imageCommits(db), files(db)];
  return {
    /** One that cannot be tried again ends it with its error; those before it stay tried. */
    all(which: { images: string[]; files: number[] }, who: string, at: string): void {
      let problem: SemtagError | undefined;
      db.transaction(() => {
        try {
          for (const sha256 of which.images) image.retry(sha256, who, at);
          for (const id of which.files) file.retry(id, who, at);
        } catch (error) {
          if (!(error instanceof SemtagError)) throw error;
          problem = error;
        }
      }).immediate();
      if (problem) throw problem;
    },
  };
}
