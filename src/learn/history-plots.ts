// What the page of thresholds draws of the confirmed history: top scores in bins, and the risk against the coverage. Pure.

import { STRATA } from '../domain/confirmed.ts';
import { UNUSABLE } from './confirmed-history.ts';
import type { Outcomes, Sample } from './what-if.ts';

/** From `from` (included) up to the next bin; the last one holds a score of 1 too. */
export type Bin = Outcomes & { from: number };

export const BINS = 50;
/** More than a screen has pixels for are not sent. */
const MOST_POINTS = 250;

export function histogram({ columns, rows }: Sample, category?: number): Bin[] {
  const bins = Array.from({ length: BINS }, (_, k): Bin => ({
    from: k / BINS,
    first: 0,
    second: 0,
    neither: 0,
  }));
  const { n, top, second, truth, score } = columns;
  for (let i = 0; i < n; i++) {
    if ((rows && rows[i] === 0) || (category !== undefined && top[i] !== category)) continue;
    // by the borders that are shown: 0.58 * 50 is 28.999999999999996
    let k = Math.min(BINS - 1, Math.floor(score[i]! * BINS));
    if (k + 1 < BINS && score[i]! >= (k + 1) / BINS) k++;
    bins[k]![truth[i] === top[i] ? 'first' : truth[i] === second[i] ? 'second' : 'neither']++;
  }
  return bins;
}

/** Labels given to scores from `from` on: the share of all images that has one, and the share of those that is wrong. */
export type CurvePoint = { from: number; coverage: number; risk: number };

/** From the highest score down, each image weighted by how many it stands for; none where the history stands for nothing as a whole. */
export function riskCurve({ columns, rows, automatic }: Sample, category?: number): CurvePoint[] {
  const { n, top, truth, score, weight, stratum } = columns;
  const chosen: number[] = [];
  let drawn = 0;
  for (let i = 0; i < n; i++) {
    if ((rows && rows[i] === 0) || (category !== undefined && top[i] !== category)) continue;
    if (weight[i] === 0 || truth[i] === UNUSABLE) continue;
    chosen.push(i);
    if (stratum[i] === STRATA.indexOf('drawn')) drawn++;
  }
  if (automatic && drawn === 0) return [];
  const order = Uint32Array.from(chosen).sort((a, b) => score[b]! - score[a]!);
  const total = order.reduce((sum, i) => sum + weight[i]!, 0);
  const points: CurvePoint[] = [];
  let [covered, wrong] = [0, 0];
  for (let k = 0; k < order.length; k++) {
    const i = order[k]!;
    covered += weight[i]!;
    if (truth[i] !== top[i]) wrong += weight[i]!;
    const below = k + 1 < order.length ? score[order[k + 1]!]! : -1;
    if (below === score[i]) continue;
    points.push({ from: score[i]!, coverage: covered / total, risk: wrong / covered });
  }
  const step = Math.max(1, Math.ceil(points.length / MOST_POINTS));
  return points.filter((_, k) => k % step === 0 || k === points.length - 1);
}
