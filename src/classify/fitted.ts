// A picture averaged down until its longest side fits, so that what is measured on it costs the same whatever its size. Never enlarges.

import { bandsOf, tapsOf } from './area.ts';
import { wholeCut, type Picture } from './preprocess.ts';
import type { Field } from './structure-tensor.ts';

/** Row-major values 0..255; as they are where the longest side is within `longest` pixels already. The aspect is kept to half a pixel. */
export function fitted(picture: Picture, longest: number): Field {
  const { area, grey, scale } = picture;
  const by = Math.min(1, longest / Math.max(area.width, area.height));
  const width = Math.max(1, Math.round(area.width * by));
  const height = Math.max(1, Math.round(area.height * by));
  const values = new Float32Array(width * height);
  const { rows } = bandsOf(grey, wholeCut(picture), height, scale);
  const taps = tapsOf(0, area.width, width, area.width);
  for (let r = 0, at = 0; r < height; r++)
    for (const { first, weights } of taps) {
      let sum = 0;
      for (let k = 0, from = r * area.width + first; k < weights.length; k++)
        sum += weights[k]! * rows[from + k]!;
      values[at++] = sum;
    }
  return { width, height, values };
}
