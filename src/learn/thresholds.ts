// Thresholds proposed for a wanted error rate: the lowest score from which on it is shown, not hoped, that no more labels are wrong. Pure.

import { clopperPearson } from './binomial.ts';
import { effectiveGroups } from './effective-groups.ts';
import type { Result } from './outcome.ts';

export type Proposal = {
  verdict: 'proposed' | 'not enough data' | 'more errors than wanted';
  /** labels are given above it; null unless proposed */
  threshold: number | null;
  /** what follows describes: the images with a top score above this */
  above: number;
  images: number;
  groups: number;
  /** groups of one size that would tell as much */
  effective: number;
  wrong: number;
  /** share of the images that is wrong; null without images */
  error: number | null;
  /** 95 % of that share, Clopper-Pearson with so many trials as there are effective groups (Korn & Graubard 1998) */
  low: number;
  high: number;
  /** share of all images given that lie above */
  coverage: number;
};

/** Where there is not enough data, the threshold of the paper is described. */
const DESCRIBED = 0.8;
const STEPS = 100;

/**
 * `results`: of one predicted category, or all. From the top down in steps of 0.01 while the interval's upper end stays at or below `wanted`, and
 * no further than the first step that fails: tests in a fixed order need no correction for their number (fixed sequence testing in Learn then
 * Test, Angelopoulos et al. 2021). The order begins where there are enough effective groups to bear one wrong one, else none: that follows from
 * scores and groups alone. What is bounded is the share of images: a long series that is wrong weighs as much as it has images.
 */
export function proposeThreshold(results: Result[], wanted: number): Proposal {
  const at = (step: number) => describe(results, step / STEPS);
  const groupsAbove = (step: number) =>
    effectiveGroups(results.filter(({ score }) => score > step / STEPS).map(({ group }) => group));
  const steps = Array.from({ length: STEPS }, (_, i) => STEPS - 1 - i);
  const start = [1, 0]
    .map((wrong) => groupsFor(wrong, wanted))
    .map((needed) => steps.find((step) => groupsAbove(step) >= needed))
    .find((step) => step !== undefined);
  if (start === undefined) return notEnough();
  let best: Described | undefined;
  for (let step = start; step >= 0; step--) {
    const found = at(step);
    if (found.high > wanted) break;
    best = found;
  }
  if (best) return { verdict: 'proposed', threshold: best.above, ...best };
  const first = at(start);
  if (first.low > wanted) return { verdict: 'more errors than wanted', threshold: null, ...first };
  return notEnough();

  function notEnough(): Proposal {
    return { verdict: 'not enough data', threshold: null, ...describe(results, DESCRIBED) };
  }
}

/** How many groups of one size bear so many wrong ones: the smallest n whose interval ends at or below `wanted`. */
export function groupsFor(wrong: number, wanted: number): number {
  // none wrong: the closed form; more cannot need fewer
  let n = Math.max(wrong + 1, Math.ceil(Math.log(0.025) / Math.log(1 - wanted)));
  while (clopperPearson(wrong, n).high > wanted) n++;
  return n;
}

type Described = Omit<Proposal, 'verdict' | 'threshold'>;

function describe(results: Result[], above: number): Described {
  const chosen = results.filter(({ score }) => score > above);
  const groups = chosen.map(({ group }) => group);
  const effective = effectiveGroups(groups);
  const wrong = chosen.filter(({ outcome }) => outcome !== 'top').length;
  const error = chosen.length === 0 ? null : wrong / chosen.length;
  return {
    above,
    images: chosen.length,
    groups: new Set(groups).size,
    effective,
    wrong,
    error,
    ...(error === null ? { low: 0, high: 1 } : clopperPearson(error * effective, effective)),
    coverage: results.length === 0 ? 0 : chosen.length / results.length,
  };
}
