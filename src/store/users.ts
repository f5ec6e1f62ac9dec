// People with an account: name, role, hash of the password, private projects. Checks no password and makes no session.

import type { Role } from '../domain/access.ts';
import { folded } from '../domain/person.ts';
import { SemtagError } from '../errors.ts';
import { history } from './history.ts';
import type { Db } from './open.ts';

export type User = {
  id: number;
  name: string;
  role: Role;
  disabled: boolean;
  /** false: the person has not used the first link yet */
  hasPassword: boolean;
  /** private projects that the person sees */
  projects: string[];
};

/** `join`, `leave`: private projects of which the person becomes a member, or is one no more. */
export type UserChange = { role?: Role; disabled?: boolean; join?: string[]; leave?: string[] };

type Row = { id: number; name: string; role: Role; password: string | null; disabled: number };

export function users(db: Db) {
  const lines = history(db);
  const byId = db.prepare('SELECT * FROM user WHERE id = ?');
  const byName = db.prepare('SELECT * FROM user WHERE folded = ?');
  const all = db.prepare('SELECT * FROM user ORDER BY folded');
  const memberOf = db.prepare('SELECT project FROM membership WHERE user = ? ORDER BY project').pluck();
  const insert = db.prepare(
    'INSERT INTO user (name, folded, role, password, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const update = db.prepare('UPDATE user SET role = ?, disabled = ? WHERE id = ?');
  const setPassword = db.prepare(
    'UPDATE user SET password = @password WHERE id = @id AND disabled = 0 AND (@old IS NULL OR password = @old)',
  );
  const leaves = db.prepare('DELETE FROM membership WHERE user = ? AND project = ?');
  const enter = db.prepare('INSERT OR IGNORE INTO membership (user, project) VALUES (?, ?)');
  const endSessions = db.prepare('DELETE FROM session WHERE user = ?');
  const voidLinks = db.prepare('DELETE FROM link WHERE user = ?');
  const tokenNamed = db.prepare('SELECT 1 FROM token WHERE folded = ? AND revoked_at IS NULL').pluck();
  const managers = db
    .prepare("SELECT count(*) FROM user WHERE role = 'manager' AND disabled = 0 AND password IS NOT NULL")
    .pluck();

  const ofManagers = db.prepare("SELECT name FROM user WHERE role = 'manager'").pluck();

  const toUser = ({ id, name, role, password, disabled }: Row): User => ({
    id,
    name,
    role,
    disabled: disabled === 1,
    hasPassword: password !== null,
    projects: memberOf.all(id) as string[],
  });
  const get = (id: number): User | undefined => {
    const row = byId.get(id) as Row | undefined;
    return row && toUser(row);
  };
  function need(id: number): User {
    const user = get(id);
    if (!user) throw new SemtagError('not_found', `user ${id}`);
    return user;
  }
  const line = (
    at: string,
    { name }: Pick<User, 'name'>,
    who: string,
    what: string,
    projects: string[] = [],
  ): void => lines.add({ at, subject: 'user', key: name, who, what, names: { projects } });
  const canManage = (user: User) => user.role === 'manager' && !user.disabled && user.hasPassword;

  return {
    get,
    need,
    list: (): User[] => (all.all() as Row[]).map(toUser),
    named(name: string): User | undefined {
      const row = byName.get(folded(name)) as Row | undefined;
      return row && toUser(row);
    },
    /** Names of all managers' accounts, of disabled ones too. */
    managers: () => ofManagers.all() as string[],
    /** Of somebody who may sign in. */
    passwordOf(name: string): { id: number; hash: string } | undefined {
      const row = byName.get(folded(name)) as Row | undefined;
      return row && row.disabled === 0 && row.password !== null
        ? { id: row.id, hash: row.password }
        : undefined;
    },
    /** Somebody can sign in and manage. */
    hasManager: (): boolean => (managers.get() as number) > 0,

    /** Throws name_taken. `password`: its hash. */
    add(name: string, role: Role, projects: string[], by: string, at: string, password?: string): User {
      return db
        .transaction(() => {
          const key = folded(name);
          if (byName.get(key) ?? tokenNamed.get(key)) throw new SemtagError('name_taken', name);
          const id = Number(insert.run(name, key, role, password ?? null, at).lastInsertRowid);
          for (const project of projects) enter.run(id, project);
          line(
            at,
            { name },
            by,
            `Account made: ${role}${projects.length ? `, member of ${projects.join(', ')}` : ''}`,
            projects,
          );
          return need(id);
        })
        .immediate();
    },

    /** What is so already leaves no line. Throws last_manager. Who is disabled is signed out everywhere. */
    change(id: number, { role, disabled, join = [], leave = [] }: UserChange, by: string, at: string): User {
      return db
        .transaction(() => {
          const before = need(id);
          const after = { ...before, role: role ?? before.role, disabled: disabled ?? before.disabled };
          if (canManage(before) && !canManage(after) && (managers.get() as number) < 2)
            throw new SemtagError('last_manager', before.name);
          update.run(after.role, after.disabled ? 1 : 0, id);
          if (after.role !== before.role) line(at, before, by, `Role: ${before.role} is now ${after.role}`);
          if (after.disabled !== before.disabled)
            line(at, before, by, after.disabled ? 'Account disabled' : 'Account enabled again');
          if (after.disabled) {
            endSessions.run(id);
            voidLinks.run(id);
          }
          const moved = [
            ...join.filter((project) => enter.run(id, project).changes > 0),
            ...leave.filter((project) => leaves.run(id, project).changes > 0),
          ];
          const now = need(id);
          if (moved.length > 0)
            line(at, before, by, `Private projects: ${now.projects.join(', ') || 'none'}`, [
              ...moved,
              ...now.projects,
            ]);
          return now;
        })
        .immediate();
    },

    /**
     * `password`: its hash; `old`: the one that was checked before. Ends every session of the person and voids links. Throws wrong_password
     * where another one was set since, or the account was disabled.
     */
    setPassword(id: number, password: string, by: string, at: string, old?: string): void {
      db.transaction(() => {
        const user = need(id);
        if (setPassword.run({ id, password, old: old ?? null }).changes === 0)
          throw new SemtagError('wrong_password', 'the password is as it was');
        endSessions.run(id);
        voidLinks.run(id);
        line(at, user, by, user.hasPassword ? 'Password changed' : 'Password set');
      }).immediate();
    },
  };
}
