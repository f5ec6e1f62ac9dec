// The store for looking only, beside a running service or without one. Never writes, never migrates, never makes a database.

import Database from 'better-sqlite3';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SemtagError } from '../errors.ts';
import { inDataDir } from './data-dir.ts';
import { along } from './along.ts';
import { checks } from './checks.ts';
import { confirmed } from './confirmed.ts';
import { deliveries } from './deliveries.ts';
import { facilityKey } from './facility.ts';
import { files } from './files.ts';
import { history } from './history.ts';
import { images } from './images.ts';
import { labelledByPeople } from './labelled.ts';
import { lessons } from './lessons.ts';
import { APPLICATION_ID, schemaScripts } from './open.ts';
import { pauses } from './pauses.ts';
import { publication } from './publication.ts';
import { publicationSearch } from './publication-search.ts';
import { queues } from './queues.ts';
import { realms } from './realm.ts';
import { seen } from './seen.ts';
import { searching } from './search.ts';
import { addSearchTerms } from './search-terms.ts';
import { teaching } from './teaching.ts';
import { series } from './series.ts';
import { stations } from './stations.ts';
import { thresholds } from './thresholds.ts';
import { tokens } from './tokens.ts';
import { users } from './users.ts';

/** Throws not_found where there is no database yet, database_foreign or database_newer. Anything that writes fails in SQLite. */
export function openReader(dataDir: string) {
  const path = join(dataDir, 'semtag.db');
  if (!existsSync(path))
    throw new SemtagError('not_found', `${path}: there is no database yet; \`semtag run\` makes it`);
  const db = inDataDir(dataDir, () => openToRead(path));
  try {
    look(db, path);
    addSearchTerms(db); // statements that would write are prepared, and name it
    const tagged = db.prepare('SELECT sha256 FROM revision WHERE tagged_sha256 = ?').pluck();
    return {
      images: images(db),
      facility: facilityKey(db),
      seen: seen(db),
      files: files(db),
      deliveries: deliveries(db),
      pauses: pauses(db),
      publication: publication(db),
      publicationSearch: publicationSearch(db),
      search: searching(db),
      queues: queues(db),
      thresholds: thresholds(db),
      users: users(db),
      tokens: tokens(db),
      stations: stations(db),
      history: history(db),
      checks: checks(db),
      confirmed: confirmed(db),
      along: along(db),
      /** The private project that an image belongs to. */
      realmOf: realms(db),
      teaching: teaching(db),
      series: series(db),
      lessons: lessons(db),
      labelledByPeople: labelledByPeople(db),
      /** SHA-256 of the image whose tagged file has this SHA-256. */
      imageOfTagged: (sha256: string): string | undefined => tagged.get(sha256) as string | undefined,
      /** `ok`, or what SQLite found wrong. */
      integrity: (): string => db.pragma('integrity_check', { simple: true }) as string,
      close(): void {
        db.close();
      },
    };
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_NOTADB')
      throw new SemtagError('database_foreign', `${path}: not a database`, { cause: error });
    throw error;
  }
}

export type Reader = ReturnType<typeof openReader>;

/**
 * Reading a database in WAL mode makes `-shm` beside it. Where this account may not, and no newer pages lie in `-wal`, the file is whole by
 * itself: it is read into memory, with the two bytes of its header that say WAL (18 and 19, sqlite.org/fileformat.html) set to "no WAL".
 */
export function openToRead(path: string): Database.Database {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    db.pragma('user_version');
    return db;
  } catch (error) {
    db.close();
    const { code } = error as { code?: string };
    const newer = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (newer > 0 || !/^SQLITE_(READONLY|CANTOPEN)/.test(code ?? '')) throw error;
    const bytes = readFileSync(path);
    bytes.fill(1, 18, 20);
    return new Database(bytes, { readonly: true });
  }
}

function look(db: Database.Database, path: string): void {
  const [known, have] = [schemaScripts().length, db.pragma('user_version', { simple: true }) as number];
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID)
    throw new SemtagError('database_foreign', `${path}: not a database of semtag`);
  if (have > known)
    throw new SemtagError('database_newer', `${path}: schema ${have}, this semtag knows ${known}`);
  if (have < known)
    throw new SemtagError(
      'not_found',
      `${path}: schema ${have} of an older semtag; \`semtag run\` brings it to ${known}`,
    );
}
