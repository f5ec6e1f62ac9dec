// Lets images go on that nobody answered in time: without a label, still answerable.

import type { Store } from '../store/store.ts';

/** Seconds after which an image goes on whose answer was taken back when it had been tagged: until then targets show that answer. */
export const WITHDRAWN_SECONDS = 600;
/** Of each kind in one commit, some tens of milliseconds: after a closed week thousands are due, and others want to be served meanwhile. */
export const RELEASED_AT_ONCE = 50;

/** Releases the first ones that are due and returns how many; as many as RELEASED_AT_ONCE: there may be more. */
export function releaseUnanswered(store: Store, releaseSeconds: number, now: Date): number {
  const before = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
  const at = now.toISOString();
  const unanswered = store.images.askedBefore(before(releaseSeconds), RELEASED_AT_ONCE);
  store.images.release(unanswered, at);
  const withdrawn = store.images.withdrawnBefore(before(WITHDRAWN_SECONDS), RELEASED_AT_ONCE);
  store.images.release(withdrawn, at, 'The answer was taken back; it goes on unlabelled');
  return unanswered.length + withdrawn.length;
}
