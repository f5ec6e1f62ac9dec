// History: one line for everything that happened to a file, an image or a setting. Lines are only ever added.

import type { Db } from './open.ts';
import { REALM } from './realm.ts';

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

/** What a line names: projects, and other images. */
export type Names = { projects?: string[]; images?: string[] };

export type NewLine = Omit<HistoryLine, 'id'> & {
  /** beside its subject: who does not see all of it does not see the line */
  names?: Names;
};

export function history(db: Db) {
  const insert = db.prepare(
    'INSERT INTO history (at, subject, key, from_state, to_state, who, what, detail, names) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  // what is said while an image is of a private project stays with it: places, messages and answers tell of it
  const realmOf = {
    image: db.prepare(`SELECT ${REALM} FROM image WHERE sha256 = ?`).pluck(),
    delivery: db
      .prepare(
        `SELECT ${REALM} FROM delivery CROSS JOIN image ON image.sha256 = delivery.sha256 WHERE delivery.id = ?`,
      )
      .pluck(),
  };
  const bySubject = db.prepare('SELECT * FROM history WHERE subject = ? AND key = ? ORDER BY id');
  const ofImage = db.prepare(
    `SELECT * FROM history WHERE (subject = 'image' AND key = @sha256)
       OR (subject = 'file' AND key IN (SELECT CAST(id AS TEXT) FROM file WHERE sha256 = @sha256))
       OR (subject = 'delivery' AND key IN (SELECT CAST(id AS TEXT) FROM delivery WHERE sha256 = @sha256))
       ORDER BY id`,
  );
  const names = db.prepare('SELECT names FROM history WHERE id = ?').pluck();
  const recent = db.prepare('SELECT * FROM history WHERE id > ? ORDER BY id LIMIT ?');
  const last = db.prepare('SELECT max(id) FROM history').pluck();
  function namesOf({ subject, key, names }: NewLine): string | null {
    const { projects = [], images = [] } = names ?? {};
    const realm = subject === 'image' || subject === 'delivery' ? (realmOf[subject].get(key) as string | null) : null; // prettier-ignore
    if (!realm && projects.length === 0 && images.length === 0) return null;
    return JSON.stringify({ projects: realm ? [...projects, realm] : projects, images });
  }

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
        namesOf(line),
      );
    },
    /** What a line names, as add was told, and the private project that its image was of. */
    names: (id: number): Required<Names> | undefined => {
      const text = names.get(id) as string | null;
      return text === null ? undefined : (JSON.parse(text) as Required<Names>);
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
