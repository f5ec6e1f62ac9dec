// What other thresholds would have done to the confirmed history, integer for integer as the router decides, and how many automatic labels would be wrong. Pure.

import { CATEGORIES } from '../domain/categories.ts';
import { STRATA } from '../domain/confirmed.ts';
import { DECISIONS, pairOf, type Decision, type ThresholdsValue } from '../domain/decision.ts';
import { clopperPearson } from './binomial.ts';
import { UNUSABLE, type Columns } from './confirmed-history.ts';

/** Images of one decision, by what the person said: the top category, the second one, or neither. One that cannot be used is neither. */
export type Outcomes = { first: number; second: number; neither: number };

/** A share of wrong labels, estimated. */
export type Estimate = {
  /** images and series that it rests on, and how many of these images are wrong */
  images: number;
  series: number;
  wrong: number;
  /** 0..1, each image weighted by how many it stands for; absent where `why` says why not */
  error?: number;
  /** 95 %: Clopper-Pearson with so many trials as series of one weight would tell as much (Korn & Graubard 1998) */
  interval?: { low: number; high: number };
  /** few: fewer than 20 images or 5 series; unchecked: no image that labelled itself has been checked */
  why?: 'few' | 'unchecked';
};

export type WhatIf = {
  /** of the history; the sum of all counts */
  images: number;
  counts: Record<Decision, Outcomes>;
  /** of those that would label themselves: second + neither */
  wrong: number;
  /** of all images, not of the confirmed ones: which share would go which way; absent where the history cannot tell */
  shares?: Record<Decision, number>;
  /** of the labels that would be given by itself */
  error: Estimate;
};

/** Of all, and of each top category in the order of CATEGORIES. */
export type WhatIfs = { all: WhatIf; perCategory: WhatIf[] };

/** `rows`: which count, undefined all; `automatic`: whether any image labelled itself, so that answers to prompts alone are not the whole. */
export type Sample = { columns: Columns; rows: Uint8Array | undefined; automatic: boolean };

export const ENOUGH_IMAGES = 20;
/** Fewer say how alike these few are, not how far off the figure is. */
export const ENOUGH_SERIES = 5;

const DRAWN = STRATA.indexOf('drawn');
const ALL = CATEGORIES.length;
const PARTS = ALL + 1;
const OUTCOMES = 3;

export function whatIf({ columns, rows, automatic }: Sample, thresholds: ThresholdsValue): WhatIfs {
  const { n, top, second, truth, score, weight, series, stratum } = columns;
  const pairs = CATEGORIES.map((category) => pairOf(thresholds, category));
  const auto = Float64Array.from(pairs, (pair) => pair.auto);
  const prompt = Float64Array.from(pairs, (pair) => pair.prompt);
  const counts = new Int32Array(ALL * DECISIONS.length * OUTCOMES);
  const weights = new Float64Array(ALL * DECISIONS.length);
  const drawn = new Int32Array(ALL);
  const tally = seriesTally(columns.groups);
  for (let i = 0; i < n; i++) {
    if (rows && rows[i] === 0) continue;
    const category = top[i]!;
    const outcome = truth[i] === category ? 0 : truth[i] === second[i] ? 1 : 2;
    const decision = score[i]! > auto[category]! ? 0 : score[i]! >= prompt[category]! ? 1 : 2;
    const part = category * DECISIONS.length + decision;
    counts[part * OUTCOMES + outcome]!++;
    const stands = truth[i] === UNUSABLE ? 0 : weight[i]!;
    if (stands === 0) continue;
    weights[part]! += stands;
    if (stratum[i] === DRAWN) drawn[category]!++;
    if (decision === 0) tally.add(category, series[i]!, stands, outcome !== 0);
  }
  const whatIfOf = (categories: number[], part: number): WhatIf => {
    const of = (decision: number, outcome: number) =>
      categories.reduce((sum, c) => sum + counts[(c * DECISIONS.length + decision) * OUTCOMES + outcome]!, 0);
    const ways = DECISIONS.map((_, d): Outcomes => ({
      first: of(d, 0),
      second: of(d, 1),
      neither: of(d, 2),
    }));
    const stands = DECISIONS.map((_, d) => categories.reduce((sum, c) => sum + weights[c * DECISIONS.length + d]!, 0)); // prettier-ignore
    const total = stands.reduce((a, b) => a + b, 0);
    const unchecked = automatic && categories.every((c) => drawn[c] === 0);
    const byDecision = <T>(values: T[]) =>
      Object.fromEntries(DECISIONS.map((name, d) => [name, values[d]])) as Record<Decision, T>;
    return {
      images: ways.reduce((sum, one) => sum + one.first + one.second + one.neither, 0),
      counts: byDecision(ways),
      wrong: ways[0]!.second + ways[0]!.neither,
      ...(total > 0 && !unchecked ? { shares: byDecision(stands.map((one) => one / total)) } : {}),
      error: tally.estimate(part, unchecked),
    };
  };
  const each = CATEGORIES.map((_, c) => c);
  return { all: whatIfOf(each, ALL), perCategory: each.map((c) => whatIfOf([c], c)) };
}

/** Of labels that these thresholds gave, as the blind checks that chance drew saw them. Of all, and of each top category. */
export function pastErrors(
  { columns, rows }: Sample,
  version: number,
): { all: Estimate; perCategory: Estimate[] } {
  const tally = seriesTally(columns.groups);
  for (let i = 0; i < columns.n; i++) {
    if (columns.stratum[i] !== DRAWN || columns.version[i] !== version || columns.truth[i] === UNUSABLE)
      continue;
    if (rows && rows[i] === 0) continue;
    tally.add(columns.top[i]!, columns.series[i]!, columns.weight[i]!, columns.truth[i] !== columns.top[i]);
  }
  return { all: tally.estimate(ALL, false), perCategory: CATEGORIES.map((_, c) => tally.estimate(c, false)) };
}

/** Weights of images by top category and series: labels of one series are right or wrong together, and one long series is not many. */
function seriesTally(groups: number) {
  const images = new Int32Array(PARTS);
  const wrong = new Int32Array(PARTS);
  const weight = new Float64Array(PARTS);
  const wrongWeight = new Float64Array(PARTS);
  // room for every series, so only where one comes
  const bySeries: (Float64Array | undefined)[] = Array.from({ length: PARTS });
  return {
    add(category: number, series: number, stands: number, isWrong: boolean): void {
      for (const part of [category, ALL]) {
        images[part]!++;
        weight[part]! += stands;
        (bySeries[part] ??= new Float64Array(groups))[series]! += stands;
        if (!isWrong) continue;
        wrong[part]!++;
        wrongWeight[part]! += stands;
      }
    },
    estimate(part: number, unchecked: boolean): Estimate {
      let [series, squares] = [0, 0];
      const sums = bySeries[part] ?? [];
      for (let k = 0; k < sums.length; k++) {
        if (sums[k] === 0) continue;
        series++;
        squares += sums[k]! ** 2;
      }
      const known = { images: images[part]!, series, wrong: wrong[part]! };
      if (unchecked) return { ...known, why: 'unchecked' };
      if (known.images < ENOUGH_IMAGES || series < ENOUGH_SERIES) return { ...known, why: 'few' };
      const error = wrongWeight[part]! / weight[part]!;
      // Kish's number of series that tell as much, their weights in place of their sizes
      const effective = weight[part]! ** 2 / squares;
      return { ...known, error, interval: clopperPearson(error * effective, effective) };
    },
  };
}
