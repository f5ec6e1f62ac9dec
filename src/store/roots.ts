// The acquisition directories: one root for every path that the config ever named for an instrument, one of them in use. Files of the others stay known.

import type { Db } from './open.ts';
import { transitions } from './transition.ts';

export type Root = {
  instrument: string;
  number: number;
  path: Buffer;
  identity: string | null;
  first_seen_at: string;
  first_scan_at: string | null;
  /** JSON: directories that the first scan could not list */
  closed: string;
  away_since: string | null;
};

/** SQL: the number of the root in use. 0 before the first scan, which is what the first root gets. */
export const ROOT_IN_USE =
  'coalesce((SELECT number FROM root WHERE root.instrument = @instrument AND in_use = 1), 0)';

export function roots(db: Db) {
  const transition = transitions(db);
  const inUse = db.prepare('SELECT * FROM root WHERE instrument = ? AND in_use = 1');
  const all = db.prepare('SELECT * FROM root WHERE in_use = 1 ORDER BY instrument');
  const unsettled = db
    .prepare("SELECT id FROM file WHERE state IN ('seen', 'incomplete') AND instrument = ? AND root = ?")
    .pluck();
  const notInUse = db.prepare('UPDATE root SET in_use = 0 WHERE instrument = ?');
  const use = db.prepare(
    `INSERT INTO root (instrument, number, path, in_use, first_seen_at)
       VALUES (@instrument, (SELECT count(*) FROM root WHERE instrument = @instrument), @path, 1, @at)
       ON CONFLICT (instrument, path) DO UPDATE SET in_use = 1`,
  );
  const save = db.prepare(
    `UPDATE root SET identity = @identity, first_scan_at = @first_scan_at, closed = @closed, away_since = @away_since
       WHERE instrument = @instrument AND number = @number`,
  );
  const root = (instrument: string) => inUse.get(instrument) as Root | undefined;

  return {
    /** The root in use; undefined before it was looked at for the first time. */
    root,
    roots(): Root[] {
      return all.all() as Root[];
    },
    saveRoot(changed: Root): void {
      save.run(changed);
    },
    /**
     * The root at the path that the config names now. Where that is another one than before, its files are no versions of the other's; what
     * had not settled there is left, and taken again when the config goes back.
     */
    useRoot(instrument: string, path: Buffer, at: string): Root {
      const used = root(instrument);
      if (used?.path.equals(path)) return used;
      return db
        .transaction(() => {
          const waiting = used ? (unsettled.all(instrument, used.number) as number[]) : [];
          const what = 'The config names another acquisition directory';
          for (const key of waiting)
            transition({ subject: 'file', key, to: 'left', at, who: 'semtag', what, set: { missed: 1 } });
          notInUse.run(instrument);
          use.run({ instrument, path, at });
          return root(instrument)!;
        })
        .immediate();
    },
  };
}
