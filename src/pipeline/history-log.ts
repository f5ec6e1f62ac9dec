// The log of what was committed: one line a transition, taken from the history, so that the log never says what the database does not.

import type { Logger } from 'pino';
import { shownPath } from '../domain/shown-path.ts';
import type { Store } from '../store/store.ts';

const FOLLOW_MS = 200;

/** Follows the history from now on; returns what ends that, after a last look. */
export function logHistory(store: Store, logger: Logger): () => void {
  let last = store.history.lastId();
  const follow = () => {
    for (let lines = store.history.after(last); lines.length > 0; lines = store.history.after(last))
      for (const { id, at, subject, key, from, to, who, what } of lines) {
        last = id;
        logger[subject === 'file' ? 'debug' : 'info'](
          {
            [subject]: key.slice(0, 12),
            ...(subject === 'file' ? fileNamed(store, key) : {}),
            from,
            to,
            who,
            at,
          },
          what,
        );
      }
  };
  const timer = setInterval(() => withoutEnd(logger, follow), FOLLOW_MS);
  return () => {
    clearInterval(timer);
    follow();
  };
}

function fileNamed(store: Store, key: string): { path?: string } {
  const file = store.files.get(Number(key));
  return file ? { path: shownPath(file) } : {};
}

/** What fails on a disk in trouble is tried again at the next tick; it must not end the service. */
export function withoutEnd(logger: Logger, work: () => void): void {
  try {
    work();
  } catch (error) {
    logger.error({ reason: (error as Error).message }, 'the database did not answer; tried again');
  }
}
