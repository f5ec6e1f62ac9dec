// Which images answers, or answers that are gone, make to be scored again, and which wait for people. Reads, and remembers how far it has looked; changes no image.

import type { Category } from '../domain/categories.ts';
import type { ImageState } from '../domain/states.ts';
import type { Taught } from '../domain/teaching.ts';
import type { Db } from './open.ts';
import { REALM } from './realm.ts';

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

/** In a statement FROM image: a person took the answer to it back (Stale.withdrawn). */
export const WITHDRAWN = `EXISTS (SELECT 1 FROM label WHERE label.sha256 = image.sha256 AND label.basis = 'answer' AND withdrawn_at IS NOT NULL AND label.checked IS NULL
    AND NOT EXISTS (SELECT 1 FROM label AS led WHERE led.id = label.lead AND led.withdrawn_at = label.withdrawn_at))`;

const COLUMNS = `image.sha256, image.instrument, image.state, image.series, ${REALM} AS realm, image.prompt_version AS promptVersion,
  image.superseded_by AS supersededBy, image.label_category AS category,
  ${WITHDRAWN} AS withdrawn`;

export function stale(db: Db) {
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
  };
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
