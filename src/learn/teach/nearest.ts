// Which of several series of one folder or sample a new image looks most like.

import { cosine } from './neighbours.ts';

/** A subject is seen from several sides: the most alike count, so many of them. */
const COUNTED = 3;

/** Index of the series whose images are nearest to `u`: the mean of the highest cosines. Of equals the first; undefined where none has images. */
export function nearestOf(u: Float32Array, series: Float32Array[][]): number | undefined {
  let [best, highest] = [undefined as number | undefined, -Infinity];
  for (const [i, places] of series.entries()) {
    const first = places.map((v) => cosine(u, v)).sort((a, b) => b - a).slice(0, COUNTED); // prettier-ignore
    const mean = first.reduce((a, b) => a + b, 0) / first.length;
    if (mean > highest) [best, highest] = [i, mean];
  }
  return best;
}
