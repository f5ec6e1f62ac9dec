// What answers change for other images: who is to be scored again, and the commits of what came out. Never touches what a person said.

import type { Checking } from '../domain/blind-check.ts';
import type { Category } from '../domain/categories.ts';
import type { Decision } from '../domain/decision.ts';
import type { Label } from '../domain/label.ts';
import type { Scores } from '../domain/scores.ts';
import type { ImageState } from '../domain/states.ts';
import { becauseWords, type Taught } from '../domain/teaching.ts';
import type { ModelReference } from '../record/record.ts';
import { checks } from './checks.ts';
import { history } from './history.ts';
import type { Doubt } from './images.ts';
import { labels } from './labels.ts';
import type { Db } from './open.ts';
import { REALM } from './realm.ts';
import { published, revising } from './revise.ts';
import { transitions } from './transition.ts';

/** An image that is to be scored again, as it was when it was found. */
export type Stale = {
  sha256: string;
  instrument: string;
  state: ImageState;
  series: number;
  /** the private project that it belongs to */
  realm: string | undefined;
  promptVersion: number;
  supersededBy?: string;
  /** the category that it labelled itself */
  category?: Category;
  /** a person took the answer to it back, not that to a blind check or to another image which it went with: it stays with people */
  withdrawn: boolean;
};

/** `because`: its label rests on answers; `direct`: on one that is gone, or on a series or a private project that it left. */
export type Shaken = Stale & { because: boolean; direct: boolean; thresholdsVersion: number };

/** What a new score says of an image. */
export type Rescored = {
  image: Pick<Stale, 'sha256' | 'series' | 'promptVersion'>;
  scores: Scores;
  category: Category;
  score: number;
  decision: Decision;
  thresholdsVersion: number;
  model: ModelReference;
  taught?: Taught;
  lesson: number;
  label?: Label;
  /** how that label is chosen to be checked */
  checking?: Checking;
};

type Row = Omit<Stale, 'withdrawn' | 'supersededBy' | 'category' | 'realm'> & {
  realm: string | null;
  supersededBy: string | null;
  category: Category | null;
  withdrawn: 0 | 1;
};
type ShakenRow = Row & { because: 0 | 1; direct: 0 | 1; thresholdsVersion: number };

const COLUMNS = `image.sha256, image.instrument, image.state, image.series, ${REALM} AS realm, image.prompt_version AS promptVersion,
  image.superseded_by AS supersededBy, image.label_category AS category,
  EXISTS (SELECT 1 FROM label WHERE label.sha256 = image.sha256 AND label.basis = 'answer' AND withdrawn_at IS NOT NULL AND label.checked IS NULL
    AND NOT EXISTS (SELECT 1 FROM label AS led WHERE led.id = label.lead AND led.withdrawn_at = label.withdrawn_at)) AS withdrawn`;

