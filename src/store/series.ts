// Series: images of one instrument, operator, and sample or folder, near in time; those of a private project are apart. An image gets its series when it is classified and keeps it.

import type { Db } from './open.ts';
import { REALM } from './realm.ts';

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
};

type Row = {
  instrument: string;
  operator: string | null;
  sample: string | null;
  realm: string | null;
  dir: Buffer | null;
  settled_at: string;
  series: number | null;
};

export function series(db: Db) {
  const image = db.prepare(
    `SELECT instrument, operator, sample, ${REALM} AS realm, settled_at, series,
       (SELECT dir FROM file WHERE file.sha256 = image.sha256 AND role = 'image' ORDER BY id LIMIT 1) AS dir
     FROM image WHERE sha256 = ?`,
  );
  // an image can come late: the series that was running when it settled
  const running = db
    .prepare(
      'SELECT id FROM series WHERE key = ? AND started_at <= ? AND last_at >= ? ORDER BY id DESC LIMIT 1',
    )
    .pluck();
  const insert = db.prepare('INSERT INTO series (key, name, started_at, last_at) VALUES (?, ?, ?, ?)');
  const keyed = db.prepare('SELECT key FROM series WHERE id = ?').pluck();
  const extend = db.prepare(
    'UPDATE series SET started_at = min(started_at, @at), last_at = max(last_at, @at) WHERE id = @id',
  );
  const put = db.prepare('UPDATE image SET series = ? WHERE sha256 = ?');
  const one = db.prepare(
    `SELECT id, name, started_at AS startedAt, last_at AS lastAt,
       (SELECT count(*) FROM image WHERE image.series = series.id) AS images,
       (SELECT count(*) FROM image WHERE image.series = series.id AND state = 'asked') AS waiting,
       (SELECT count(*) FROM lesson AS learned WHERE learned.series = series.id AND of IS NULL
          AND NOT EXISTS (SELECT 1 FROM lesson WHERE of = learned.position)) AS answers,
       (SELECT count(*) FROM image JOIN label ON label.id = image.label_id WHERE image.series = series.id AND label.position IS NOT NULL) AS because
     FROM series WHERE id = ?`,
  );

  /** The series that it is in, or would join; undefined: it would begin one. */
  function find(row: Row): { id: number | undefined; key: string } {
    const key = keyOf(row);
    const near = (sign: 1 | -1) =>
      new Date(Date.parse(row.settled_at) + sign * SERIES_GAP * 1000).toISOString();
    return { id: row.series ?? (running.get(key, near(1), near(-1)) as number | undefined), key };
  }

  /** Joins the caller's transaction. */
  function assign(sha256: string): number {
    const row = image.get(sha256) as Row;
    if (row.series !== null) return row.series;
    const at = row.settled_at;
    const { id, key } = find(row);
    const joined = id ?? Number(insert.run(key, nameOf(row), at, at).lastInsertRowid);
    if (id !== undefined) extend.run({ id, at });
    put.run(joined, sha256);
    return joined;
  }

  return {
    of: (sha256: string): number | undefined => find(image.get(sha256) as Row).id,

    assign,

    /** Joins the caller's transaction. Facts were corrected: true where it is in another series now. */
    moved(sha256: string): boolean {
      const row = image.get(sha256) as Row;
      if (row.series === null || keyOf(row) === keyed.get(row.series)) return false;
      put.run(null, sha256);
      assign(sha256);
      return true;
    },

    get: (id: number): Series | undefined => one.get(id) as Series | undefined,
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
