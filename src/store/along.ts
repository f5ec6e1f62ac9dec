// What hangs on an answer, for those who want to know before they change it: images that got it too, parts that would, labels that rest on it. Reads only.

import type { Answer } from '../domain/label.ts';
import type { Db } from './open.ts';
import { stale } from './stale.ts';
import { together } from './together.ts';

export type Hanging = {
  /** images that have the answer to this one too: they follow when it is corrected or taken back */
  given: string[];
  /** images whose automatic label rests on it */
  resting: string[];
};

export function along(db: Db) {
  const { led, wouldFollow } = together(db);
  const { restingOn } = stale(db);
  const others = db
    .prepare(
      `SELECT name FROM image INDEXED BY image_part
       WHERE state = 'asked' AND acquisition IS NOT NULL AND acquisition = (SELECT acquisition FROM image WHERE sha256 = @sha256)
         AND sha256 <> @sha256 ORDER BY changed_at LIMIT @limit`,
    )
    .pluck();
  const labelOf = db.prepare('SELECT label_id FROM image WHERE sha256 = ?').pluck();

  return {
    /** What hangs on the answer to this image now. */
    hanging(sha256: string): Hanging {
      const label = labelOf.get(sha256) as number | null;
      return { given: label === null ? [] : led(label), resting: restingOn(sha256) };
    },

    /** Names of other parts of its acquisition that wait for an answer, the longest first. */
    otherParts: (sha256: string, limit: number): string[] => others.all({ sha256, limit }) as string[],

    /** Parts of the same acquisition that would get this answer too. */
    parts: (sha256: string, kind: Answer['kind']): string[] => wouldFollow(sha256, kind),
  };
}
