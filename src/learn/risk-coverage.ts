// Risk against coverage: which share of labels is wrong when only the images with the highest top scores are labelled. Pure.

import type { Result } from './outcome.ts';

/** `above`: the lowest top score that is still labelled. */
export type RiskPoint = { coverage: number; risk: number; above: number };

/** One point a distinct score, from the highest down, and the area under them: the mean risk over the images (AURC; Geifman, Uziel & El-Yaniv, ICLR 2019). */
export function riskCoverage(results: Pick<Result, 'score' | 'outcome'>[]): {
  points: RiskPoint[];
  area: number;
} {
  const order = results.toSorted((a, b) => b.score - a.score);
  const points: RiskPoint[] = [];
  let [wrong, area] = [0, 0];
  for (let start = 0; start < order.length;) {
    const above = order[start]!.score;
    let end = start;
    for (; end < order.length && order[end]!.score === above; end++)
      if (order[end]!.outcome !== 'top') wrong++;
    const risk = wrong / end;
    area += ((end - start) / order.length) * risk;
    points.push({ coverage: end / order.length, risk, above });
    start = end;
  }
  return { points, area };
}
