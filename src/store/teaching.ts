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
  /** checks answered by labels up to this one do not count any more */
  afterLabel: number;
};

const KEY = 'teaching';
const FROM_THE_START: TeachingUse = { use: true, afterLabel: 0 };

export function teaching(db: Db) {
  const select = db.prepare('SELECT value FROM meta WHERE key = ?').pluck();
  const save = db.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const newest = db.prepare('SELECT coalesce(max(id), 0) FROM label').pluck();
  const lines = history(db);

  function current(): TeachingUse {
    const text = select.get(KEY) as string | undefined;
    return text === undefined ? FROM_THE_START : (JSON.parse(text) as TeachingUse);
  }

  return {
    current,

    /** False, and nothing is done, where it is so already. Put back to use it is judged by checks that are answered from now on. `images`: those behind it. */
    set(use: boolean, by: string, reason: string, at: string, images: string[] = []): boolean {
      return db
        .transaction(() => {
          const before = current();
          if (before.use === use) return false;
          const afterLabel = use ? (newest.get() as number) : before.afterLabel;
          save.run(KEY, JSON.stringify({ use, since: at, by, reason, afterLabel } satisfies TeachingUse));
          const what = use ? `Teaching is in use again: ${reason}` : `Teaching was set aside: ${reason}`;
          const line = { at, subject: 'teaching', key: 'use', who: by, what };
          lines.add(images.length > 0 ? { ...line, detail: { images } } : line);
          return true;
        })
        .immediate();
    },
  };
}
