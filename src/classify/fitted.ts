// A picture averaged down until its longest side fits, so that what is measured on it costs the same whatever its size. Never enlarges.

import { scaled } from './area.ts';
import { wholeCut, type Picture } from './preprocess.ts';
import type { Field } from './structure-tensor.ts';

/** Row-major values 0..255; as they are where the longest side is within `longest` pixels already. The aspect is kept to half a pixel. */
export function fitted(picture: Picture, longest: number): Field {
  const { area } = picture;
  const by = Math.min(1, longest / Math.max(area.width, area.height));
  const width = Math.max(1, Math.round(area.width * by));
  const height = Math.max(1, Math.round(area.height * by));
  const [values] = scaled(picture, wholeCut(picture), width, height);
  return { width, height, values: values! };
}
