// Which database belongs to a data directory: both carry the same id. Never lets a new or another database stand in where images lie.

import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SemtagError } from '../errors.ts';

/** What lies in the spool and among the tagged copies is named by the SHA-256 of its image. */
const OF_AN_IMAGE = /^[0-9a-f]{64}(\.|$)/;

/** Throws database_lost where the directory holds images and there is no database. */
export function refuseWithoutDatabase(dataDir: string): void {
  if (holdsImages(dataDir))
    throw new SemtagError(
      'database_lost',
      `${dataDir}: it holds images, and semtag.db is not there or empty`,
    );
}

/** Marks the directory with the id of its database; throws database_lost where it holds images of another one. */
export function markInstance(dataDir: string, id: string): void {
  const path = join(dataDir, 'instance');
  const marked = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  if (marked === id) return;
  if (marked !== '' && holdsImages(dataDir))
    throw new SemtagError(
      'database_lost',
      `${dataDir}: its images are of database ${marked}, semtag.db is ${id}`,
    );
  writeFileSync(`${path}.new`, `${id}\n`, { flush: true });
  renameSync(`${path}.new`, path);
}

function holdsImages(dataDir: string): boolean {
  return ['spool', 'tagged']
    .map((name) => join(dataDir, name))
    .some((dir) => existsSync(dir) && readdirSync(dir).some((name) => OF_AN_IMAGE.test(name)));
}
