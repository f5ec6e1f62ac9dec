// Scales a rectangle of a grey picture to a square: area average where it shrinks (antialiased), bilinear where it grows. Never copies the picture.

import type { Grey } from '../domain/grey.ts';

/** A rectangle in pixels of the picture; edges may be fractions of a pixel. */
export type Cut = { left: number; top: number; width: number; height: number };

/** Source samples `first`.. with one weight each (sum 1) that make one output sample. */
type Taps = { first: number; weights: Float64Array };

/**
 * Weights of `size` output samples over `length` source samples from `from` (may be fractional), inside 0..limit.
 * Shrinking: output sample i is the exact average over its interval, a sample that lies partly in it counts by that part.
 * Growing: linear between the two nearest sample centres, clamped at the edges.
 */
export function tapsOf(from: number, length: number, size: number, limit: number): Taps[] {
  const step = length / size;
  return Array.from({ length: size }, (_, i) => {
    if (step < 1) {
      const centre = Math.min(Math.max(from + (i + 0.5) * step - 0.5, 0), limit - 1);
      const first = Math.min(Math.floor(centre), Math.max(limit - 2, 0));
      const part = centre - first;
      return limit === 1
        ? { first, weights: Float64Array.of(1) }
        : { first, weights: Float64Array.of(1 - part, part) };
    }
    const start = Math.max(from + i * step, 0);
    const end = Math.min(from + (i + 1) * step, limit);
    const first = Math.min(Math.floor(start), limit - 1);
    const last = Math.max(Math.min(Math.ceil(end), limit), first + 1);
    const weights = new Float64Array(last - first);
    for (let k = first; k < last; k++)
      weights[k - first] = (Math.min(k + 1, end) - Math.max(k, start)) / (end - start);
    return { first, weights };
  });
}

/** Rows of a rectangle brought to `size` rows, columns as they were: what two cuts of the same rows can share. */
export type Bands = { left: number; width: number; rows: Float64Array };

/** `scale`: value of every sample value, or absent where samples are taken as they are. */
export function bandsOf(grey: Grey, cut: Cut, size: number, scale?: Float32Array): Bands {
  const left = Math.floor(cut.left);
  const width = Math.min(Math.ceil(cut.left + cut.width), grey.width) - left;
  // one row more than there are: squareOf may look past the last one, at no weight
  const rows = new Float64Array((size + 1) * width);
  for (const [r, { first, weights }] of tapsOf(cut.top, cut.height, size, grey.height).entries()) {
    const out = rows.subarray(r * width, (r + 1) * width);
    const at = first * grey.width + left;
    const n = weights.length;
    // all but the first and last row of an average weigh the same: four at once halve the time
    for (let k = 0; k < n; k++)
      if (k > 0 && k + 4 < n) {
        addFour(out, grey.data, at + k * grey.width, grey.width, weights[k]!, scale);
        k += 3;
      } else addRow(out, grey.data, at + k * grey.width, weights[k]!, scale);
  }
  return { left, width, rows };
}

type Samples = Uint8Array | Uint16Array;

function addRow(out: Float64Array, data: Samples, at: number, weight: number, scale?: Float32Array): void {
  const n = out.length;
  if (scale) for (let x = 0; x < n; x++) out[x]! += weight * scale[data[at + x]!]!;
  else for (let x = 0; x < n; x++) out[x]! += weight * data[at + x]!;
}

function addFour(
  out: Float64Array,
  data: Samples,
  at: number,
  stride: number,
  weight: number,
  scale?: Float32Array,
): void {
  const n = out.length;
  const b = at + stride;
  const c = b + stride;
  const d = c + stride;
  if (scale)
    for (let x = 0; x < n; x++)
      out[x]! +=
        weight * (scale[data[at + x]!]! + scale[data[b + x]!]! + scale[data[c + x]!]! + scale[data[d + x]!]!);
  else
    for (let x = 0; x < n; x++)
      out[x]! += weight * (data[at + x]! + data[b + x]! + data[c + x]! + data[d + x]!);
}

/** The columns `from`..`from + length` of the bands brought to `size`: row-major, size * size values. */
export function squareOf(bands: Bands, from: number, length: number, size: number): Float32Array {
  const out = new Float32Array(size * size);
  const taps = tapsOf(from - bands.left, length, size, bands.width);
  const most = Math.max(...taps.map((t) => t.weights.length));
  const firsts = Int32Array.from(taps, (t) => t.first);
  // side by side and padded with zeros: the inner loop is the hot one
  const weights = new Float64Array(size * most);
  for (const [c, t] of taps.entries()) weights.set(t.weights, c * most);
  const { rows, width } = bands;
  for (let r = 0; r < size; r++)
    for (let c = 0; c < size; c++) {
      let sum = 0;
      const at = r * width + firsts[c]!;
      for (let k = 0, w = c * most; k < most; k++, w++) sum += weights[w]! * rows[at + k]!;
      out[r * size + c] = sum;
    }
  return out;
}
