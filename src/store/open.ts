// Opens semtag.db: durable settings, migrations, refusal of foreign or newer databases. Never creates one where an image store lost its own.

import Database from 'better-sqlite3';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TRANSITIONS } from '../domain/states.ts';
import { SemtagError } from '../errors.ts';
import { refuseWithoutDatabase } from './instance.ts';
import { addSearchTerms } from './search-terms.ts';

export type Db = Database.Database;

/** "stag" in ASCII; a zero-byte or foreign file does not carry it. */
export const APPLICATION_ID = 0x73746167;

const SCHEMA = new URL('./schema/', import.meta.url);

/** Opens or creates `<dataDir>/semtag.db` and brings it to the newest schema, with a copy beside it first. */
export function openDatabase(dataDir: string): Db {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'semtag.db');
  const fresh = !existsSync(path);
  if (!fresh && statSync(path).size === 0)
    throw new SemtagError(
      'database_foreign',
      `${path}: the file is empty; a crash of the disk or a copy gone wrong. Restore a backup`,
    );
  if (fresh) refuseWithoutDatabase(dataDir);
  const db = new Database(path);
  try {
    // before any setting: even journal_mode would be written into a foreign file
    if (!fresh && !isOurs(db)) throw new SemtagError('database_foreign', `${path}: not a database of semtag`);
    if (db.pragma('user_version', { simple: true }) === 0) refuseWithoutDatabase(dataDir);
    setDurable(db);
    addSearchTerms(db);
    migrate(db, path);
    fillAllowed(db);
    return db;
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_NOTADB')
      throw new SemtagError('database_foreign', `${path}: not a database`, { cause: error });
    throw error;
  }
}

/** Carries our mark, or nothing at all: what a crash during the very first start leaves. */
function isOurs(db: Db): boolean {
  if (db.pragma('application_id', { simple: true }) === APPLICATION_ID) return true;
  const things = db.prepare('SELECT count(*) FROM sqlite_master').pluck().get();
  return things === 0 && db.pragma('user_version', { simple: true }) === 0;
}

/** better-sqlite3 is built so that WAL falls back to synchronous=NORMAL, which loses commits at a power cut: set it and look (R4). */
export function setDurable(db: Db): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('busy_timeout = 5000');
  if (db.pragma('synchronous', { simple: true }) !== 2)
    throw new SemtagError('internal', 'SQLite does not keep synchronous=FULL');
}

/** Names of the migrations; their number is the schema's version. */
export function schemaScripts(): string[] {
  return readdirSync(SCHEMA)
    .filter((name) => /^\d{3}\.sql$/.test(name))
    .sort();
}

function migrate(db: Db, path: string): void {
  const scripts = schemaScripts();
  const have = db.pragma('user_version', { simple: true }) as number;
  if (have > scripts.length)
    throw new SemtagError('database_newer', `${path}: schema ${have}, this semtag knows ${scripts.length}`);
  if (have === scripts.length) return;
  if (have > 0) {
    db.pragma('wal_checkpoint(TRUNCATE)');
    copyFileSync(path, `${path}.before-${scripts.length}`);
  }
  db.transaction(() => {
    for (const script of scripts.slice(have)) db.exec(readFileSync(new URL(script, SCHEMA), 'utf8'));
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${scripts.length}`);
  }).immediate();
  // the setting can be lost silently; a real write is the moment to notice
  if (db.pragma('synchronous', { simple: true }) !== 2)
    throw new SemtagError('internal', 'SQLite fell back from synchronous=FULL');
}

function fillAllowed(db: Db): void {
  const insert = db.prepare('INSERT INTO allowed (subject, from_state, to_state) VALUES (?, ?, ?)');
  db.transaction(() => {
    db.exec('DELETE FROM allowed');
    for (const [subject, table] of Object.entries(TRANSITIONS))
      for (const [from, list] of Object.entries(table)) for (const to of list) insert.run(subject, from, to);
  }).immediate();
}
