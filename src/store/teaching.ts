// Whether what answers taught is used, since when and why. Setting it aside loses nothing: the lessons stay and go on.

import { history } from './history.ts';
import type { Db } from './open.ts';

export type TeachingUse = {
  use: boolean;
  /** UTC, ISO 8601; with `by` and `reason` absent where nobody has ever changed it */
  since?: string;
  /** a person, or `semtag` where the blind checks spoke against it */
  by?: string;
  reason?: string;
  /** it was set aside with another head than the one in use */
  otherHead?: true;
};

/** `head`: the one in use, by its SHA-256. */
type Stored = { now: TeachingUse; afterLabel: number; head?: string };

const KEY = 'teaching';

export function teaching(db: Db) {
  const select = db.prepare('SELECT value FROM meta WHERE key = ?').pluck();
  const save = db.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const newest = db.prepare('SELECT coalesce(max(id), 0) FROM label').pluck();
  const unknowing = db.prepare(`UPDATE image SET lesson = 0 WHERE state = 'asked'`);
  const lines = history(db);

  function stored(): Stored {
    const text = select.get(KEY) as string | undefined;
    return text === undefined ? { now: { use: true }, afterLabel: 0 } : (JSON.parse(text) as Stored);
  }

  const keep = (next: Stored): void => void save.run(KEY, JSON.stringify(next));

  return {
    current: (): TeachingUse => stored().now,

    /** Checks of automatic labels after this one count, whenever they are answered: those given since teaching was last put to use, or another head was. */
    afterLabel: (): number => stored().afterLabel,

    /** This head is in use from now on: what another one labelled does not count against it. What was set aside stays so: a person decides. What waits has the scores of the head before, and is found to be scored again. */
    headInUse(head: string, at: string): void {
      db.transaction(() => {
        const before = stored();
        if (before.head === head) return;
        if (before.head === undefined) return keep({ ...before, head });
        const { use } = before.now;
        const now = use ? before.now : { ...before.now, otherHead: true as const };
        keep({ now, head, afterLabel: newest.get() as number });
        unknowing.run();
        const what = 'Another head is in use; teaching stays set aside';
        if (!use) lines.add({ at, subject: 'teaching', key: 'use', who: 'semtag', what });
      }).immediate();
    },

    /** False, and nothing is done, where it is so already. `images`: those behind it. */
    set(use: boolean, by: string, reason: string, at: string, images: string[] = []): boolean {
      return db
        .transaction(() => {
          const before = stored();
          if (before.now.use === use) return false;
          const afterLabel = use ? (newest.get() as number) : before.afterLabel;
          keep({ ...before, now: { use, since: at, by, reason }, afterLabel });
          const what = use ? `Teaching is in use again: ${reason}` : `Teaching was set aside: ${reason}`;
          const line = { at, subject: 'teaching', key: 'use', who: by, what };
          lines.add(images.length > 0 ? { ...line, detail: { images } } : line);
          return true;
        })
        .immediate();
    },
  };
}
