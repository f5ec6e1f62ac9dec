// How often top scores of a height are right: the bins behind the expected calibration error. Pure.

import { bootstrapByGroup, type Interval } from './bootstrap.ts';
import type { Result } from './outcome.ts';

const BINS = 10;

export type Reliability = {
  /** mean over ten equal bins of |share right - mean score|, weighted by the bin's images (Naeini et al., AAAI 2015) */
  ece: number;
  interval: Interval | null;
  /** null where a bin is empty */
  bins: { from: number; to: number; images: number; score: number | null; right: number | null }[];
};

export function reliabilityOf(results: Result[]): Reliability {
  const at = results.map(({ score }) => Math.min(BINS - 1, Math.floor(score * BINS)));
  const sums = (times: (i: number) => number) => {
    const bins = Array.from({ length: BINS }, () => ({ n: 0, score: 0, right: 0 }));
    for (const [i, { score, outcome }] of results.entries()) {
      const bin = bins[at[i]!]!;
      bin.n += times(i);
      bin.score += times(i) * score;
      if (outcome === 'top') bin.right += times(i);
    }
    return bins;
  };
  const error = (bins: { n: number; score: number; right: number }[]) =>
    bins.reduce((sum, { score, right }) => sum + Math.abs(right - score), 0) /
    bins.reduce((sum, { n }) => sum + n, 0);
  const once = sums(() => 1);
  const [interval] = bootstrapByGroup(results.map(({ group }) => group), (times) => [error(sums((i) => times[i]!))]); // prettier-ignore
  return {
    ece: error(once),
    interval: interval ?? null,
    bins: once.map(({ n, score, right }, b) => ({
      from: b / BINS,
      to: (b + 1) / BINS,
      images: n,
      score: n === 0 ? null : score / n,
      right: n === 0 ? null : right / n,
    })),
  };
}
