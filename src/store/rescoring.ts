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

export type Shaken = Stale & {
  /** its label rests on answers */
  because: boolean;
  /** on one that is gone or was left behind in another series, or on a private project that it left */
  direct: boolean;
  /** the answers that it rests on went with it, or were given once more: so they are to be named now */
  onto?: Taught;
  /** a person said what it is */
  answered: boolean;
  thresholdsVersion: number;
};

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
  /** the label in force names its answers so from now on */
  onto?: Taught;
  /** how that label is chosen to be checked */
  checking?: Checking;
};

type Row = Omit<Stale, 'withdrawn' | 'supersededBy' | 'category' | 'realm'> & {
  realm: string | null;
  supersededBy: string | null;
  category: Category | null;
  withdrawn: 0 | 1;
};
type ShakenRow = Row & {
  because: string | null;
  standing: string | null;
  realmLeft: 0 | 1;
  answered: 0 | 1;
  thresholdsVersion: number;
};

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
       AND image.lesson BETWEEN 0 AND @position - 1 AND image.instrument = @instrument AND ${open} LIMIT @limit`,
  );
  const asked = db.prepare(
    `SELECT ${COLUMNS} FROM image INDEXED BY image_lesson WHERE image.state = 'asked' AND image.instrument = @instrument
       AND image.lesson BETWEEN 0 AND @position - 1 AND image.series IS NOT NULL AND ${open} LIMIT @limit`,
  );
  const untaught = db.prepare(
    `SELECT ${COLUMNS} FROM image INDEXED BY image_asked_taught
     WHERE image.state = 'asked' AND image.taught IS NOT NULL AND image.instrument = @instrument AND image.lesson >= 0 AND ${open} LIMIT @limit`,
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
  const taughtSeries = db.prepare('SELECT series FROM lesson WHERE position > ? AND position <= ?').pluck();
  const automatic = db.prepare(
    `SELECT ${COLUMNS} FROM image INDEXED BY image_automatic
     WHERE image.label_basis = 'auto' AND image.series = ? AND image.sha256 > ? AND image.state IN ('labelled', 'tagged', 'forwarded')
     ORDER BY image.sha256 LIMIT ?`,
  );
  const judgedTo = db.prepare(`SELECT value FROM meta WHERE key = 'judged'`).pluck();
  const judge = db.prepare(
    `INSERT INTO meta (key, value) VALUES ('judged', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
  );
  // the named answers that are in force and with it: the same image, the same category, its series; NULL where nothing happened to them
  const ground = `image.thresholds_version AS thresholdsVersion, image.label_basis IS 'answer' AS answered, mine.because,
    ${REALM} IS NOT mine.because ->> '$.realm' AS realmLeft,
    CASE WHEN EXISTS (SELECT 1 FROM json_each(mine.because, '$.lessons') JOIN lesson AS lost ON lost.of = json_each.value)
        OR image.series IS NOT image.taught ->> '$.series' THEN
    (SELECT json_group_array(now.position) FROM json_each(mine.because, '$.lessons') CROSS JOIN lesson AS named ON named.position = json_each.value
       CROSS JOIN lesson AS now ON now.sha256 = named.sha256 AND now.of IS NULL AND now.category = named.category AND now.series = image.series
         AND NOT EXISTS (SELECT 1 FROM lesson AS gone WHERE gone.of = now.position)) END AS standing`;
  // all looks find nothing once what they found was scored again, or rests
  const direct = (known: string) =>
    db.prepare(
      `SELECT ${COLUMNS}, ${ground} FROM lesson AS gone CROSS JOIN image INDEXED BY image_taught_in
         ON image.series = gone.series AND ${known} JOIN label AS mine ON mine.id = image.label_id
       WHERE gone.of IS NOT NULL AND image.label_basis = 'auto' AND image.taught IS NOT NULL AND image.state IN ('labelled', 'tagged', 'forwarded')
         AND EXISTS (SELECT 1 FROM json_each(mine.because, '$.lessons') WHERE value = gone.of) LIMIT ?`,
    );
  const directs = [
    direct('image.lesson >= gone.of AND image.lesson < gone.position'),
    direct('image.lesson = -1'),
  ];
  const taughtOnes = `image.taught IS NOT NULL AND image.label_basis IS NOT 'answer' AND image.state IN ('labelled', 'tagged', 'forwarded')`;
  const shaken = db.prepare(
    `SELECT ${COLUMNS}, ${ground} FROM lesson AS gone CROSS JOIN image INDEXED BY image_taught
       ON image.lesson >= gone.of AND image.lesson < gone.position JOIN label AS mine ON mine.id = image.label_id
     WHERE gone.of IS NOT NULL AND (gone.realm IS NULL OR gone.realm = image.taught ->> '$.realm') AND ${taughtOnes} LIMIT ?`,
  );
  const roused = db.prepare(
    `SELECT ${COLUMNS}, ${ground} FROM image INDEXED BY image_taught JOIN label AS mine ON mine.id = image.label_id
     WHERE image.lesson = 0 AND ${taughtOnes} LIMIT ?`,
  );
  const moved = db.prepare(
    `SELECT ${COLUMNS}, ${ground} FROM image INDEXED BY image_moved JOIN label AS mine ON mine.id = image.label_id
     WHERE image.sha256 > '' AND image.taught IS NOT NULL AND image.lesson >= 0 AND image.series IS NOT image.taught ->> '$.series'
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
  const rest = db.prepare('UPDATE image SET lesson = -1 WHERE sha256 = ?');
  const rouse = [
    db.prepare('UPDATE image INDEXED BY image_resting SET lesson = 0 WHERE lesson = -1'),
    db.prepare(
      `UPDATE image INDEXED BY image_without SET lesson = 0 WHERE taught ->> '$.without' IS NOT NULL`,
    ),
  ];
  const unknowing = db.prepare(`UPDATE image SET lesson = 0 WHERE state = 'asked'`);
  const restOn = db.prepare(
    'UPDATE label SET because = ? WHERE id = (SELECT label_id FROM image WHERE sha256 = ?)',
  );
  // for the trigger: the place in the log that it rests on is another one
  const sameLabel = db.prepare('UPDATE image SET label_id = label_id WHERE sha256 = ?');
  const doubtOf = db.prepare(
    `SELECT doubt ->> '$.category' AS category FROM image WHERE sha256 = ? AND series = ? AND label_basis = 'auto' AND doubt ->> '$.part' IS NULL`,
  );
  const doubted = db.prepare(`UPDATE image SET doubt = ? WHERE sha256 = ? AND label_basis = 'auto'`);
  const withdraw = db.prepare('UPDATE label SET withdrawn_at = ?, withdrawn_by = ? WHERE id = ?');
  const scored = `UPDATE image SET scores = @scores, category = @category, score = @score, decision = @decision, model = @model,
    thresholds_version = @thresholds_version, taught = @taught, lesson = @lesson`;
  const refresh = db.prepare(`${scored} WHERE sha256 = @sha256`);
  const renew = db.prepare(
    `UPDATE image SET doubt = NULL, blind_check = @blind_check, label_id = @label_id, prompt_version = @prompt_version, changed_at = @at
     WHERE sha256 = @sha256`,
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
    /** Labelled by themselves, in this series, in the order of their SHA-256 from the one behind `after` on. */
    automatic: (series: number, after: string, limit: number): Stale[] =>
      (automatic.all(series, after, limit) as Row[]).map(toStale),
    /** Series in which people taught, or took back, something in this part of the log: behind `from`, up to `to`. */
    taughtSeries: (from: number, to: number): number[] => [
      ...new Set(taughtSeries.all(from, to) as number[]),
    ],
    /** Up to here in the log answers were held against earlier automatic labels with this head, also before a restart. */
    judgedTo(head: string): number {
      const [of, position] = ((judgedTo.get() as string | undefined) ?? '').split(' ');
      return of === head ? Number(position) : 0;
    },
    judged: (head: string, position: number): void => void judge.run(`${head} ${position}`),
    /** Labelled images whose label rests on an answer in their series that is gone, or whose scores know a series that they are not in any more. */
    fallen: (limit: number): Shaken[] =>
      toShaken([...directs, moved].flatMap((look) => look.all(limit) as ShakenRow[])),
    /**
     * Labelled images whose scores know a lesson that was unlearned, those of `fallen` among them: all that were scored since it was learned,
     * without those that a person answered. And those that rested and were roused.
     */
    shaken: (limit: number): Shaken[] =>
      toShaken([shaken, roused].flatMap((look) => look.all(limit) as ShakenRow[])),
    /** Images whose label in force rests on the answer to this one, which was in their series. */
    restingOn: (sha256: string): string[] => rests.all(sha256) as string[],

    /** They have no bottlenecks to be scored with, and their scores rest until those are there (`rouse`); a label that stands on answers which went along names them. */
    passOver(images: (Pick<Stale, 'sha256' | 'series' | 'promptVersion'> & { onto?: Taught })[]): void {
      db.transaction(() => {
        for (const image of images) {
          if (image.onto && unchanged(image)) standOn(image.sha256, image.onto);
          rest.run(image.sha256);
        }
      }).immediate();
    },

    /** Bottlenecks may be there now: what rested, and what was scored without some answers for want of theirs, is found again; with `asked` so is all that waits. */
    rouse(asked: boolean): void {
      db.transaction(() => {
        for (const statement of asked ? [...rouse, unknowing] : rouse) statement.run();
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
          const state = labelledAs(one.image);
          if (!state) continue;
          const { sha256 } = one.image;
          if (one.rebase) relabel(one.image, state, one.label, columnsOf(one), at, one.checking);
          else {
            refresh.run({ ...columnsOf(one), sha256 });
            if (one.onto) standOn(sha256, one.onto);
          }
        }
      }).immediate();
    },

    /** Labelled images whose label rested on what is gone, and that cannot be scored: their scores stay and rest. */
    fall(all: { image: Rescored['image']; label?: Label }[], at: string): void {
      db.transaction(() => {
        for (const { image, label } of all) {
          const state = labelledAs(image);
          if (state) relabel(image, state, label, undefined, at);
        }
      }).immediate();
    },
  };

  /** Its state where it is labelled and as it was found. */
  function labelledAs(image: Rescored['image']): ImageState | undefined {
    const state = unchanged(image);
    return state && (state === 'labelled' || published(state)) ? state : undefined;
  }

  /** The label in force rests on these answers: the same as before, under other places in the log. */
  function standOn(sha256: string, because: Taught): void {
    restOn.run(JSON.stringify(because), sha256);
    sameLabel.run(sha256);
  }

  /** Another label in place of one that rested on what is gone, or none: then it is asked. Without scores those that it has stay and rest. */
  function relabel(
    { sha256, series }: Rescored['image'],
    state: ImageState,
    label: Label | undefined,
    scores: ReturnType<typeof columnsOf> | undefined,
    at: string,
    checking?: Checking,
  ): void {
    const cause = 'an answer that its label rested on was taken back or corrected';
    const before = held(sha256);
    if (published(state)) revise(sha256, cause, 'semtag', at);
    withdraw.run(at, 'semtag', before.label_id);
    // a check of the label that falls is void
    const blind_check = chosen(sha256, series, label, checking);
    const set = { blind_check, prompt_version: before.prompt_version + 1 };
    const label_id = label ? addLabel(sha256, label) : null;
    const word = label?.category === before.category ? 'Still' : 'Now';
    const what = label ? `${word} ${label.category ?? label.kind}: ${cause}` : `Asked again: ${cause}`;
    const line = { at, subject: 'image', key: sha256, who: 'semtag', what } as const;
    if (label) {
      renew.run({ ...set, label_id, sha256, at });
      lines.add({ ...line, detail: label });
    } else transition({ ...line, to: 'asked', set: { ...set, label_id, doubt: null } });
    if (scores) refresh.run({ ...scores, sha256 });
    else rest.run(sha256);
  }
}

/** Each once: it can know several lessons that are gone. */
function toShaken(rows: ShakenRow[]): Shaken[] {
  const once = new Map(rows.map((row) => [row.sha256, row]));
  return [...once.values()].map(
    ({ because: text, standing: places, realmLeft, answered, thresholdsVersion, ...row }) => {
      const because = text === null ? undefined : (JSON.parse(text) as Taught);
      const lessons = places === null ? (because?.lessons ?? []) : (JSON.parse(places) as number[]).sort((a, b) => a - b); // prettier-ignore
      const left = because && (lessons.length < because.lessons.length || realmLeft === 1);
      const same = because && JSON.stringify(lessons) === JSON.stringify(because.lessons);
      return {
        ...toStale(row),
        thresholdsVersion,
        because: because !== undefined,
        direct: left === true,
        ...(because && !left && !same ? { onto: { ...because, series: row.series, lessons } } : {}),
        answered: answered === 1,
      };
    },
  );
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
