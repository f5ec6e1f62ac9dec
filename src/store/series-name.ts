// The name of a series that begins beside others of the same folder or sample: a number tells them apart. Names are for people; nothing is found by one.

import type { Db } from './open.ts';

/** Returns a function that gives the name, with `(2)`, `(3)` and so on where a series of this key that is near in time has it already. */
export function seriesNames(db: Db) {
  const named = db.prepare('SELECT 1 FROM series WHERE key = ? AND name = ? AND started_at <= ? AND last_at >= ?'); // prettier-ignore
  return (key: string, base: string, from: string, to: string): string => {
    let name = base;
    for (let n = 2; named.get(key, name, to, from); n++) name = `${base} (${n})`;
    return name;
  };
}
