// Deliveries that are not to leave: owed ones are withheld, withheld ones are owed again, by the rules of now. Sends nothing, and looks at a few at a time.

import { ownedBy, utcDay, withheldWords, type Withheld } from '../domain/publish.ts';
import type { Db } from './open.ts';
import { transitions } from './transition.ts';

type Open = {
  id: number;
  state: 'owed' | 'withheld';
  project: string | null;
  operator: string | null;
};

/** A walk looks at so many deliveries at a time. */
const STEP = 200;

export function withholding(db: Db) {
  const transition = transitions(db);
  const select = `SELECT delivery.id, delivery.state, image.project, image.operator FROM delivery`;
  const one = db.prepare(`${select} JOIN image USING (sha256) WHERE delivery.id = ?`);
  const next = db.prepare(
    `${select} INDEXED BY delivery_open CROSS JOIN image USING (sha256)
       WHERE delivery.state IN ('owed', 'withheld') AND delivery.id > ? ORDER BY delivery.id LIMIT ${STEP}`,
  );
  const meta = db.prepare("SELECT value FROM meta WHERE key = 'withhold'").pluck();
  const setMeta = db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('withhold', ?)");

  /** Whether it may leave. */
  function look({ id, state, ...row }: Open, withhold: readonly Withheld[], at: Date): boolean {
    const why = withheldWords(ownedBy(row), withhold, utcDay(at));
    const to = why === undefined ? 'owed' : 'withheld';
    if (state !== to) {
      const what = why ?? 'Withheld no longer';
      transition({ subject: 'delivery', key: id, to, at: at.toISOString(), who: 'semtag', what });
    }
    return why === undefined;
  }

  return {
    /** Whether this delivery may be sent; one that is owed and may not is withheld from now on. */
    mayLeave(id: number, withhold: readonly Withheld[], at: Date): boolean {
      return db
        .transaction(() => {
          const found = one.get(id) as Open;
          return found.state === 'owed' && look(found, withhold, at);
        })
        .immediate();
    },

    /** Whether every open delivery went by these rules. `rules`: as text to compare. */
    wentBy: (rules: string): boolean => meta.get() === rules,

    /** They all do now. */
    goneBy: (rules: string): void => void setMeta.run(rules),

    /** Looks at the next deliveries behind `after`, in one commit. Returns the last one; undefined where there is none any more. */
    step(after: number, withhold: readonly Withheld[], at: Date): number | undefined {
      return db
        .transaction(() => {
          const found = next.all(after) as Open[];
          for (const delivery of found) look(delivery, withhold, at);
          return found.at(-1)?.id;
        })
        .immediate();
    },
  };
}
