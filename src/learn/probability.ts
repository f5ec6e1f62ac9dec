// How probable each outcome is at a top score (Fig. 6 of Modarres et al. 2017), and where the curves cross: the paper's two thresholds come from there. Pure.

import { bootstrapByGroup, type Interval } from './bootstrap.ts';
import { OUTCOMES, type Outcome, type Result } from './outcome.ts';

/** Standard deviation of the Gaussian kernel, in score: a bin of the histogram. */
const WIDTH = 0.05;
const STEP = 0.01;
/** A curve is drawn only where so many groups have an image within one width: elsewhere it would rest on two or three series. */
const ENOUGH_GROUPS = 5;

export type Curve = {
  /** the scores at which the curves are known, ascending by 0.01 */
  scores: number[];
  probability: Record<Outcome, number[]>;
  intervals: Record<Outcome, (Interval | null)[]>;
  crossovers: Crossover[];
};

export type Crossover = {
  name: CrossoverName;
  /** from this top score upwards the first is above the second all the way; null where it is not even at the highest score */
  score: number | null;
  interval: Interval | null;
};

export const CROSSOVERS = {
  topOverNeither: 'top right more probable than neither',
  topOverSecond: 'top right more probable than second right',
  topOverHalf: 'top right more probable than not',
  twoOverHalf: 'right one among the top two more probable than not',
  topWanted: 'top right as probable as wanted',
} as const;
export type CrossoverName = keyof typeof CROSSOVERS;

/**
 * Nadaraya-Watson: at each score the mean of the outcomes, weighted by a Gaussian of their distance (Nadaraya 1964; Watson 1964). Intervals by
 * drawing groups. `wanted`: the error rate of `topWanted`.
 */
export function probabilityGiven(results: Result[], wanted: number): Curve {
  const scores = supported(results);
  const kernel = results.map(({ score }) => scores.map((at) => Math.exp(-(((score - at) / WIDTH) ** 2) / 2)));
  const is = results.map(({ outcome }) => OUTCOMES.indexOf(outcome));
  /** [outcomes x scores], then the crossovers */
  const curves = (times: Float64Array): number[] => {
    const sums = OUTCOMES.map(() => new Float64Array(scores.length));
    for (let i = 0; i < results.length; i++) {
      if (times[i] === 0) continue;
      const sum = sums[is[i]!]!;
      for (let s = 0; s < scores.length; s++) sum[s] = sum[s]! + times[i]! * kernel[i]![s]!;
    }
    const all = scores.map((_, s) => sums[0]![s]! + sums[1]![s]! + sums[2]![s]!);
    const [top, second, neither] = sums.map((sum) => Array.from(sum, (v, s) => v / all[s]!));
    return [...top!, ...second!, ...neither!, ...crossings(scores, top!, second!, neither!, wanted)];
  };
  const values = curves(new Float64Array(results.length).fill(1));
  const intervals = bootstrapByGroup(results.map(({ group }) => group), curves); // prettier-ignore
  const part = <T>(list: T[], k: number) => list.slice(k * scores.length, (k + 1) * scores.length);
  const each = <T>(list: T[]) =>
    Object.fromEntries(OUTCOMES.map((o, k) => [o, part(list, k)])) as Record<Outcome, T[]>;
  const after = OUTCOMES.length * scores.length;
  return {
    scores,
    probability: each(values),
    intervals: each(intervals),
    crossovers: (Object.keys(CROSSOVERS) as CrossoverName[]).map((name, k) => ({
      name,
      score: Number.isFinite(values[after + k]) ? values[after + k]! : null,
      interval: intervals[after + k] ?? null,
    })),
  };
}

function supported(results: Result[]): number[] {
  const all = Array.from({ length: 1 + 1 / STEP }, (_, i) => i * STEP).map((v) => Math.round(v * 100) / 100);
  const near = (at: number) =>
    new Set(results.filter(({ score }) => Math.abs(score - at) <= WIDTH).map(({ group }) => group)).size;
  const known = all.filter((at) => near(at) >= ENOUGH_GROUPS);
  return known.length === 0 ? [] : all.filter((at) => at >= known[0]! && at <= known.at(-1)!);
}

/** In the order of CROSSOVERS; NaN where there is none. */
function crossings(
  scores: number[],
  top: number[],
  second: number[],
  neither: number[],
  wanted: number,
): number[] {
  const differences: ((s: number) => number)[] = [
    (s) => top[s]! - neither[s]!,
    (s) => top[s]! - second[s]!,
    (s) => top[s]! - 0.5,
    (s) => 0.5 - neither[s]!,
    (s) => top[s]! - (1 - wanted),
  ];
  return differences.map((difference) => {
    let s = scores.length - 1;
    if (s < 0 || !(difference(s) > 0)) return NaN;
    while (s > 0 && difference(s - 1) > 0) s--;
    if (s === 0) return scores[0]!; // there or below
    const [low, high] = [difference(s - 1), difference(s)];
    return scores[s - 1]! + ((0 - low) / (high - low)) * (scores[s]! - scores[s - 1]!);
  });
}
