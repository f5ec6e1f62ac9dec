// Whose name stands under answers, and answers that were given under a wrong one. What was said stays as it is; the name alone changes, and whom the config trusts decides what teaches.

import type { Sight } from '../domain/access.ts';
import type { Category } from '../domain/categories.ts';
import type { LabelKind } from '../domain/label.ts';
import type { Scores } from '../domain/scores.ts';
import { lessonWeight } from '../domain/teaching.ts';
import { history } from './history.ts';
import { lessons } from './lessons.ts';
import type { Db } from './open.ts';
import { published, revising } from './revise.ts';
import { SEEN, sightValues } from './sight.ts';

export type Given = { sha256: string; name: string; at: string; kind: LabelKind; category?: Category };

/** `teaches`: whether answers under the right name may teach. */
export type NameCorrection = { sha256s: string[]; from: string; to: string; teaches: boolean };

/** As one correction takes. */
export const MOST_NAMED = 1000;

type Label = {
  id: number;
  category: Category | null;
  teaches: 0 | 1;
  /** it taught something when it was given */
  taught: 0 | 1;
  series: number | null;
  scores: string | null;
};

export function names(db: Db) {
  const { held, revise } = revising(db);
  const lines = history(db);
  const log = lessons(db);
  const given = db.prepare(
    `SELECT image.sha256, image.name, label.at, label.kind, label.category FROM label INDEXED BY label_basis
       CROSS JOIN image ON image.sha256 = label.sha256 AND image.label_id = label.id
     WHERE label.basis = 'answer' AND label.at >= @since AND label.at < @until AND label.by = @name
       AND (@instrument IS NULL OR image.instrument = @instrument) AND ${SEEN} ORDER BY label.at DESC LIMIT ${MOST_NAMED}`,
  );
  const seen = db.prepare(`SELECT 1 FROM image WHERE sha256 = @sha256 AND ${SEEN}`).pluck();
  const named = db.prepare(
    `SELECT label.id, label.category, label.teaches, image.series, image.scores,
       EXISTS (SELECT 1 FROM lesson WHERE lesson.sha256 = image.sha256 AND lesson.label_id = label.id) AS taught
     FROM image JOIN label ON label.id = image.label_id WHERE image.sha256 = ? AND label.basis = 'answer' AND label.by = ?`,
  );
  const rename = db.prepare('UPDATE label SET by = ?, teaches = ? WHERE id = ?');
  // for the trigger: a tagged copy that is being made carries the old name
  const sameLabel = db.prepare('UPDATE image SET label_id = label_id WHERE sha256 = ?');

  /** Whom the config does not trust teaches nothing; what taught before a correction teaches again once it is made good. */
  function teach(sha256: string, label: Label, teaches: boolean, at: string): 0 | 1 {
    if (!teaches) {
      log.unlearn(sha256, at);
      return 0;
    }
    if (label.teaches === 1 || label.taught === 0) return label.teaches;
    const { id, category, series, scores } = label;
    if (category !== null && series !== null && scores !== null)
      log.learn({ label: id, sha256, series, category, weight: lessonWeight((JSON.parse(scores) as Scores)[category]), at }); // prettier-ignore
    return 1;
  }

  return {
    /** Answers in force under this name, newest first; times are UTC, ISO 8601. */
    given(name: string, span: { since: string; until: string; instrument?: string }, sight: Sight): Given[] {
      const values = { name, instrument: null, ...span, ...sightValues(sight) };
      return (given.all(values) as (Omit<Given, 'category'> & { category: Category | null })[]).map(
        ({ category, ...rest }) => ({ ...rest, ...(category === null ? {} : { category }) }),
      );
    },

    /**
     * The answers in force of these images, given under `from`, are `to`'s from now on; returns those that changed. What is answered otherwise
     * meanwhile, or not seen, stays as it is: doing it twice changes nothing, and the same with the names exchanged takes it back.
     */
    correct({ sha256s, from, to, teaches }: NameCorrection, sight: Sight, who: string, at: string): string[] {
      return db
        .transaction(() =>
          [...new Set(sha256s)].filter((sha256) => {
            const label = named.get(sha256, from) as Label | undefined;
            if (!label || seen.get({ sha256, ...sightValues(sight) }) === undefined) return false;
            const { state } = held(sha256);
            if (published(state)) revise(sha256, 'the name under its answer was corrected', who, at);
            rename.run(to, teach(sha256, label, teaches, at), label.id);
            sameLabel.run(sha256);
            const what = `The answer was ${to}'s; it was given under the name ${from}`;
            lines.add({ at, subject: 'image', key: sha256, who, what });
            return true;
          }),
        )
        .immediate();
    },
  };
}
