// How far harvesters were told of changes, and of the time: behind that nothing is ever stamped. Never says what changed.

import type { Db } from './open.ts';

/** How far harvesters were told of changes. `stamp`: s since 1970. */
export type Told = { seq: number; stamp: number };
export const NOTHING: Told = { seq: 0, stamp: 0 };

/** The time that harvesters are told is noted so far ahead, and again once half of it went by. */
const AHEAD_S = 60;

export function publicationTold(db: Db) {
  const last = db.prepare('SELECT seq, stamp FROM publication ORDER BY seq DESC LIMIT 1');
  const setToldUntil = db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('publish-told', ?)");
  /** no later time was told; a run begins where the one before may have come to */
  let toldUntil = Number(db.prepare("SELECT value FROM meta WHERE key = 'publish-told'").pluck().get() ?? 0);
  let toldTime = toldUntil;

  const top = (): Told => (last.get() as Told | undefined) ?? NOTHING;

  return {
    /** The newest change: what is stamped from now on is not older. Zeros where nothing was ever given. */
    top,

    /**
     * What a harvester is told to be the time now, s since 1970: it asks next for what changed from then on, so no change is stamped earlier
     * from here on, whatever the clock does.
     */
    tell(now: number): number {
      toldTime = Math.max(now, top().stamp, toldTime);
      // one commit a minute at most, while somebody harvests
      if (toldTime > toldUntil - AHEAD_S) setToldUntil.run(String((toldUntil = toldTime + 2 * AHEAD_S)));
      return toldTime;
    },

    /** No later change, and no later time, was told, nor will be for a while. */
    told(): Told {
      const { seq, stamp } = top();
      return { seq, stamp: Math.max(stamp, toldUntil) };
    },

    /** The last time that was told, s since 1970. */
    toldTime: (): number => toldTime,
  };
}
