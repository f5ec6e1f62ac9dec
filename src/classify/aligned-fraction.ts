// From pieces of edges to the share of wires that lie in one direction. Pure.

import type { EdgePieces } from './edge-pieces.ts';

/** A wire counts in full up to so many degrees from the common direction, by half at 10, and nothing from 15 on: no piece is lost by a degree. */
const FULL = 5;
const NOTHING = 15;
/** Bins of half a degree. */
const BINS = 360;

/** How much a wire counts that lies `degrees` from the common direction (modulo 180). */
export function alignedWeight(degrees: number): number {
  const turned = Math.abs(degrees) % 180;
  const off = Math.min(turned, 180 - turned);
  return Math.min(1, Math.max(0, (NOTHING - off) / (NOTHING - FULL)));
}

export type AlignedFraction = {
  /** share of the length within the common direction, 0..1 */
  fraction: number;
  /** the common direction: the one that most length lies along; degrees, 0 <= d < 180 */
  direction: number;
  /** share of the length by direction, from 0 degrees on; [bins] */
  histogram: number[];
};

/** Undefined where there are no pieces. `bins` divides 360. */
export function alignedFraction({ directions, lengths }: EdgePieces, bins = 36): AlignedFraction | undefined {
  const byDirection = new Float64Array(BINS);
  directions.forEach((d, i) => (byDirection[Math.floor((d * BINS) / 180) % BINS]! += lengths[i]!));
  const all = byDirection.reduce((sum, length) => sum + length, 0);
  if (all === 0) return undefined;
  const weights = Float64Array.from(byDirection, (_, k) => alignedWeight((k * 180) / BINS));
  let [most, peak] = [-1, 0];
  for (let p = 0; p < BINS; p++) {
    let length = 0;
    for (let k = 0; k < BINS; k++) length += byDirection[k]! * weights[(k - p + BINS) % BINS]!;
    if (length > most) [most, peak] = [length, p];
  }
  const each = BINS / bins;
  return {
    fraction: most / all,
    direction: centre(byDirection, peak),
    histogram: Array.from({ length: bins }, (_, b) => byDirection.subarray(b * each, (b + 1) * each).reduce((sum, v) => sum + v, 0) / all), // prettier-ignore
  };
}

/** Mean direction of what counts at the peak: many directions can hold the same share. */
function centre(byDirection: Float64Array, peak: number): number {
  let [sum, weight] = [0, 0];
  const reach = (NOTHING * BINS) / 180;
  for (let k = -reach; k <= reach; k++) {
    const length = byDirection[(peak + k + BINS) % BINS]! * alignedWeight((k * 180) / BINS);
    sum += length * k;
    weight += length;
  }
  const degrees = ((peak + sum / weight + 0.5) * 180) / BINS;
  return ((degrees % 180) + 180) % 180;
}
