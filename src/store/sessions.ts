// Sessions of signed-in people, under the SHA-256 of their id. Checks no password: it looks whether the one that was checked is still the account's.

import { SemtagError } from '../errors.ts';
import type { Db } from './open.ts';
import { hashOf } from './secret.ts';

/** A use is written down when the last one is older than this: no write a request. */
const GRAIN_MS = 5 * 60_000;
/** Then the password is asked for again, however much a session is used. */
const LONGEST_MS = 30 * 86_400_000;

export function sessions(db: Db) {
  const select = db
    .prepare('SELECT user FROM session WHERE hash = ? AND used_at >= ? AND since >= ?')
    .pluck();
  const insert = db.prepare(
    `INSERT INTO session (hash, user, since, used_at)
       SELECT @hash, id, @now, @now FROM user WHERE id = @user AND password = @password AND disabled = 0`,
  );
  const use = db.prepare('UPDATE session SET used_at = ? WHERE hash = ? AND used_at < ?');
  const remove = db.prepare('DELETE FROM session WHERE hash = ?');
  const removeOld = db.prepare('DELETE FROM session WHERE used_at < ? OR since < ?');
  const before = (now: Date, ms: number) => new Date(now.getTime() - ms).toISOString();

  return {
    /** The person of a session that was used within `idleSeconds`. Looking is no use of it. */
    userOf: (id: string, idleSeconds: number, now: Date): number | undefined =>
      select.get(hashOf(id), before(now, idleSeconds * 1000), before(now, LONGEST_MS)) as number | undefined,

    /** Somebody was at the page. */
    used(id: string, idleSeconds: number, now: Date): void {
      use.run(now.toISOString(), hashOf(id), before(now, Math.min(GRAIN_MS, idleSeconds * 100)));
    },

    /**
     * `password`: the hash that was checked. Throws wrong_password where it is the account's no more, or that is disabled: both take their
     * time to check. Forgets by the way those that were not used for `idleSeconds`.
     */
    start(id: string, user: number, password: string, idleSeconds: number, at: Date): void {
      db.transaction(() => {
        removeOld.run(before(at, idleSeconds * 1000), before(at, LONGEST_MS));
        const now = at.toISOString();
        if (insert.run({ hash: hashOf(id), user, password, now }).changes === 0)
          throw new SemtagError('wrong_password', 'it was changed meanwhile, or the account is disabled');
      }).immediate();
    },
    end: (id: string): void => void remove.run(hashOf(id)),
  };
}
