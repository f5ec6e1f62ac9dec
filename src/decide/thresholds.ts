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
  return save(thresholds, value, { reason: given(reason), by, version }, now);
}

/** The values of an old version as a new one, which names it. */
export function rollBack(
  { thresholds }: Thresholds,
  to: number,
  why: Why,
  now = new Date(),
): ThresholdsVersion {
  const reason = `Back to version ${to}: ${given(why.reason)}`;
  return save(thresholds, thresholds.need(to), { ...why, reason }, now);
}

function given(reason: string): string {
  const words = reason.trim();
  if (!words || words.length > LONGEST_REASON)
    throw new SemtagError('bad_request', `reason: 1 to ${LONGEST_REASON} characters`);
  return words;
}

function save(thresholds: Store['thresholds'], value: ThresholdsValue, { reason, by, version }: Why, now: Date): ThresholdsVersion {
  const problem = thresholdsProblem(value);
  if (problem) throw new SemtagError('bad_request', `thresholds: ${problem}`);
  const { auto, prompt, perCategory } = value;
  const own = perCategory && Object.keys(perCategory).length > 0 ? { perCategory } : {};
  const saved = thresholds.save({ auto, prompt, ...own }, reason, personName(by), now.toISOString(), version);
  return thresholds.need(saved);
} // prettier-ignore
