// Paired stations: browsers of an instrument, known by a secret cookie that is kept as its SHA-256. Revoked ones stay, for the history.

import { SemtagError } from '../errors.ts';
import { history } from './history.ts';
import type { Db } from './open.ts';
import { hashOf, newSecret } from './secret.ts';

export type Station = {
  id: number;
  name: string;
  /** it sees and answers for these only */
  instruments: string[];
  pairedAt: string;
  /** who made the link */
  pairedBy: string;
  /** to an hour */
  usedAt: string;
};

const GRAIN_MS = 3_600_000;

type Row = {
  id: number;
  name: string;
  instruments: string;
  paired_at: string;
  paired_by: string;
  used_at: string;
  revoked_at: string | null;
};

export function stations(db: Db) {
  const lines = history(db);
  const byHash = db.prepare('SELECT * FROM station WHERE hash = ? AND revoked_at IS NULL');
  const byId = db.prepare('SELECT * FROM station WHERE id = ?');
  const current = db.prepare('SELECT * FROM station WHERE revoked_at IS NULL ORDER BY name');
  const insert = db.prepare(
    'INSERT INTO station (hash, name, instruments, paired_at, paired_by, used_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const use = db.prepare('UPDATE station SET used_at = ? WHERE id = ?');
  const revoke = db.prepare('UPDATE station SET revoked_at = ? WHERE id = ?');

  return {
    list: (): Station[] => (current.all() as Row[]).map(toStation),

    /** Gives the secret of its cookie. */
    pair({ name, instruments }: Pick<Station, 'name' | 'instruments'>, by: string, at: string): string {
      return db
        .transaction(() => {
          const secret = newSecret();
          insert.run(hashOf(secret), name, JSON.stringify(instruments), at, by, at);
          const what = `Station paired for ${instruments.join(', ')}`;
          lines.add({ at, subject: 'station', key: name, who: by, what });
          return secret;
        })
        .immediate();
    },

    /** The station that holds this secret, where it is not revoked. */
    holder(secret: string, now: Date): Station | undefined {
      const row = byHash.get(hashOf(secret)) as Row | undefined;
      if (!row) return undefined;
      if (Date.parse(row.used_at) < now.getTime() - GRAIN_MS) use.run(now.toISOString(), row.id);
      return toStation(row);
    },

    /** False, and nothing is done, where it is revoked already. */
    revoke(id: number, by: string, at: string): boolean {
      return db
        .transaction(() => {
          const row = byId.get(id) as Row | undefined;
          if (!row) throw new SemtagError('not_found', `station ${id}`);
          if (row.revoked_at !== null) return false;
          revoke.run(at, id);
          lines.add({ at, subject: 'station', key: row.name, who: by, what: 'Station revoked' });
          return true;
        })
        .immediate();
    },
  };
}

function toStation(row: Row): Station {
  return {
    id: row.id,
    name: row.name,
    instruments: JSON.parse(row.instruments) as string[],
    pairedAt: row.paired_at,
    pairedBy: row.paired_by,
    usedAt: row.used_at,
  };
}
