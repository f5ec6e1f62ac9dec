// Intervals by drawing whole groups with replacement: images of one series err together, so single images would make them too narrow. Seeded.

import { randomOf } from '../domain/random.ts';

export const DRAWS = 1000;

/** 95 %. */
export type Interval = { low: number; high: number };

/**
 * Percentile intervals (Efron 1979; whole groups: Davison & Hinkley, Bootstrap Methods, 1997, 3.8). A draw takes as many groups as there are,
 * each floor(random * groups) in the order in which they first occur. `statistic` gets how often each image is in the draw. What is not a
 * number in a draw is left out there; null where that is so in more than half of them, or where there are fewer than two groups.
 */
export function bootstrapByGroup(
  groups: string[],
  statistic: (times: Float64Array) => number[],
  { draws = DRAWS, seed = 1 } = {},
): (Interval | null)[] {
  const names = [...new Set(groups)];
  const index = new Map(names.map((name, i) => [name, i]));
  const of = groups.map((group) => index.get(group)!);
  const random = randomOf(seed);
  const found: number[][] = [];
  for (let d = 0; d < draws; d++) {
    const drawn = new Float64Array(names.length);
    for (let k = 0; k < names.length; k++) {
      const g = Math.floor(random() * names.length);
      drawn[g] = drawn[g]! + 1;
    }
    for (const [s, value] of statistic(Float64Array.from(of, (g) => drawn[g]!)).entries())
      (found[s] ??= []).push(value);
  }
  return found.map((values) => {
    const known = values.filter(Number.isFinite).sort((a, b) => a - b);
    if (names.length < 2 || known.length < draws / 2) return null;
    return { low: percentile(known, 0.025), high: percentile(known, 0.975) };
  });
}

/** Linear between the two nearest ranks, as numpy and R (type 7) do. `sorted`: not empty. */
export function percentile(sorted: number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return sorted[below]! + (at - below) * (next - sorted[below]!);
}
