// The guard: sets teaching aside when blind checks say that the head alone does better, and lets a manager set it aside or put it back. Changes no label.

import { compared, type Comparison } from '../domain/blind-check.ts';
import { SemtagError } from '../errors.ts';
import type { Store } from '../store/store.ts';

/** After an answer, and once at the start for one that a crash cut short. True where it was set aside now. */
export function setAsideIfWorse(store: Pick<Store, 'checks' | 'teaching'>, at: string): boolean {
  if (!store.teaching.current().use) return false;
  const found = compared(store.checks.contested(store.teaching.afterLabel()));
  return found.worse && store.teaching.set(false, 'semtag', wordsOf(found), at, found.headRight);
}

function wordsOf({ seriesForHead, seriesForTaught }: Comparison): string {
  return `in blind checks the head alone was right and the taught one wrong in ${seriesForHead} series, the other way round in ${seriesForTaught}`;
}

const LONGEST_REASON = 500;

/** A manager's word. Throws bad_request without a reason, wrong_state where it is so already. */
export function useTeaching(
  store: Pick<Store, 'teaching'>,
  { use, by, reason }: { use: boolean; by: string; reason: string },
  at: string,
): void {
  const why = reason.trim();
  if (!why || why.length > LONGEST_REASON)
    throw new SemtagError('bad_request', `reason: 1 to ${LONGEST_REASON} characters`);
  if (!store.teaching.set(use, by, why, at))
    throw new SemtagError('wrong_state', use ? 'teaching is in use' : 'teaching is set aside already');
}
