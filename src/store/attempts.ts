// Attempts: committed before an image's bytes are touched, removed by the commit of the result. Three that never finished put the image aside (R2).

import { createHash } from 'node:crypto';
import { SemtagError } from '../errors.ts';
import type { Db } from './open.ts';

export const MAX_ATTEMPTS = 3;

/**
 * Seconds that an image with so many unfinished attempts waits for its next: at least, and how far the waits are spread. It may be what
 * killed the service: the others go first. And it may only have been near: spread by its name, those that were in flight together are
 * tried again one at a time, so that one that kills the service does not take its neighbours aside with it.
 */
const WAITS = [
  { least: 0, spread: 0 },
  { least: 2, spread: 8 },
  { least: 10, spread: 12 },
];

/** `settle` counts by the id of the file, the others by the SHA-256 of the image. */
export type AttemptStage = 'settle' | 'read' | 'tag';

export function attempts(db: Db) {
  const count = db.prepare('SELECT count(*) FROM attempt WHERE sha256 = ? AND stage = ?').pluck();
  const insert = db.prepare('INSERT INTO attempt (sha256, stage, started_at) VALUES (?, ?, ?)');
  const unfinished = db.prepare(
    'SELECT sha256, count(*) AS n, max(started_at) AS last FROM attempt WHERE stage = ? GROUP BY sha256',
  );
  const last = db.prepare(
    'DELETE FROM attempt WHERE id = (SELECT max(id) FROM attempt WHERE sha256 = ? AND stage = ?)',
  );
  return {
    /** Returns how many before it never finished. Throws too_many_attempts where that is three. */
    begin(sha256: string, stage: AttemptStage, name: string, at: string): number {
      const before = count.get(sha256, stage) as number;
      if (before >= MAX_ATTEMPTS)
        throw new SemtagError(
          'too_many_attempts',
          `${name}: ${before} attempts to ${stage} it did not finish`,
        );
      insert.run(sha256, stage, at);
      return before;
    },
    /** Images whose last attempt never finished and that have to wait. */
    waiting(stage: AttemptStage, now: Date): string[] {
      const rows = unfinished.all(stage) as { sha256: string; n: number; last: string }[];
      return rows
        .filter(({ sha256, n, last }) => now.getTime() - Date.parse(last) < waitMs(`${stage} ${sha256}`, n))
        .map(({ sha256 }) => sha256);
    },
    /** The attempt ended with a known error or was given up at shutdown: it says nothing against the image. */
    end(sha256: string, stage: AttemptStage): void {
      last.run(sha256, stage);
    },
  };
}

/** Milliseconds until the next try after `n` unfinished ones: the same for the same name, whenever it is asked. */
export function waitMs(name: string, n: number): number {
  const { least, spread } = WAITS[n] ?? WAITS[0]!;
  const share = createHash('sha256').update(name).digest().readUInt32BE(0) / 2 ** 32;
  return (least + spread * share) * 1000;
}
