// What answers change for other images: who is to be scored again, and the commits of what came out. Never touches what a person said.

import type { Category } from '../domain/categories.ts';
import type { Decision } from '../domain/decision.ts';
import type { Label } from '../domain/label.ts';
import type { Scores } from '../domain/scores.ts';
import type { ImageState } from '../domain/states.ts';
import { becauseWords, type Taught } from '../domain/teaching.ts';
import { history } from './history.ts';
import type { Doubt } from './images.ts';
import { labels } from './labels.ts';
import type { Db } from './open.ts';
import { published, revising } from './revise.ts';
import { transitions } from './transition.ts';

/** An image that is to be scored again. */
export type Stale = {
  sha256: string;
  instrument: string;
  state: ImageState;
  series: number;
  supersededBy?: string;
  /** the category that it labelled itself */
  category?: Category;
  /** a person took an answer back: it stays with people */
  withdrawn: boolean;
  labelId?: number;
};

/** `because`: its label rests on answers; `direct`: on one of its own series that is gone. */
export type Shaken = Stale & { because: boolean; direct: boolean };

/** What a new score says of an image. */
export type Rescored = {
  sha256: string;
  scores: Scores;
  category: Category;
  score: number;
  decision: Decision;
  thresholdsVersion: number;
  taught?: Taught;
  lesson: number;
  label?: Label;
};

type Row = Omit<Stale, 'withdrawn' | 'supersededBy' | 'category' | 'labelId'> & {
  supersededBy: string | null;
  category: Category | null;
  withdrawn: 0 | 1;
  labelId: number | null;
};

const COLUMNS = `image.sha256, image.instrument, image.state, image.series, image.superseded_by AS supersededBy,
  image.label_category AS category, image.label_id AS labelId,
  EXISTS (SELECT 1 FROM label WHERE label.sha256 = image.sha256 AND label.basis = 'answer' AND withdrawn_at IS NOT NULL) AS withdrawn`;

