// Where things lie in the data directory. The only file that knows these names.

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export function dataPaths(dataDir: string) {
  const spool = join(dataDir, 'spool');
  const tagged = join(dataDir, 'tagged');
  const thumbs = join(dataDir, 'thumbs');
  const pictures = join(dataDir, 'pictures');
  return {
    spool,
    tagged,
    /** address and process id of the running service, for the command line */
    service: join(dataDir, 'service.json'),
    thumb: (sha256: string) => join(thumbs, sha256.slice(0, 2), `${sha256}.jpg`),
    /** remembers by which mark the directory of a target is known again */
    target: (name: string) => join(dataDir, 'targets', encodeURIComponent(name)),
    picture: (sha256: string) => join(pictures, `${sha256}.jpg`),
    /** Makes the directories and removes what a crash left half written: nothing in the database names it (R2). */
    prepare(): void {
      for (const dir of [spool, tagged, thumbs, pictures]) mkdirSync(dir, { recursive: true, mode: 0o750 });
      for (let i = 0; i < 256; i++)
        mkdirSync(join(thumbs, i.toString(16).padStart(2, '0')), { recursive: true });
      for (const name of readdirSync(spool))
        if (/^settling-|\.(fetched|restored|untagging)$/.test(name)) rmSync(join(spool, name));
      for (const name of readdirSync(tagged)) if (name.endsWith('.writing')) rmSync(join(tagged, name));
      for (const name of readdirSync(pictures)) rmSync(join(pictures, name)); // made again when somebody looks
    },
  };
}
