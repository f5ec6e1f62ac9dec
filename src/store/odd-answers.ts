// Answers in force that teach, and those among them that need a look. Asked for on demand; one that somebody said a second time is settled.

import type { Sight } from '../domain/access.ts';
import type { Category } from '../domain/categories.ts';
import type { Tally } from '../domain/odd-answers.ts';
import type { Db } from './open.ts';
import { SEEN, seesAll, sightValues } from './sight.ts';

/** An answer in force. `lesson`: its place in the log. */
export type Unsettled = { lesson: number; sha256: string; by: string; category: Category; weight: number };

const IN_FORCE = `lesson.of IS NULL AND NOT EXISTS (SELECT 1 FROM lesson AS gone WHERE gone.of = lesson.position)`;

export function oddAnswers(db: Db) {
  const people = db.prepare(
    `SELECT label.by, count(*) AS answers FROM lesson JOIN label ON label.id = lesson.label_id WHERE ${IN_FORCE} GROUP BY label.by`,
  );
  const peopleSeen = db.prepare(
    `SELECT label.by, count(*) AS answers FROM lesson JOIN label ON label.id = lesson.label_id JOIN image ON image.sha256 = lesson.sha256
     WHERE ${IN_FORCE} AND ${SEEN} GROUP BY label.by`,
  );
  // said again: an earlier answer of the same category that nobody took back
  const unsettled = db.prepare(
    `SELECT lesson.position AS lesson, lesson.sha256, label.by, lesson.category, lesson.weight
     FROM lesson JOIN label ON label.id = lesson.label_id
     WHERE ${IN_FORCE} AND (lesson.weight < 1 OR lesson.position IN (SELECT value FROM json_each(?)))
       AND NOT EXISTS (SELECT 1 FROM label AS before WHERE before.sha256 = label.sha256 AND before.id < label.id
         AND before.basis = 'answer' AND before.category = label.category AND before.withdrawn_at IS NULL)
     ORDER BY lesson.position DESC`,
  );
  return {
    /** How many answers in force, to images that are seen, teach, of each person. */
    people: (sight: Sight) =>
      (seesAll(sight) ? people.all() : peopleSeen.all(sightValues(sight))) as Omit<Tally, 'odd'>[],

    /** Those that were given against the score, and those at `places` in the log; the newest first. */
    unsettled: (places: number[]) => unsettled.all(JSON.stringify(places)) as Unsettled[],
  };
}
