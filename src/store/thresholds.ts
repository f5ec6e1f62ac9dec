// Versions of the thresholds. The config seeds version 1; afterwards the database is the truth. Old versions stay.

import type { Thresholds, ThresholdsValue } from '../domain/decision.ts';
import { SemtagError } from '../errors.ts';
import { history } from './history.ts';
import type { Db } from './open.ts';

export type ThresholdsVersion = Thresholds & { reason: string; author: string; at: string };
type Row = { version: number; value: string; reason: string; author: string; at: string };

export function thresholds(db: Db) {
  const lines = history(db);
  const newest = db.prepare('SELECT * FROM thresholds ORDER BY version DESC LIMIT 1');
  const one = db.prepare('SELECT * FROM thresholds WHERE version = ?');
  const parse = (row: Row): ThresholdsVersion => {
    const value = JSON.parse(row.value) as ThresholdsValue;
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
    /** Throws not_found. */
    need(version: number): ThresholdsVersion {
      const row = one.get(version) as Row | undefined;
      if (!row) throw new SemtagError('not_found', `version ${version} of the thresholds`);
      return parse(row);
    },
    /** The next version. With `seen` only while that version is in force: throws stale_thresholds. */
    save(value: ThresholdsValue, reason: string, author: string, at: string, seen?: number): number {
      return db
        .transaction(() => {
          const inForce = newest.get() as Row | undefined;
          if (seen !== undefined && inForce?.version !== seen)
            throw new SemtagError('stale_thresholds', `version ${inForce?.version ?? 0} of ${inForce?.author ?? 'nobody'} is in force, not ${seen}`); // prettier-ignore
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
