// 95 % intervals of the figures of an evaluation, by drawing groups: all figures from the same draws. Pure.

import { CATEGORIES, type Category } from '../domain/categories.ts';
import { bootstrapByGroup, type Interval } from './bootstrap.ts';
import { clopperPearson } from './binomial.ts';
import { effectiveGroups } from './effective-groups.ts';
import type { Result } from './outcome.ts';

const OVERALL = ['top1', 'top2', 'macroRecall', 'macroPrecision', 'macroF1', 'autoPrecision', 'autoCoverage'] as const; // prettier-ignore
type Overall = (typeof OVERALL)[number];
type PerCategory = { recall: Interval | null; precision: Interval | null; f1: Interval | null };

/** Null where an interval says nothing: a figure that rests on fewer than five groups, or that most draws do not have. */
export type Intervals = Record<Overall, Interval | null> & {
  perCategory: Partial<Record<Category, PerCategory>>;
};

/** Drawn from fewer, an interval says how alike these few are, not how far off the figure is. */
const ENOUGH_GROUPS = 5;

/**
 * Percentiles of draws. A share of 0 or 1 is the same in every draw: it has the interval of Clopper and Pearson, effective groups counted; other
 * figures that never vary have none. The calibration error has none either: drawing makes it larger than it is. Means over categories are over
 * those in the draw. `auto`: labels are given above it.
 */
export function intervalsOf(results: Result[], auto: number): Intervals {
  const present = CATEGORIES.filter((c) => results.some(({ truth }) => truth === c));
  const truth = results.map((r) => CATEGORIES.indexOf(r.truth));
  const called = results.map((r) => CATEGORIES.indexOf(r.category));
  const figures = (times: Float64Array): number[] => {
    const there = new Float64Array(CATEGORIES.length);
    const so = new Float64Array(CATEGORIES.length);
    const right = new Float64Array(CATEGORIES.length);
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
      ...present
        .map((c) => CATEGORIES.indexOf(c))
        .flatMap((c) => [right[c]! / there[c]!, right[c]! / so[c]!, f1(c)]),
    ];
  };
  const point = figures(new Float64Array(results.length).fill(1));
  const drawn = bootstrapByGroup(results.map(({ group }) => group), figures); // prettier-ignore
  const all = { rest: results, share: true };
  const means = { rest: results, share: false };
  const above = { rest: results.filter(({ score }) => score > auto), share: true };
  const bases = [all, all, means, means, means, above, all].concat(
    present.flatMap((category) => {
      const there = results.filter((r) => r.truth === category);
      return [
        { rest: there, share: true },
        { rest: results.filter((r) => r.category === category), share: true },
        { rest: there, share: false },
      ];
    }),
  );
  const found = bases.map(({ rest, share }, k) => {
    const groups = rest.map(({ group }) => group);
    if (new Set(groups).size < ENOUGH_GROUPS) return null;
    const effective = effectiveGroups(groups);
    if (share && (point[k] === 0 || point[k] === 1)) return clopperPearson(point[k] * effective, effective);
    const interval = drawn[k] ?? null;
    return interval && interval.low === interval.high ? null : interval;
  });
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
