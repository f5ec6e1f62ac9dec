// Where things lie in the data directory. The only file that knows these names.

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export function dataPaths(dataDir: string) {
  const spool = join(dataDir, 'spool');
  const tagged = join(dataDir, 'tagged');
  const thumbs = join(dataDir, 'thumbs');
  const pictures = join(dataDir, 'pictures');
  const heads = join(dataDir, 'heads');
  return {
    spool,
    tagged,
    pictures,
    /** every head that gave scores, and the numbers of teaching, under their hashes */
    heads,
    /** reports that managers open from the page */
    reports: join(dataDir, 'reports'),
    /** address and process id of the running service, for the command line */
    service: join(dataDir, 'service.json'),
    /** how far harvesters were told of changes: tells a database that was restored */
    published: join(dataDir, 'published.json'),
    thumb: (sha256: string) => join(thumbs, sha256.slice(0, 2), `${sha256}.jpg`),
    /** remembers by which mark the directory of a target is known again */
    target: (name: string) => join(dataDir, 'targets', encodeURIComponent(name)),
    /** Makes the directories and removes what a crash left half written: nothing in the database names it (R2). */
    prepare(): void {
      for (const dir of [spool, tagged, thumbs, pictures, heads])
        mkdirSync(dir, { recursive: true, mode: 0o750 });
      for (let i = 0; i < 256; i++) {
        const dir = join(thumbs, i.toString(16).padStart(2, '0'));
        mkdirSync(dir, { recursive: true });
        removeFrom(dir, /\.part$/);
      }
      removeFrom(spool, /^settling-|\.(fetched|restored|untagging)$/);
      removeFrom(tagged, /\.(writing|fetched)$/);
      removeFrom(heads, /\.part$/);
      removeFrom(pictures, /./); // made again when somebody looks
    },
  };
}

function removeFrom(dir: string, name: RegExp): void {
  for (const one of readdirSync(dir)) if (name.test(one)) rmSync(join(dir, one));
}
