// Attempts: committed before an image's bytes are touched, removed by the commit of the result. Three that never finished put the image aside (R2).

import { SemtagError } from '../errors.ts';
import type { Db } from './open.ts';

export const MAX_ATTEMPTS = 3;

export type AttemptStage = 'read' | 'tag';

export function attempts(db: Db) {
  const count = db.prepare('SELECT count(*) FROM attempt WHERE sha256 = ? AND stage = ?').pluck();
  const insert = db.prepare('INSERT INTO attempt (sha256, stage, started_at) VALUES (?, ?, ?)');
  return {
    /** Throws too_many_attempts where three before it never finished. */
    begin(sha256: string, stage: AttemptStage, name: string, at: string): void {
      const unfinished = count.get(sha256, stage) as number;
      if (unfinished >= MAX_ATTEMPTS)
        throw new SemtagError(
          'too_many_attempts',
          `${name}: ${unfinished} attempts to ${stage} it did not finish`,
        );
      insert.run(sha256, stage, at);
    },
    /** The attempt ended with a known error or was given up at shutdown: it says nothing against the image. */
    end(sha256: string, stage: AttemptStage): void {
      db.prepare(
        'DELETE FROM attempt WHERE id = (SELECT max(id) FROM attempt WHERE sha256 = ? AND stage = ?)',
      ).run(sha256, stage);
    },
  };
}
