// Score statistics of Modarres et al. 2017: how top scores are spread where the top category, the second or neither is right (Figs. 4 and 5). Pure.

import { OUTCOMES, type Outcome, type Result } from './outcome.ts';

const BINS = 20;

/** Edges of the bins of the top score: 0, 0.05, ... 1. The last bin holds 1 too. */
export const EDGES = Array.from({ length: BINS + 1 }, (_, i) => i / BINS);

export type Spread = {
  /** images a bin (Fig. 4) */
  counts: Record<Outcome, number[]>;
  /** share of the images of that outcome a bin, each sums to 1 (Fig. 5); zeros where the outcome never occurs */
  shares: Record<Outcome, number[]>;
};

export function spreadOf(results: Pick<Result, 'score' | 'outcome'>[]): Spread {
  const counts = byOutcome((outcome) => {
    const bins = new Array<number>(BINS).fill(0);
    for (const { score, outcome: own } of results) {
      const bin = Math.min(BINS - 1, Math.floor(score * BINS));
      if (own === outcome) bins[bin] = bins[bin]! + 1;
    }
    return bins;
  });
  const shares = byOutcome((outcome) => {
    const sum = counts[outcome].reduce((a, b) => a + b, 0);
    return counts[outcome].map((n) => (sum === 0 ? 0 : n / sum));
  });
  return { counts, shares };
}

function byOutcome<T>(make: (outcome: Outcome) => T): Record<Outcome, T> {
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, make(outcome)])) as Record<Outcome, T>;
}
