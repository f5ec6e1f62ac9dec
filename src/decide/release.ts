// Lets images go on that nobody answered within the release time: without a label, still answerable.

import type { Store } from '../store/store.ts';

/** Releases what is due and returns how many. */
export function releaseUnanswered(store: Store, releaseSeconds: number, now: Date): number {
  const cutoff = new Date(now.getTime() - releaseSeconds * 1000).toISOString();
  const due = store.images.askedBefore(cutoff);
  for (const sha256 of due) store.images.release(sha256, now.toISOString());
  return due.length;
}
