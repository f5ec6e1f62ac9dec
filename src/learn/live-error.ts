// How many automatic labels are wrong, from those that people checked blind. Pure.

import { isWrong, type Checked } from '../domain/blind-check.ts';
import { clopperPearson } from './binomial.ts';
import { effectiveGroups } from './effective-groups.ts';

export type LiveError = {
  /** checked labels that tell something; images that show nothing are not among them */
  checked: number;
  wrong: number;
  /** when the oldest of them was given; UTC, ISO 8601. Absent where none was checked */
  since?: string;
  /** share of them; with its interval absent where too few were checked */
  error?: number;
  /** 95 % */
  interval?: { low: number; high: number };
};

/** Fewer say so little that a share of them would mislead. */
const ENOUGH = 20;

/** Labels of one series are right or wrong together: the interval counts series where they were drawn from few. */
export function liveError(all: Checked[]): LiveError {
  const told = all.filter((one) => isWrong(one) !== undefined);
  const checked = told.length;
  const wrong = told.filter((one) => isWrong(one)).length;
  const [oldest] = told.map(({ labelledAt }) => labelledAt).sort();
  const counts = { checked, wrong, ...(oldest === undefined ? {} : { since: oldest }) };
  if (checked < ENOUGH) return counts;
  const error = wrong / checked;
  const effective = effectiveGroups(told.map(({ sha256, series }) => String(series ?? sha256)));
  return { ...counts, error, interval: clopperPearson(error * effective, effective) };
}
