// Series: images of one instrument, operator, and sample or folder, near in time; those of a private project are apart. An image gets its series when it is classified and keeps it.

import type { Db } from './open.ts';
import { REALM } from './realm.ts';
import { seriesNames } from './series-name.ts';

/** Seconds without an image after which the next one begins a series of its own. */
export const SERIES_GAP = 12 * 3600;

export type Series = {
  id: number;
  name: string;
  startedAt: string;
  lastAt: string;
  images: number;
  waiting: number;
  /** answers in force that teach in it */
  answers: number;
  /** images whose label in force rests on answers */
  because: number;
  /** the series that a person put all of it into */
  joined?: number;
};

/** As a choice: one that another series can be joined with. */
export type SeriesBrief = Pick<Series, 'id' | 'name' | 'startedAt' | 'lastAt' | 'images'>;

/** Of series of one folder or sample so many are offered. */
const OFFERED = 20;

type Row = {
  instrument: string;
  operator: string | null;
  sample: string | null;
  realm: string | null;
  dir: Buffer | null;
  settled_at: string;
  series: number | null;
};

type Known = { key: string; started_at: string; last_at: string };

export function series(db: Db) {
  const image = db.prepare(
    `SELECT instrument, operator, sample, ${REALM} AS realm, settled_at, series,
       (SELECT dir FROM file WHERE file.sha256 = image.sha256 AND role = 'image' ORDER BY id LIMIT 1) AS dir
     FROM image WHERE sha256 = ?`,
  );
  // an image can come late: the series that was running when it settled
  const running = db
    .prepare(
      `SELECT id FROM series WHERE key = ? AND started_at <= ? AND last_at >= ? AND joined IS NULL ORDER BY id DESC`,
    )
    .pluck();
  const insert = db.prepare(
    'INSERT INTO series (key, name, started_at, last_at, moved_from) VALUES (?, ?, ?, ?, ?)',
  );
  const nameBeside = seriesNames(db);
  const known = db.prepare('SELECT key, started_at, last_at FROM series WHERE id = ?');
  // `same`: images of one were corrected into the other; `apart`: those of another part of a split series were
  const kin = db.prepare(
    `SELECT one.id, one.moved_from = @from OR one.id = (SELECT moved_from FROM series WHERE id = @from) AS same,
       EXISTS (SELECT 1 FROM series AS source JOIN series AS mine ON mine.key = source.key AND mine.id = @from
         WHERE source.id = one.moved_from AND source.id <> @from AND source.joined IS NULL) AS apart
     FROM json_each(@ids) CROSS JOIN series AS one ON one.id = json_each.value`,
  );
  const extend = db.prepare(
    'UPDATE series SET started_at = min(started_at, @at), last_at = max(last_at, @at) WHERE id = @id',
  );
  const put = db.prepare('UPDATE image SET series = ? WHERE sha256 = ?');
  const one = db.prepare(
    `SELECT id, name, started_at AS startedAt, last_at AS lastAt, joined,
       (SELECT count(*) FROM image WHERE image.series = series.id) AS images,
       (SELECT count(*) FROM image WHERE image.series = series.id AND state = 'asked') AS waiting,
       (SELECT count(*) FROM lesson AS learned WHERE learned.series = series.id AND of IS NULL
          AND NOT EXISTS (SELECT 1 FROM lesson WHERE of = learned.position)) AS answers,
       (SELECT count(*) FROM image WHERE image.series = series.id AND label_position IS NOT NULL) AS because
     FROM series WHERE id = ?`,
  );
  const others = db.prepare(
    `SELECT id, name, started_at AS startedAt, last_at AS lastAt, (SELECT count(*) FROM image WHERE image.series = series.id) AS images
     FROM series WHERE key = (SELECT key FROM series WHERE id = @id) AND id <> @id AND joined IS NULL ORDER BY id DESC LIMIT ${OFFERED}`,
  );
  const pair = db
    .prepare(
      `SELECT 1 FROM series AS one JOIN series AS other ON other.key = one.key
       WHERE one.id = ? AND other.id = ? AND one.id <> other.id AND one.joined IS NULL AND other.joined IS NULL`,
    )
    .pluck();
  const newest = db
    .prepare('SELECT sha256 FROM image WHERE series = ? ORDER BY settled_at DESC, sha256 DESC LIMIT ?')
    .pluck();

  const shifted = (time: string, seconds: number) =>
    new Date(Date.parse(time) + seconds * 1000).toISOString();

  /** Series of this key that were running then, the newest first. */
  const around = (key: string, from: string, to: string) =>
    running.all(key, shifted(to, SERIES_GAP), shifted(from, -SERIES_GAP)) as number[];

  /** The series that it is in, or those that it could join: people can have split one. */
  function candidates(row: Row): number[] {
    return row.series === null ? around(keyOf(row), row.settled_at, row.settled_at) : [row.series];
  }

  function begin(row: Row, from: number | null): number {
    const [key, at] = [keyOf(row), row.settled_at];
    const name = nameBeside(key, nameOf(row), shifted(at, -SERIES_GAP), shifted(at, SERIES_GAP));
    return Number(insert.run(key, name, at, at, from).lastInsertRowid);
  }

  function join(sha256: string, id: number, at: string): number {
    extend.run({ id, at });
    put.run(id, sha256);
    return id;
  }

  /** Joins the caller's transaction. `nearest`: which of several it is to join. */
  function assign(sha256: string, nearest?: number): number {
    const row = image.get(sha256) as Row;
    if (row.series !== null) return row.series;
    const ids = candidates(row);
    return join(sha256, ids.find((one) => one === nearest) ?? ids[0] ?? begin(row, null), row.settled_at);
  }

  /** Where images of a series go whose facts were corrected: what people split stays apart there, and what went before them is found again. */
  function destination(from: number, ids: number[], together: boolean): number | undefined {
    const found = kin.all({ from, ids: JSON.stringify(ids) }) as { id: number; same: 0 | 1 | null; apart: 0 | 1 }[]; // prettier-ignore
    const same = found.find((one) => one.same === 1);
    if (same) return same.id;
    const { key, started_at, last_at } = known.get(from) as Known;
    const split = around(key, started_at, last_at).some((one) => one !== from);
    return together && split ? undefined : found.find((one) => one.apart === 0)?.id;
  }

  return {
    /** The series that it is in, or those that it could join, the newest first; empty: it would begin one. */
    candidates: (sha256: string): number[] => candidates(image.get(sha256) as Row),

    assign,

    /** Joins the caller's transaction. Facts were corrected: true where it is in another series now. `together`: others of its series are corrected with it. */
    moved(sha256: string, together: boolean): boolean {
      const row = image.get(sha256) as Row;
      const from = row.series;
      if (from === null || keyOf(row) === (known.get(from) as Known).key) return false;
      const ids = candidates({ ...row, series: null });
      join(sha256, destination(from, ids, together) ?? begin(row, from), row.settled_at);
      return true;
    },

    get(id: number): Series | undefined {
      const row = one.get(id) as (Omit<Series, 'joined'> & { joined: number | null }) | undefined;
      if (!row) return undefined;
      const { joined, ...series } = row;
      return joined === null ? series : { ...series, joined };
    },

    /** Two series of the same instrument, operator, and sample or folder, none of which was joined with another. */
    joinable: (id: number, other: number): boolean => pair.get(id, other) !== undefined,

    /** Others of the same instrument, operator, and sample or folder, the newest first. */
    others: (id: number): SeriesBrief[] => others.all({ id }) as SeriesBrief[],

    /** SHA-256s of its newest images. */
    newest: (id: number, limit: number): string[] => newest.all(id, limit) as string[],
  };
}

/** The folder counts where nobody named the sample. */
function keyOf({ instrument, operator, sample, realm, dir }: Row): string {
  const subject = sample === null ? ['folder', dir?.toString('latin1') ?? ''] : ['sample', sample];
  return JSON.stringify([instrument, operator, ...subject, ...(realm === null ? [] : [realm])]);
}

function nameOf({ instrument, operator, sample, realm, dir }: Row): string {
  return [instrument, operator, realm, sample ?? (dir?.toString() || undefined)].filter(Boolean).join(' / ');
}
