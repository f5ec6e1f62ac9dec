// What is left when the answer to a blind check is taken back: the automatic label that was there before, with its check, if it still holds. Never asks anybody: where it does not hold the caller does.

import type { Category } from '../domain/categories.ts';
import { history } from './history.ts';
import type { Db } from './open.ts';
import { REALM } from './realm.ts';

/** Returns a function that joins the caller's transaction. False, and nothing is done, where the label in force answers no check or what was checked does not hold any more. */
export function checkUndo(db: Db): (sha256: string, who: string, at: string) => boolean {
  const lines = history(db);
  // scores as they were when it was labelled: what shook it since is found as with any automatic label. Others must still say it, on answers that are still there
  const before = db.prepare(
    `SELECT mine.id, mine.category FROM image JOIN label AS mine ON mine.id = image.label_checked
     WHERE image.sha256 = ? AND image.blind_check IS NOT NULL AND (mine.because IS NULL OR image.lesson = mine.position
       OR (image.decision = 'auto' AND image.category = mine.category AND image.series = coalesce(mine.because ->> '$.series', image.series)
         AND mine.because ->> '$.realm' IS ${REALM}
         AND NOT EXISTS (SELECT 1 FROM json_each(mine.because, '$.lessons') JOIN lesson AS gone ON gone.of = json_each.value)))`,
  );
  // a revision that never left was made for the answer
  const again = db.prepare(
    `UPDATE image SET label_id = ?, prompt_version = prompt_version + 1, changed_at = ?,
       cause = iif(cause = 'relabelled', 'answer taken back', cause) WHERE sha256 = ?`,
  );

  return (sha256, who, at) => {
    const label = before.get(sha256) as { id: number; category: Category } | undefined;
    if (!label) return false;
    again.run(label.id, at, sha256);
    const what = `The answer to the blind check was taken back: labelled ${label.category} by itself, as before`;
    lines.add({ at, subject: 'image', key: sha256, who, what });
    return true;
  };
}
