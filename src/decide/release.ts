// Lets images go on that nobody answered in time: without a label, still answerable.

import type { Store } from '../store/store.ts';

/** Seconds after which an image goes on whose answer was taken back when it had been tagged: until then targets show that answer. */
export const WITHDRAWN_SECONDS = 600;

/** Releases what is due and returns how many. */
export function releaseUnanswered(store: Store, releaseSeconds: number, now: Date): number {
  const before = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
  const unanswered = store.images.askedBefore(before(releaseSeconds));
  for (const sha256 of unanswered) store.images.release(sha256, now.toISOString());
  const withdrawn = store.images.withdrawnBefore(before(WITHDRAWN_SECONDS));
  for (const sha256 of withdrawn)
    store.images.release(sha256, now.toISOString(), 'The answer was taken back; it goes on unlabelled');
  return unanswered.length + withdrawn.length;
}
