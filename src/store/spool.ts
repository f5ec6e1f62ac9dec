// The private copies in the spool: how much they take, and which can go because a target has the image. Removes no file itself.

import type { Db } from './open.ts';
import { tally } from './tally.ts';

export function spool(db: Db) {
  const counted = tally(db);
  const prunable = db
    .prepare(
      `SELECT sha256 FROM image INDEXED BY image_prunable WHERE state = 'forwarded' AND spooled = 1 AND at_target = 1
         AND changed_at <= @cutoff AND spooled_at <= @cutoff
         AND EXISTS (SELECT 1 FROM delivery WHERE delivery.sha256 = image.sha256 AND delivery.state = 'received'
           AND delivery.target IN (SELECT value FROM json_each(@targets)))
         AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.sha256 = image.sha256 AND delivery.state IN ('owed', 'withheld'))
         ORDER BY changed_at LIMIT @limit`,
    )
    .pluck();

  return {
    /** Bytes of the private copies that go on by themselves or by an answer: what the quota of the spool is about. */
    spooledBytes(): number {
      return counted('spool')['in flight'] ?? 0;
    },
    /** Bytes of the private copies of images that are aside. */
    asideBytes(): number {
      return counted('spool')['aside'] ?? 0;
    },
    /** The private copy is gone from the spool: a target has the image. */
    pruned(sha256: string): void {
      db.prepare('UPDATE image SET spooled = 0 WHERE sha256 = ?').run(sha256);
    },
    /** A private copy was fetched back. */
    spooledAgain(sha256: string, at: string): void {
      db.prepare('UPDATE image SET spooled = 1, spooled_at = ? WHERE sha256 = ?').run(at, sha256);
    },
    /** Forwarded images whose private copy can be had back from one of these targets, longest there first. */
    prunable(cutoff: string, limit: number, targets: string[]): string[] {
      return prunable.all({ cutoff, limit, targets: JSON.stringify(targets) }) as string[];
    },
  };
}
