// What a manager does to the thresholds: a new version, or an old one's values again. Page, API and command line call these same functions. Routes no image.

import { thresholdsProblem, type ThresholdsValue } from '../domain/decision.ts';
import { SemtagError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { ThresholdsVersion } from '../store/thresholds.ts';
import { personName } from './answers.ts';

export type Why = {
  reason: string;
  by: string;
  /** that was in force when it was decided: another one since then is not overwritten */
  version: number;
};

const LONGEST_REASON = 500;

type Thresholds = Pick<Store, 'thresholds'>;

/** Throws bad_request with the reason, and stale_thresholds. */
export function saveThresholds(
  { thresholds }: Thresholds,
  value: ThresholdsValue,
  { reason, by, version }: Why,
  now = new Date(),
): ThresholdsVersion {
  const problem = thresholdsProblem(value);
  if (problem) throw new SemtagError('bad_request', `thresholds: ${problem}`);
  const words = reason.trim();
  if (!words || words.length > LONGEST_REASON)
    throw new SemtagError('bad_request', `reason: 1 to ${LONGEST_REASON} characters`);
  const { auto, prompt, perCategory } = value;
  const own = perCategory && Object.keys(perCategory).length > 0 ? { perCategory } : {};
  return thresholds.need(
    thresholds.save({ auto, prompt, ...own }, words, personName(by), now.toISOString(), version),
  );
}

/** The values of an old version as a new one, which names it. */
export function rollBack(store: Thresholds, to: number, why: Why, now = new Date()): ThresholdsVersion {
  const reason = why.reason.trim();
  if (!reason) throw new SemtagError('bad_request', `reason: 1 to ${LONGEST_REASON} characters`);
  const value = store.thresholds.need(to);
  return saveThresholds(store, value, { ...why, reason: `Back to version ${to}: ${reason}` }, now);
}
