// History: one line for everything that happened to a file, an image or a setting. Lines are only ever added.

import type { Db } from './open.ts';

export type HistoryLine = {
  id: number;
  at: string;
  subject: string;
  key: string;
  from?: string;
  to?: string;
  /** a person's name, or `semtag` */
  who: string;
  what: string;
  detail?: unknown;
};

export type NewLine = Omit<HistoryLine, 'id'>;

export function history(db: Db) {
  const insert = db.prepare(
    'INSERT INTO history (at, subject, key, from_state, to_state, who, what, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const bySubject = db.prepare('SELECT * FROM history WHERE subject = ? AND key = ? ORDER BY id');
  const ofImage = db.prepare(
    `SELECT * FROM history WHERE (subject = 'image' AND key = @sha256)
       OR (subject = 'file' AND key IN (SELECT CAST(id AS TEXT) FROM file WHERE sha256 = @sha256))
       OR (subject = 'delivery' AND key IN (SELECT CAST(id AS TEXT) FROM delivery WHERE sha256 = @sha256))
       ORDER BY id`,
  );
  const recent = db.prepare('SELECT * FROM history WHERE id > ? ORDER BY id LIMIT ?');
  const last = db.prepare('SELECT max(id) FROM history').pluck();
  return {
    add(line: NewLine): void {
      const { at, subject, key, from, to, who, what, detail } = line;
      insert.run(
        at,
        subject,
        key,
        from ?? null,
        to ?? null,
        who,
        what,
        detail === undefined ? null : JSON.stringify(detail),
      );
    },
    of(subject: string, key: string): HistoryLine[] {
      return bySubject.all(subject, key).map((row) => toLine(row as Row));
    },
    /** Of an image, its files and its deliveries. */
    ofImage(sha256: string): HistoryLine[] {
      return ofImage.all({ sha256 }).map((row) => toLine(row as Row));
    },
    /** Lines after `id`, for streams of events. */
    after(id: number, limit = 200): HistoryLine[] {
      return recent.all(id, limit).map((row) => toLine(row as Row));
    },
    lastId(): number {
      return (last.get() as number | null) ?? 0;
    },
  };
}

type Row = {
  id: number;
  at: string;
  subject: string;
  key: string;
  from_state: string | null;
  to_state: string | null;
  who: string;
  what: string;
  detail: string | null;
};

function toLine(row: Row): HistoryLine {
  return {
    id: row.id,
    at: row.at,
    subject: row.subject,
    key: row.key,
    ...(row.from_state === null ? {} : { from: row.from_state }),
    ...(row.to_state === null ? {} : { to: row.to_state }),
    who: row.who,
    what: row.what,
    ...(row.detail === null ? {} : { detail: JSON.parse(row.detail) as unknown }),
  };
}
