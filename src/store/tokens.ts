// Tokens of programs: shown once when they are made, kept as their SHA-256. Revoked ones stay, for the history.

import type { Role } from '../domain/access.ts';
import { folded } from '../domain/person.ts';
import { SemtagError } from '../errors.ts';
import { history } from './history.ts';
import type { Db } from './open.ts';
import { hashOf, newSecret, TOKEN_PREFIX } from './secret.ts';

export type Token = {
  id: number;
  name: string;
  role: Role;
  /** private projects that it sees */
  projects: string[];
  madeAt: string;
  madeBy: string;
  expiresAt?: string;
  /** to an hour */
  usedAt?: string;
};

const GRAIN_MS = 3_600_000;

type Row = {
  id: number;
  name: string;
  role: Role;
  projects: string;
  made_at: string;
  made_by: string;
  expires_at: string | null;
  used_at: string | null;
  revoked_at: string | null;
};

export function tokens(db: Db) {
  const lines = history(db);
  const byHash = db.prepare('SELECT * FROM token WHERE hash = ? AND revoked_at IS NULL');
  const byId = db.prepare('SELECT * FROM token WHERE id = ?');
  const current = db.prepare('SELECT * FROM token WHERE revoked_at IS NULL ORDER BY folded');
  const named = db.prepare('SELECT 1 FROM token WHERE folded = ? AND revoked_at IS NULL').pluck();
  const userNamed = db.prepare('SELECT 1 FROM user WHERE folded = ?').pluck();
  const insert = db.prepare(
    'INSERT INTO token (hash, name, folded, role, projects, made_at, made_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const use = db.prepare('UPDATE token SET used_at = ? WHERE id = ?');
  const revoke = db.prepare('UPDATE token SET revoked_at = ? WHERE id = ?');

  function need(id: number): Row {
    const row = byId.get(id) as Row | undefined;
    if (!row) throw new SemtagError('not_found', `token ${id}`);
    return row;
  }

  return {
    list: (): Token[] => (current.all() as Row[]).map(toToken),

    /** Gives the secret, which nobody can read again. Throws name_taken: its name is what the history shows. */
    add(
      { name, role, projects, expiresAt }: Pick<Token, 'name' | 'role' | 'projects' | 'expiresAt'>,
      by: string,
      at: string,
    ): { token: Token; secret: string } {
      return db
        .transaction(() => {
          const key = folded(name);
          if (named.get(key) ?? userNamed.get(key)) throw new SemtagError('name_taken', name);
          const secret = newSecret(TOKEN_PREFIX);
          const values = [
            hashOf(secret),
            name,
            key,
            role,
            JSON.stringify(projects),
            at,
            by,
            expiresAt ?? null,
          ];
          const id = Number(insert.run(...values).lastInsertRowid);
          const until = expiresAt === undefined ? '' : `, until ${expiresAt}`;
          lines.add({ at, subject: 'token', key: name, who: by, what: `Token made: ${role}${until}` });
          return { token: toToken(need(id)), secret };
        })
        .immediate();
    },

    /** The program that holds this secret, where it is neither revoked nor run out. */
    holder(secret: string, now: Date): Token | undefined {
      const row = byHash.get(hashOf(secret)) as Row | undefined;
      const at = now.toISOString();
      if (!row || (row.expires_at !== null && row.expires_at <= at)) return undefined;
      if (row.used_at === null || Date.parse(row.used_at) < now.getTime() - GRAIN_MS) use.run(at, row.id);
      return toToken(row);
    },

    /** False, and nothing is done, where it is revoked already. */
    revoke(id: number, by: string, at: string): boolean {
      return db
        .transaction(() => {
          const { name, revoked_at } = need(id);
          if (revoked_at !== null) return false;
          revoke.run(at, id);
          lines.add({ at, subject: 'token', key: name, who: by, what: 'Token revoked' });
          return true;
        })
        .immediate();
    },
  };
}

function toToken(row: Row): Token {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    projects: JSON.parse(row.projects) as string[],
    madeAt: row.made_at,
    madeBy: row.made_by,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.used_at === null ? {} : { usedAt: row.used_at }),
  };
}
