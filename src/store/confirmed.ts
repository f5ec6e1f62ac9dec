// The confirmed history, read off image by image: whatever changed since a number. Writes nothing; a trigger in the schema counts.

import type { Sight } from '../domain/access.ts';
import type { BlindCheck } from '../domain/blind-check.ts';
import { CATEGORIES, type Category } from '../domain/categories.ts';
import type { Confirmed, Stratum } from '../domain/confirmed.ts';
import type { LabelBasis, LabelKind } from '../domain/label.ts';
import type { Scores } from '../domain/scores.ts';
import type { Db } from './open.ts';
import { SEEN, sightValues } from './sight.ts';
import { WITHDRAWN } from './stale.ts';

/** `now`: undefined where it is part of the history no more. */
export type ConfirmedChange = { number: number; sha256: string; now: Confirmed | undefined };

type Row = {
  number: number;
  sha256: string;
  scores: string | null;
  series: number | null;
  project: string | null;
  instrument: string;
  version: number | null;
  head: string | null;
  blindCheck: string | null;
  basis: LabelBasis | null;
  kind: LabelKind | null;
  category: Category | null;
  lead: number | null;
  checked: number | null;
  byItself: 0 | 1;
};

export type Waiting = { sha256: string; instrument: string; category: Category; score: number };

export function confirmed(db: Db) {
  // an automatic label that fell by itself was asked about afterwards, as any other
  const after = db.prepare(
    `SELECT number, confirmed.sha256, scores, series, project, instrument, thresholds_version AS version, head, blind_check AS blindCheck,
       label.basis, label.kind, label.category, label.lead, label.checked,
       EXISTS (SELECT 1 FROM label AS own WHERE own.sha256 = confirmed.sha256 AND own.basis <> 'answer' AND own.withdrawn_at IS NULL) AS byItself
     FROM confirmed LEFT JOIN label ON label.id = confirmed.label_id
     WHERE number > ? ORDER BY number LIMIT ?`,
  );
  const newest = db
    .prepare('SELECT number FROM confirmed WHERE number > 0 ORDER BY number DESC LIMIT 1')
    .pluck();
  const automatic = db.prepare(`SELECT 1 FROM image WHERE label_basis = 'auto' LIMIT 1`).pluck();
  const waiting = db.prepare(
    `SELECT image.sha256, image.instrument, image.category, image.score FROM image INDEXED BY image_asked_score
     WHERE image.state = 'asked' AND image.instrument >= '' AND image.score IS NOT NULL AND ${SEEN}`,
  );
  const withdrawn = db
    .prepare(
      `SELECT count(*) FROM json_each(?) CROSS JOIN image ON image.sha256 = json_each.value WHERE ${WITHDRAWN}`,
    ) // prettier-ignore
    .pluck();
  return {
    /** What changed behind this number, in its order; the number of the last one goes on from there. */
    after: (number: number, limit: number): ConfirmedChange[] =>
      (after.all(number, limit) as Row[]).map(toChange),
    /** 0 where nobody has answered yet. */
    newest: (): number => (newest.get() as number | undefined) ?? 0,
    /** Whether any image labelled itself. */
    automatic: (): boolean => automatic.get() !== undefined,
    /** Images that wait for people, as they were scored last. */
    waiting: (sight: Sight): Waiting[] => waiting.all(sightValues(sight)) as Waiting[],
    /** How many of these stay with people, since somebody took the answer back. */
    withdrawn: (sha256s: string[]): number => withdrawn.get(JSON.stringify(sha256s)) as number,
  };
}

export type ConfirmedStore = ReturnType<typeof confirmed>;

/** What was answered along with another image nobody looked at for itself; what was never scored was not routed. */
function toChange(row: Row): ConfirmedChange {
  const { number, sha256, scores, basis, kind, lead } = row;
  if (basis !== 'answer' || scores === null || lead !== null) return { number, sha256, now: undefined };
  const { top, score, second } = firstTwo(JSON.parse(scores) as Scores);
  const truth = row.category ?? (kind === 'none_of_these' ? null : undefined);
  const now: Confirmed = {
    top,
    score,
    second,
    truth,
    ...standsFor(row),
    series: row.series ?? undefined,
    project: row.project ?? undefined,
    instrument: row.instrument,
    version: row.version ?? 0,
    head: row.head ?? '',
  };
  return { number, sha256, now };
}

function standsFor({ checked, blindCheck, byItself }: Row): { stratum: Stratum; weight: number } {
  if (checked !== null && blindCheck !== null) {
    const { share, rate } = JSON.parse(blindCheck) as BlindCheck;
    return share && rate ? { stratum: 'drawn', weight: 1 / rate } : { stratum: 'otherwise', weight: 0 };
  }
  return byItself ? { stratum: 'otherwise', weight: 0 } : { stratum: 'asked', weight: 1 };
}

/** As `ranked` gives them: of equal scores the earlier category. Without sorting: there are many. */
function firstTwo(scores: Scores): { top: Category; score: number; second: Category } {
  let [top, second]: [Category, Category] = [CATEGORIES[0], CATEGORIES[1]];
  if (scores[second] > scores[top]) [top, second] = [second, top];
  let [first, next] = [scores[top], scores[second]];
  for (let k = 2; k < CATEGORIES.length; k++) {
    const category = CATEGORIES[k]!;
    const score = scores[category];
    if (score > first) [second, next, top, first] = [top, first, category, score];
    else if (score > next) [second, next] = [category, score];
  }
  return { top, score: first, second };
}
