// Images that seem to hold two categories: two high scores, close together (Fig. 3 of Modarres et al. 2017). They deserve a second category, or a look. Pure.

import type { Result } from './outcome.ts';

/** The two top scores hold most of the whole, and the second is at least half of the first. */
export const TOGETHER = 0.8;
export const AT_LEAST = 0.5;

/** The most evenly shared first. */
export function twoCategories<R extends Result>(results: R[]): R[] {
  const ratio = ({ score, second }: R) => second.score / score;
  return results
    .filter((r) => r.score + r.second.score >= TOGETHER && ratio(r) >= AT_LEAST)
    .sort((a, b) => ratio(b) - ratio(a));
}
