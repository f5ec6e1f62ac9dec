// Reads the tally: how many there are of what, which triggers in the schema keep right. Never counts rows.

import type { Db } from './open.ts';

export type TallySubject = 'image' | 'file' | 'doubt' | 'owed' | 'withheld' | 'spool';

/** Returns what is there of one subject, by state, target or use; a key that never had any is absent. */
export function tally(db: Db) {
  const select = db.prepare('SELECT key, n FROM tally WHERE subject = ?').raw();
  return (subject: TallySubject): Record<string, number> =>
    Object.fromEntries(select.all(subject) as [string, number][]);
}
