// 64 bits that tell what a picture looks like from afar, for finding near-duplicates. Never an identity: that is the SHA-256 of the bytes.

import { scaled } from './area.ts';
import { wholeCut, type Picture } from './preprocess.ts';

/** Changing what is computed needs a new version: cached hashes carry it. */
export const PICTURE_HASH = 'dct-1';

const SIDE = 32;
const BITS = 64;

/**
 * Signs, against their median, of the 64 slowest waves of the picture averaged down to 32 x 32 (perceptual hash by the discrete cosine
 * transform: Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010). The constant part is left out, so that
 * brightness does not count, nor contrast. 16 hexadecimal digits.
 */
export function pictureHash(picture: Picture): string {
  const waves = slowest(scaled(picture, wholeCut(picture), SIDE, SIDE)[0]!);
  const sorted = waves.toSorted();
  const median = (sorted[BITS / 2 - 1]! + sorted[BITS / 2]!) / 2;
  let digits = '';
  for (let i = 0; i < BITS; i += 4) {
    let digit = 0;
    for (let k = 0; k < 4; k++) digit = 2 * digit + (waves[i + k]! > median ? 1 : 0);
    digits += digit.toString(16);
  }
  return digits;
}

/** Pairs (u, v) of wave numbers, slowest first, without (0, 0). */
const ORDER = Array.from({ length: SIDE * SIDE - 1 }, (_, i) => [Math.floor((i + 1) / SIDE), (i + 1) % SIDE] as const)
  .sort(([a, b], [c, d]) => a + b - (c + d) || a - c)
  .slice(0, BITS); // prettier-ignore

const COSINES = Array.from({ length: SIDE }, (_, u) =>
  Float64Array.from({ length: SIDE }, (_v, x) => Math.cos(((2 * x + 1) * u * Math.PI) / (2 * SIDE))),
);

/** DCT-II of the square at ORDER. [64] */
function slowest(square: Float32Array): Float64Array {
  return Float64Array.from(ORDER, ([u, v]) => {
    let sum = 0;
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++) sum += COSINES[u]![y]! * COSINES[v]![x]! * square[y * SIDE + x]!;
    return sum;
  });
}
