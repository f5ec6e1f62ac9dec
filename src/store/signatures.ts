// signatures.db: a few bytes an image that say what it looks like, made of its bottlenecks. Can be rebuilt; holds those of one space of comparison only.

import Database from 'better-sqlite3';
import { join } from 'node:path';

export type Signature = { sha256: Buffer; vector: Buffer };

/** Opens `<dataDir>/signatures.db` for this space; what another one left is dropped. */
export function openSignatures(dataDir: string, space: string) {
  const db = new Database(join(dataDir, 'signatures.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('busy_timeout = 5000');
  db.exec(`CREATE TABLE IF NOT EXISTS signature (sha256 BLOB PRIMARY KEY, vector BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS made (space TEXT PRIMARY KEY, up_to INTEGER NOT NULL) STRICT, WITHOUT ROWID`);
  if (!db.prepare('SELECT 1 FROM made WHERE space = ?').get(space))
    db.transaction(() => {
      db.exec('DELETE FROM signature; DELETE FROM made');
      db.prepare('INSERT INTO made (space, up_to) VALUES (?, 0)').run(space);
    }).immediate();
  const put = db.prepare('INSERT OR REPLACE INTO signature (sha256, vector) VALUES (?, ?)');
  const move = db.prepare('UPDATE made SET up_to = ?');
  return {
    /** How far of the bottlenecks, in the order of their coming, they are made. */
    upTo: (): number => db.prepare('SELECT up_to FROM made').pluck().get() as number,
    add(signatures: Signature[], upTo: number): void {
      db.transaction(() => {
        for (const { sha256, vector } of signatures) put.run(sha256, vector);
        move.run(upTo);
      }).immediate();
    },
    get: (sha256: Buffer): Buffer | undefined =>
      db.prepare('SELECT vector FROM signature WHERE sha256 = ?').pluck().get(sha256) as Buffer | undefined,
    count: (): number => db.prepare('SELECT count(*) FROM signature').pluck().get() as number,
    all: (): IterableIterator<Signature> =>
      db.prepare('SELECT sha256, vector FROM signature').iterate() as IterableIterator<Signature>,
    close: () => void db.close(),
  };
}
