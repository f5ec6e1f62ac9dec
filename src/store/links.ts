// One-time links: to make the first manager, to set a password, to pair a station. A code works once and for a time; only its SHA-256 is kept.

import { SemtagError } from '../errors.ts';
import { history } from './history.ts';
import type { Db } from './open.ts';
import { hashOfCode, newCode } from './secret.ts';

export type LinkFor =
  | { purpose: 'first_manager' }
  | { purpose: 'password'; user: number }
  | { purpose: 'station'; station: { name: string; instruments: string[] } };

export type Link = LinkFor & { madeBy: string; expiresAt: string };

/** Somebody at this machine, a colleague by mail, a person on the way to the next room. */
const HOURS = { first_manager: 24, password: 72, station: 1 };

const WHAT = {
  first_manager: 'Link made: to make the first manager',
  password: 'Link made: to set a password',
  station: 'Link made: to pair a station',
};

type Row = {
  purpose: Link['purpose'];
  user: number | null;
  station: string | null;
  made_by: string;
  expires_at: string;
};

export function links(db: Db) {
  const lines = history(db);
  const select = db.prepare('SELECT * FROM link WHERE hash = ? AND expires_at > ?');
  const insert = db.prepare(
    'INSERT INTO link (hash, purpose, user, station, made_at, made_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const remove = db.prepare('DELETE FROM link WHERE hash = ?');
  const removeOld = db.prepare(
    "DELETE FROM link WHERE expires_at <= @at OR (purpose = @purpose AND purpose <> 'station' AND user IS @user)",
  );
  const nameOf = db.prepare('SELECT name FROM user WHERE id = ?').pluck();

  return {
    /** Gives the code, which nobody can read again. An older one for the same is void. */
    make(what: LinkFor, by: string, now: Date): { code: string; expiresAt: string } {
      const { purpose } = what;
      const user = what.purpose === 'password' ? what.user : null;
      const station = what.purpose === 'station' ? what.station : undefined;
      const at = now.toISOString();
      const expiresAt = new Date(now.getTime() + HOURS[purpose] * 3_600_000).toISOString();
      return db
        .transaction(() => {
          const key = user === null ? (station?.name ?? 'first manager') : (nameOf.get(user) as string);
          removeOld.run({ at, purpose, user });
          const code = newCode();
          const of = station === undefined ? null : JSON.stringify(station);
          insert.run(hashOfCode(code), purpose, user, of, at, by, expiresAt);
          const subject = station ? 'station' : 'user';
          lines.add({ at, subject, key, who: by, what: WHAT[purpose] });
          return { code, expiresAt };
        })
        .immediate();
    },

    /** Throws link_void. */
    look(code: string, now: Date): Link {
      const row = select.get(hashOfCode(code), now.toISOString()) as Row | undefined;
      if (!row) throw new SemtagError('link_void', 'it cannot be used');
      return toLink(row);
    },

    /** Does what the link is for and voids it, in one transaction. Throws link_void. */
    use<T>(code: string, now: Date, act: (link: Link) => T): T {
      return db
        .transaction(() => {
          const row = select.get(hashOfCode(code), now.toISOString()) as Row | undefined;
          if (!row) throw new SemtagError('link_void', 'it cannot be used');
          remove.run(hashOfCode(code));
          return act(toLink(row));
        })
        .immediate();
    },
  };
}

function toLink({ purpose, user, station, made_by, expires_at }: Row): Link {
  const rest = { madeBy: made_by, expiresAt: expires_at };
  if (purpose === 'password') return { purpose, user: user!, ...rest };
  if (purpose === 'station')
    return { purpose, station: JSON.parse(station!) as { name: string; instruments: string[] }, ...rest };
  return { purpose, ...rest };
}
