// Versions of the thresholds. The config seeds version 1; afterwards the database is the truth. Old versions stay.

import type { Thresholds } from '../domain/decision.ts';
import { history } from './history.ts';
import type { Db } from './open.ts';

export type ThresholdsVersion = Thresholds & { reason: string; author: string; at: string };
type Row = { version: number; value: string; reason: string; author: string; at: string };

export function thresholds(db: Db) {
  const lines = history(db);
  const newest = db.prepare('SELECT * FROM thresholds ORDER BY version DESC LIMIT 1');
  const parse = (row: Row): ThresholdsVersion => {
    const value = JSON.parse(row.value) as Omit<Thresholds, 'version'>;
    return { ...value, version: row.version, reason: row.reason, author: row.author, at: row.at };
  };
  return {
    current(): ThresholdsVersion | undefined {
      const row = newest.get() as Row | undefined;
      return row && parse(row);
    },
    versions(): ThresholdsVersion[] {
      return (db.prepare('SELECT * FROM thresholds ORDER BY version DESC').all() as Row[]).map(parse);
    },
    save(value: Omit<Thresholds, 'version'>, reason: string, author: string, at: string): number {
      return db
        .transaction(() => {
          const { lastInsertRowid } = db
            .prepare('INSERT INTO thresholds (value, reason, author, at) VALUES (?, ?, ?, ?)')
            .run(JSON.stringify(value), reason, author, at);
          lines.add({
            at,
            subject: 'thresholds',
            key: String(lastInsertRowid),
            who: author,
            what: reason,
            detail: value,
          });
          return Number(lastInsertRowid);
        })
        .immediate();
    },
  };
}