export function rescoring(db: Db) {
  const transition = transitions(db);
  const lines = history(db);
  const { addLabel } = labels(db);
  const { chosen } = checks(db);
  const { held, revise } = revising(db);
  const newest = db.prepare('SELECT series FROM lesson WHERE position = ?').pluck();
  const open = 'image.sha256 NOT IN (SELECT value FROM json_each(@without))';
  const askedIn = db.prepare(
    `SELECT ${COLUMNS} FROM image INDEXED BY image_asked_series WHERE image.state = 'asked' AND image.series = @series
       AND image.lesson < @position AND image.instrument = @instrument AND ${open} LIMIT @limit`,
  );
  const asked = db.prepare(
    `SELECT ${COLUMNS} FROM image INDEXED BY image_lesson WHERE image.state = 'asked' AND image.instrument = @instrument
       AND image.lesson < @position AND image.series IS NOT NULL AND ${open} LIMIT @limit`,
  );
  const untaught = db.prepare(
    `SELECT ${COLUMNS} FROM image INDEXED BY image_asked_taught
     WHERE image.state = 'asked' AND image.taught IS NOT NULL AND image.instrument = @instrument AND ${open} LIMIT @limit`,
  );
  const waiting = db.prepare(
    `SELECT sha256, instrument, series, changed_at AS since FROM image WHERE state = 'asked'
       AND (acquisition IS NULL OR sha256 = (SELECT sha256 FROM image AS part INDEXED BY image_part
         WHERE part.acquisition = image.acquisition AND part.acquisition IS NOT NULL AND part.state = 'asked' ORDER BY part.changed_at LIMIT 1))
       ORDER BY changed_at LIMIT ?`,
  );
  const shown = db.prepare(
    `SELECT image.sha256, prompt_version AS promptVersion, name FROM json_each(?)
       CROSS JOIN image ON image.sha256 = json_each.value WHERE state = 'asked'`,
  );
  const automatic = db.prepare(
    `SELECT ${COLUMNS} FROM (SELECT DISTINCT series FROM lesson WHERE position > ?) AS taught
       CROSS JOIN image INDEXED BY image_automatic ON image.series = taught.series
     WHERE image.label_basis = 'auto' AND image.state IN ('labelled', 'tagged', 'forwarded') LIMIT ?`,
  );
  const ground = `image.thresholds_version AS thresholdsVersion, mine.because IS NOT NULL AS because,
    EXISTS (SELECT 1 FROM json_each(mine.because, '$.lessons') JOIN lesson AS lost ON lost.of = json_each.value)
      OR image.series IS NOT image.taught ->> '$.series' OR ${REALM} IS NOT mine.because ->> '$.realm' AS direct`;
  // all looks find nothing once what they found was scored again
  const direct = db.prepare(
    `SELECT ${COLUMNS}, ${ground} FROM lesson AS gone CROSS JOIN image INDEXED BY image_taught_in
       ON image.series = gone.series AND image.lesson >= gone.of AND image.lesson < gone.position JOIN label AS mine ON mine.id = image.label_id
     WHERE gone.of IS NOT NULL AND image.label_basis = 'auto' AND image.taught IS NOT NULL AND image.state IN ('labelled', 'tagged', 'forwarded')
       AND EXISTS (SELECT 1 FROM json_each(mine.because, '$.lessons') WHERE value = gone.of) LIMIT ?`,
  );
  const shaken = db.prepare(
    `SELECT ${COLUMNS}, ${ground} FROM lesson AS gone CROSS JOIN image INDEXED BY image_taught
       ON image.lesson >= gone.of AND image.lesson < gone.position JOIN label AS mine ON mine.id = image.label_id
     WHERE gone.of IS NOT NULL AND (gone.realm IS NULL OR gone.realm = image.taught ->> '$.realm')
       AND image.taught IS NOT NULL AND image.state IN ('labelled', 'tagged', 'forwarded') LIMIT ?`,
  );
  const moved = db.prepare(
    `SELECT ${COLUMNS}, ${ground} FROM image INDEXED BY image_moved JOIN label AS mine ON mine.id = image.label_id
     WHERE image.sha256 > '' AND image.taught IS NOT NULL AND image.series IS NOT image.taught ->> '$.series'
       AND image.state IN ('labelled', 'tagged', 'forwarded') LIMIT ?`,
  );
  const rests = db
    .prepare(
      `SELECT DISTINCT image.sha256 FROM lesson
       CROSS JOIN image INDEXED BY image_because ON image.series = lesson.series AND image.label_position >= lesson.position
       CROSS JOIN label ON label.id = image.label_id
         AND EXISTS (SELECT 1 FROM json_each(label.because, '$.lessons') WHERE value = lesson.position)
     WHERE lesson.sha256 = ? AND lesson.of IS NULL`,
    )
    .pluck();
  const passed = db.prepare('UPDATE image SET lesson = ? WHERE sha256 = ?');
  const doubtOf = db.prepare(
    `SELECT doubt ->> '$.category' AS category FROM image WHERE sha256 = ? AND series = ? AND label_basis = 'auto' AND doubt ->> '$.part' IS NULL`,
  );
  const doubted = db.prepare(`UPDATE image SET doubt = ? WHERE sha256 = ? AND label_basis = 'auto'`);
  const withdraw = db.prepare('UPDATE label SET withdrawn_at = ?, withdrawn_by = ? WHERE id = ?');
  const scored = `UPDATE image SET scores = @scores, category = @category, score = @score, decision = @decision, model = @model,
    thresholds_version = @thresholds_version, taught = @taught, lesson = @lesson`;
  const refresh = db.prepare(`${scored} WHERE sha256 = @sha256`);
  const relabel = db.prepare(
    `${scored}, doubt = NULL, blind_check = @blind_check, label_id = @label_id, prompt_version = @prompt_version, changed_at = @at WHERE sha256 = @sha256`,
  );
  const asFound = db
    .prepare('SELECT state FROM image WHERE sha256 = ? AND prompt_version = ? AND series = ?')
    .pluck();

  /** Its state, if nobody answered it, took an answer back or corrected its series since it was found. */
  const unchanged = ({ sha256, promptVersion, series }: Rescored['image']) =>
    asFound.get(sha256, promptVersion, series) as ImageState | undefined;

  return {
    /** Images of these instruments that wait for people and whose scores do not know all lessons; the series of the newest lesson first, `without` some. */
    asked(position: number, instruments: string[], without: Iterable<string>, limit: number): Stale[] {
      const given = { position, limit, without: JSON.stringify([...without]) };
      const series = newest.get(position) ?? 0;
      for (const statement of [askedIn, asked])
        for (const instrument of instruments) {
          const more = statement === askedIn ? { instrument, series } : { instrument };
          const found = statement.all({ ...given, ...more }) as Row[];
          if (found.length > 0) return found.map(toStale);
        }
      return [];
    },
    /** Waiting images of instruments that are not taught any more, whose scores still know answers, `without` some. */
    untaught(instruments: string[], without: Iterable<string>, limit: number): Stale[] {
      const given = { limit, without: JSON.stringify([...without]) };
      return instruments.flatMap((instrument) =>
        (untaught.all({ ...given, instrument }) as Row[]).map(toStale),
      );
    },
    /** Images that wait for people, and since when; longest first. Of one acquisition the part that waits longest. */
    waiting: (
      limit: number,
    ): { sha256: string; instrument: string; series: number | undefined; since: string }[] =>
      (
        waiting.all(limit) as { sha256: string; instrument: string; series: number | null; since: string }[]
      ).map((row) => ({ ...row, series: row.series ?? undefined })),
    /** Those of them that wait, as they are shown beside a question; in their order. */
    stillWaiting: (sha256s: string[]): { sha256: string; promptVersion: number; name: string }[] =>
      shown.all(JSON.stringify(sha256s)) as { sha256: string; promptVersion: number; name: string }[],
    /** Labelled by themselves, in a series that people taught after `handled`. */
    automatic: (handled: number, limit: number): Stale[] =>
      (automatic.all(handled, limit) as Row[]).map(toStale),
    /** Labelled images whose label rests on an answer in their series that is gone, or whose scores know a series that they are not in any more. */
    fallen: (limit: number): Shaken[] => toShaken([...direct.all(limit), ...moved.all(limit)] as ShakenRow[]),
    /** Labelled images whose scores know a lesson that was unlearned, those of `fallen` among them: all that were scored since it was learned. */
    shaken: (limit: number): Shaken[] => toShaken(shaken.all(limit) as ShakenRow[]),
    /** Images whose label in force rests on the answer to this one, which was in their series. */
    restingOn: (sha256: string): string[] => rests.all(sha256) as string[],

    /** They have no bottlenecks to be scored with: they are not looked at again before the next lesson. */
    passOver(sha256s: string[], position: number): void {
      db.transaction(() => {
        for (const sha256 of sha256s) passed.run(position, sha256);
      }).immediate();
    },

    /** New scores of images that wait; those with a label go on. What changed meanwhile is left for the next round. One transaction. */
    rescored(all: Rescored[], at: string): void {
      db.transaction(() => {
        for (const one of all) {
          const { image, label } = one;
          if (unchanged(image) !== 'asked') continue;
          const { sha256, series, promptVersion } = image;
          refresh.run({ ...columnsOf(one), sha256 });
          if (!label) continue;
          transition({
            subject: 'image',
            key: sha256,
            to: 'labelled',
            at,
            who: label.by,
            what: `${one.category} ${one.score.toFixed(3)}: labelled by itself ${label.because ? becauseWords(label.because) : ''}`,
            detail: label,
            set: {
              label_id: addLabel(sha256, label),
              prompt_version: promptVersion + 1,
              doubt: null,
              blind_check: chosen(sha256, series, label, one.checking),
            },
          });
        }
      }).immediate();
    },

    /** Taught scores of an image in this series that speak against its automatic label, or do so no more. The label stays: a person decides. */
    doubt(found: { sha256: string; series: number; doubt: Doubt | undefined }[]): void {
      db.transaction(() => {
        for (const { sha256, series, doubt } of found) {
          const before = doubtOf.get(sha256, series) as { category: Category | null } | undefined;
          if (!before || (before.category === null && !doubt)) continue;
          doubted.run(doubt ? JSON.stringify(doubt) : null, sha256);
          if (!doubt || doubt.category === before.category) continue;
          const what = `Answers in its series speak for ${doubt.category} ${doubt.score.toFixed(3)}`;
          lines.add({ at: doubt.at, subject: 'image', key: sha256, who: 'semtag', what });
        }
      }).immediate();
    },

    /**
     * Labelled images whose scores knew an answer that was taken back. With `rebase` the label rested on it: with a new label the image keeps
     * one, on what is left to rest on; without, it is asked again. What was tagged gets its next revision. Labels that a person gave or changed
     * meanwhile stay; without `rebase` only the scores are new.
     */
    rebase(all: (Rescored & { rebase: boolean })[], at: string): void {
      db.transaction(() => {
        for (const one of all) {
          const { image, label, rebase } = one;
          const state = unchanged(image);
          if (!state || !(state === 'labelled' || published(state))) continue;
          const { sha256 } = image;
          if (!rebase) {
            refresh.run({ ...columnsOf(one), sha256 });
            continue;
          }
          const cause = 'an answer that its label rested on was taken back or corrected';
          const before = held(sha256);
          if (published(state)) revise(sha256, cause, 'semtag', at);
          withdraw.run(at, 'semtag', before.label_id);
          // a check of the label that falls is void
          const blind_check = chosen(sha256, image.series, label, one.checking);
          const set = { ...columnsOf(one), blind_check, prompt_version: before.prompt_version + 1 };
          const label_id = label ? addLabel(sha256, label) : null;
          const word = label?.category === before.category ? 'Still' : 'Now';
          const what = label ? `${word} ${label.category ?? label.kind}: ${cause}` : `Asked again: ${cause}`;
          const line = { at, subject: 'image', key: sha256, who: 'semtag', what } as const;
          if (label) {
            relabel.run({ ...set, label_id, sha256, at });
            lines.add({ ...line, detail: label });
          } else transition({ ...line, to: 'asked', set: { ...set, label_id, doubt: null } });
        }
      }).immediate();
    },
  };
}

/** Each once: it can know several lessons that are gone. */
function toShaken(rows: ShakenRow[]): Shaken[] {
  const once = new Map(rows.map((row) => [row.sha256, row]));
  return [...once.values()].map(({ because, direct, thresholdsVersion, ...row }) => ({
    ...toStale(row),
    thresholdsVersion,
    because: because === 1,
    direct: direct === 1,
  }));
}

function toStale({ supersededBy, category, withdrawn, realm, ...row }: Row): Stale {
  return {
    ...row,
    realm: realm ?? undefined,
    withdrawn: withdrawn === 1,
    ...(supersededBy === null ? {} : { supersededBy }),
    ...(category === null ? {} : { category }),
  };
}

function columnsOf(one: Rescored) {
  return {
    scores: JSON.stringify(one.scores),
    category: one.category,
    score: one.score,
    decision: one.decision,
    model: JSON.stringify(one.model),
    thresholds_version: one.thresholdsVersion,
    taught: one.taught ? JSON.stringify(one.taught) : null,
    lesson: one.lesson,
  };
}