export function rescoring(db: Db) {
  const transition = transitions(db);
  const lines = history(db);
  const { addLabel } = labels(db);
  const { held, revise } = revising(db);
  const newest = db.prepare('SELECT series FROM lesson WHERE position = ?').pluck();
  const stale = `image.state = 'asked' AND image.lesson < @position AND image.instrument IN (SELECT value FROM json_each(@instruments))
       AND image.sha256 NOT IN (SELECT value FROM json_each(@without))`;
  const askedIn = db.prepare(
    `SELECT ${COLUMNS} FROM image WHERE image.series = @series AND ${stale} ORDER BY image.settled_at, image.sha256 LIMIT @limit`,
  );
  const asked = db.prepare(
    `SELECT ${COLUMNS} FROM image INDEXED BY image_lesson WHERE image.series IS NOT NULL AND ${stale} ORDER BY image.lesson LIMIT @limit`,
  );
  const waiting = db.prepare(
    `SELECT sha256, series, changed_at AS since FROM image WHERE state = 'asked' ORDER BY changed_at LIMIT ?`,
  );
  const automatic = db.prepare(
    `SELECT ${COLUMNS} FROM image WHERE image.label_basis = 'auto' AND image.state IN ('labelled', 'tagged', 'forwarded')
       AND image.series IN (SELECT series FROM lesson WHERE position > ?) ORDER BY image.settled_at DESC, image.sha256 LIMIT ?`,
  );
  const shaken = db.prepare(
    `SELECT ${COLUMNS}, mine.because IS NOT NULL AS because,
       max(EXISTS (SELECT 1 FROM json_each(mine.because, '$.lessons') WHERE value = gone.of)) AS direct
     FROM lesson AS gone JOIN image ON image.taught IS NOT NULL AND image.lesson >= gone.of AND image.lesson < gone.position
       JOIN label AS mine ON mine.id = image.label_id
     WHERE gone.position > ? AND image.state IN ('labelled', 'tagged', 'forwarded') GROUP BY image.sha256`,
  );
  const rests = db
    .prepare(
      `SELECT image.sha256 FROM lesson JOIN label ON label.position >= lesson.position
       AND EXISTS (SELECT 1 FROM json_each(label.because, '$.lessons') WHERE value = lesson.position) JOIN image ON image.label_id = label.id
     WHERE lesson.sha256 = ? AND lesson.of IS NULL ORDER BY image.settled_at, image.sha256`,
    )
    .pluck();
  const doubted = db.prepare('UPDATE image SET doubt = ? WHERE sha256 = ?');
  const withdraw = db.prepare('UPDATE label SET withdrawn_at = ?, withdrawn_by = ? WHERE id = ?');
  const scored = `UPDATE image SET scores = @scores, category = @category, score = @score, decision = @decision,
    thresholds_version = @thresholds_version, taught = @taught, lesson = @lesson`;
  const refresh = db.prepare(`${scored} WHERE sha256 = @sha256`);
  const refreshAsked = db.prepare(`${scored} WHERE sha256 = @sha256 AND state = 'asked'`);
  const relabel = db.prepare(
    `${scored}, label_id = @label_id, prompt_version = @prompt_version, changed_at = @at WHERE sha256 = @sha256`,
  );

  return {
    /** Images that wait for people and whose scores do not know all lessons; the series of the newest lesson first. Of these instruments, `without` some. */
    asked: (position: number, instruments: string[], without: Iterable<string>, limit: number): Stale[] => {
      const given = {
        position,
        limit,
        instruments: JSON.stringify(instruments),
        without: JSON.stringify([...without]),
      };
      const own = askedIn.all({ ...given, series: newest.get(position) ?? 0 }) as Row[];
      return (own.length > 0 ? own : (asked.all(given) as Row[])).map(toStale);
    },
    /** Images that wait for people, and since when; longest first. */
    waiting: (limit: number): { sha256: string; series: number | undefined; since: string }[] =>
      (waiting.all(limit) as { sha256: string; series: number | null; since: string }[]).map((row) => ({
        ...row,
        series: row.series ?? undefined,
      })),
    /** Labelled by themselves, in a series that people taught after `handled`; the newest ones. */
    automatic: (handled: number, limit: number): Stale[] =>
      (automatic.all(handled, limit) as Row[]).map(toStale),
    /** Labelled images whose scores know a lesson that was unlearned after `handled`. */
    shaken: (handled: number): Shaken[] =>
      (shaken.all(handled) as (Row & { because: 0 | 1; direct: 0 | 1 })[]).map(
        ({ because, direct, ...row }) => ({
          ...toStale(row),
          because: because === 1,
          direct: direct === 1,
        }),
      ),
    /** Images whose label in force rests on the answer to this one, which was in their series. */
    restingOn: (sha256: string): string[] => rests.all(sha256) as string[],

    /** New scores of images that wait; those with a label go on. One transaction. */
    rescored(all: Rescored[], at: string): void {
      db.transaction(() => {
        for (const one of all) {
          const { sha256, label } = one;
          const set = columnsOf(one);
          if (refreshAsked.run({ ...set, sha256 }).changes === 0 || !label) continue; // answered meanwhile
          const { prompt_version } = held(sha256);
          transition({
            subject: 'image',
            key: sha256,
            to: 'labelled',
            at,
            who: label.by,
            what: `${one.category} ${one.score.toFixed(3)}: labelled by itself ${label.because ? becauseWords(label.because) : ''}`,
            detail: label,
            set: { label_id: addLabel(sha256, label), prompt_version: prompt_version + 1 },
          });
        }
      }).immediate();
    },

    /** Taught scores that speak against an automatic label, or do so no more. The label stays: a person decides. */
    doubt(found: { sha256: string; doubt: Doubt | undefined }[]): void {
      db.transaction(() => {
        for (const { sha256, doubt } of found) {
          doubted.run(doubt ? JSON.stringify(doubt) : null, sha256);
          if (!doubt) continue;
          const what = `Answers in its series speak for ${doubt.category} ${doubt.score.toFixed(3)}`;
          lines.add({ at: doubt.at, subject: 'image', key: sha256, who: 'semtag', what });
        }
      }).immediate();
    },

    /**
     * Labels that rested on an answer that was taken back. With a new label the image keeps one, on what is left to rest on; without, it is
     * asked again. What was tagged gets its next revision. Labels that a person gave or changed meanwhile stay. Without `labelId` only the
     * scores are new.
     */
    rebase(all: (Rescored & { labelId?: number })[], at: string): void {
      db.transaction(() => {
        for (const one of all) {
          const { sha256, label, labelId } = one;
          if (labelId === undefined) {
            refresh.run({ ...columnsOf(one), sha256 });
            continue;
          }
          const image = held(sha256);
          if (image.label_id !== labelId || !(image.state === 'labelled' || published(image.state))) continue;
          const cause = 'an answer that its label rested on was taken back';
          if (published(image.state)) revise(sha256, cause, 'semtag', at);
          withdraw.run(at, 'semtag', labelId);
          const set = { ...columnsOf(one), prompt_version: image.prompt_version + 1 };
          const label_id = label ? addLabel(sha256, label) : null;
          const to = label ? 'labelled' : 'asked';
          const what = label ? `Still ${label.category}: ${cause}` : `Asked again: ${cause}`;
          if (to === 'asked')
            transition({
              subject: 'image',
              key: sha256,
              to,
              at,
              who: 'semtag',
              what,
              set: { ...set, label_id },
            });
          else {
            relabel.run({ ...set, label_id, sha256, at });
            lines.add({ at, subject: 'image', key: sha256, who: 'semtag', what, detail: label });
          }
        }
      }).immediate();
    },
  };
}

function toStale({ supersededBy, category, labelId, withdrawn, ...row }: Row): Stale {
  return {
    ...row,
    withdrawn: withdrawn === 1,
    ...(supersededBy === null ? {} : { supersededBy }),
    ...(category === null ? {} : { category }),
    ...(labelId === null ? {} : { labelId }),
  };
}

function columnsOf(one: Rescored) {
  return {
    scores: JSON.stringify(one.scores),
    category: one.category,
    score: one.score,
    decision: one.decision,
    thresholds_version: one.thresholdsVersion,
    taught: one.taught ? JSON.stringify(one.taught) : null,
    lesson: one.lesson,
  };
}
