// 95 % intervals of the figures of an evaluation, by drawing groups: all figures from the same draws. Pure.

import { CATEGORIES, type Category } from '../domain/categories.ts';
import { bootstrapByGroup, type Interval } from './bootstrap.ts';
import type { Result } from './outcome.ts';

const OVERALL = ['top1', 'top2', 'macroRecall', 'macroPrecision', 'macroF1', 'autoPrecision', 'autoCoverage', 'ece'] as const; // prettier-ignore
type Overall = (typeof OVERALL)[number];
type PerCategory = { recall: Interval | null; precision: Interval | null; f1: Interval | null };

/** Null where an interval says nothing: one group, or a figure that most draws do not have. */
export type Intervals = Record<Overall, Interval | null> & {
  perCategory: Partial<Record<Category, PerCategory>>;
};

const BINS = 10;

/** Means over categories are over those in the draw. `auto`: labels are given above it. */
export function intervalsOf(results: Result[], auto: number): Intervals {
  const present = CATEGORIES.filter((c) => results.some(({ truth }) => truth === c));
  const truth = results.map((r) => CATEGORIES.indexOf(r.truth));
  const called = results.map((r) => CATEGORIES.indexOf(r.category));
  const bin = results.map(({ score }) => Math.min(BINS - 1, Math.floor(score * BINS)));
  const figures = (times: Float64Array): number[] => {
    const there = new Float64Array(CATEGORIES.length);
    const so = new Float64Array(CATEGORIES.length);
    const right = new Float64Array(CATEGORIES.length);
    const gap = new Float64Array(BINS);
    let [n, first, two, above, aboveRight] = [0, 0, 0, 0, 0];
    for (const [i, { outcome, score }] of results.entries()) {
      const k = times[i]!;
      if (k === 0) continue;
      const hit = outcome === 'top' ? k : 0;
      n += k;
      first += hit;
      if (outcome !== 'neither') two += k;
      there[truth[i]!]! += k;
      so[called[i]!]! += k;
      right[truth[i]!]! += hit;
      gap[bin[i]!]! += hit - k * score;
      if (score > auto) [above, aboveRight] = [above + k, aboveRight + hit];
    }
    const drawn = [...there.keys()].filter((c) => there[c]! > 0);
    const mean = (of: (c: number) => number) => drawn.reduce((sum, c) => sum + of(c), 0) / drawn.length;
    const f1 = (c: number) => (2 * right[c]!) / (there[c]! + so[c]!);
    return [
      first / n,
      two / n,
      mean((c) => right[c]! / there[c]!),
      mean((c) => (so[c] === 0 ? 0 : right[c]! / so[c]!)),
      mean(f1),
      aboveRight / above,
      above / n,
      gap.reduce((sum, g) => sum + Math.abs(g), 0) / n,
      ...present
        .map((c) => CATEGORIES.indexOf(c))
        .flatMap((c) => [right[c]! / there[c]!, right[c]! / so[c]!, f1(c)]),
    ];
  };
  const found = bootstrapByGroup(results.map(({ group }) => group), figures); // prettier-ignore
  const perCategory = present.map((category, k) => {
    const [recall = null, precision = null, f1 = null] = found.slice(OVERALL.length + 3 * k);
    return [category, { recall, precision, f1 }] as const;
  });
  return {
    ...(Object.fromEntries(OVERALL.map((name, k) => [name, found[k] ?? null])) as Record<
      Overall,
      Interval | null
    >),
    perCategory: Object.fromEntries(perCategory),
  };
}
