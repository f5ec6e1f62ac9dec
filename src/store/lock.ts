// The run lock: one service or writing verb a data directory. The operating system frees it when the process dies.

import Database from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inDataDir } from './data-dir.ts';

export type RunLock = { release(): void };

/** Takes the lock, or returns undefined where another process holds it. Throws data_dir_unusable. An exclusive transaction on a file of its own, never committed. */
export function takeRunLock(dataDir: string): RunLock | undefined {
  return inDataDir(dataDir, () => lockIn(dataDir));
}

function lockIn(dataDir: string): RunLock | undefined {
  mkdirSync(dataDir, { recursive: true });
  const db = new Database(join(dataDir, 'run.lock'), { timeout: 0 });
  try {
    db.pragma('journal_mode = DELETE');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
  return { release: () => db.close() };
}
