// Sessions of signed-in people, under the SHA-256 of their id. Looks at no password.

import type { Db } from './open.ts';
import { hashOf } from './secret.ts';

/** A use is written down when the last one is older than this: no write a request. */
const GRAIN_MS = 5 * 60_000;

export function sessions(db: Db) {
  const select = db.prepare('SELECT user, used_at FROM session WHERE hash = ?');
  const insert = db.prepare(
    'INSERT OR REPLACE INTO session (hash, user, since, used_at) VALUES (?, ?, ?, ?)',
  );
  const use = db.prepare('UPDATE session SET used_at = ? WHERE hash = ?');
  const remove = db.prepare('DELETE FROM session WHERE hash = ?');
  const removeOld = db.prepare('DELETE FROM session WHERE used_at < ?');
  const before = (now: Date, ms: number) => new Date(now.getTime() - ms).toISOString();

  return {
    /** The person of a session that was used within `idleSeconds`. */
    userOf(id: string, idleSeconds: number, now: Date): number | undefined {
      const hash = hashOf(id);
      const row = select.get(hash) as { user: number; used_at: string } | undefined;
      if (!row || row.used_at < before(now, idleSeconds * 1000)) return undefined;
      if (row.used_at < before(now, Math.min(GRAIN_MS, idleSeconds * 100))) use.run(now.toISOString(), hash);
      return row.user;
    },
    /** As userOf, and it is no use of the session: whatever is open at a page must not keep it alive. */
    stillOf(id: string, idleSeconds: number, now: Date): number | undefined {
      const row = select.get(hashOf(id)) as { user: number; used_at: string } | undefined;
      return row && row.used_at >= before(now, idleSeconds * 1000) ? row.user : undefined;
    },
    /** Forgets by the way those that were not used for `idleSeconds`. */
    start(id: string, user: number, idleSeconds: number, now: Date): void {
      db.transaction(() => {
        removeOld.run(before(now, idleSeconds * 1000));
        insert.run(hashOf(id), user, now.toISOString(), now.toISOString());
      }).immediate();
    },
    end: (id: string): void => void remove.run(hashOf(id)),
  };
}
