// What people paused. Pausing and resuming touch no delivery, however many are owed: whoever takes the next one to send leaves out what is paused (owed.ts), from the commit on.

import { pauseOf, stoppedFirst, type Pause, type Paused } from '../domain/pause.ts';
import type { Sight } from '../domain/access.ts';
import type { Facts } from '../domain/facts.ts';
import { history } from './history.ts';
import type { Db } from './open.ts';

type Row = Omit<Pause, 'name'> & { name: string };

export function pauses(db: Db) {
  const lines = history(db);
  const select = db.prepare('SELECT * FROM pause ORDER BY since, scope, name');
  const insert = db.prepare(
    'INSERT OR IGNORE INTO pause (scope, name, since, by, reason) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = db.prepare('DELETE FROM pause WHERE scope = ? AND name = ?');
  // lists for harvesters left it out: it comes again at their end
  const publishAgain = db.prepare(
    'INSERT INTO publication_walk (anew, instrument, project) VALUES (1, ?, ?)',
  );
  const known = db.prepare('SELECT 1 FROM image WHERE project = ? LIMIT 1');

  function list(): Pause[] {
    return (select.all() as Row[]).map(({ name, ...pause }) => (name === '' ? pause : { ...pause, name }));
  }

  /** History of a project is told to those who see it. */
  const subject = ({ scope, name = 'forwarding' }: Paused) => ({
    subject: scope === 'all' ? 'service' : scope,
    key: name,
  });

  return {
    /** Oldest first. */
    list,

    /** Those that somebody may know of: not of a private project of others, and, at a station, of its own instruments. */
    seen: ({ hidden, instruments }: Sight): Pause[] =>
      list().filter(
        ({ scope, name = '' }) =>
          !(scope === 'project' && hidden.includes(name)) &&
          !(scope === 'instrument' && instruments && !instruments.includes(name)),
      ),

    /**
     * Why this image is neither forwarded nor published at the moment; undefined where it may be. Whatever gives images to readers outside
     * the house asks here, as the forward stage asks for what it may send.
     */
    of: ({ instrument, facts }: { instrument: string; facts: Facts }): Pause | undefined =>
      pauseOf({ instrument, project: facts.project?.value }, list()),

    /** Whether any image bears this project. */
    knowsProject: (name: string): boolean => known.get(name) !== undefined,

    /** False, and nothing is done, where it is paused already: who paused it first stays. */
    add(paused: Paused, by: string, reason: string, at: string): boolean {
      return db
        .transaction(() => {
          if (insert.run(paused.scope, paused.name ?? '', at, by, reason).changes === 0) return false;
          const what = `${stoppedFirst(paused)} are paused: ${reason}`;
          lines.add({ at, ...subject(paused), who: by, what });
          return true;
        })
        .immediate();
    },

    /** False where it was not paused. What waited is due at once, unless something else holds it. */
    end(paused: Paused, by: string, at: string): boolean {
      return db
        .transaction(() => {
          if (remove.run(paused.scope, paused.name ?? '').changes === 0) return false;
          const { scope, name = null } = paused;
          // where all was paused every list was refused: nobody missed anything
          if (scope !== 'all')
            publishAgain.run(scope === 'instrument' ? name : null, scope === 'project' ? name : null);
          const what = `${stoppedFirst(paused)} go on`;
          lines.add({ at, ...subject(paused), who: by, what });
          return true;
        })
        .immediate();
    },
  };
}
