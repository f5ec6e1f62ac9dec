// What views are to the bit, in plain TypeScript: the oracle for the compiled loops. Slow; nothing else uses it.

import type { Cut } from '../../src/classify/area.ts';
import type { Picture } from '../../src/classify/preprocess.ts';
import type { Grey } from '../../src/domain/grey.ts';

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

function addRow(
  out: Float64Array,
  data: Grey['data'],
  at: number,
  weight: number,
  scale?: Float32Array,
): void {
  const n = out.length;
  if (scale) for (let x = 0; x < n; x++) out[x]! += weight * scale[data[at + x]!]!;
  else for (let x = 0; x < n; x++) out[x]! += weight * data[at + x]!;
}

function addFour(
  out: Float64Array,
  data: Grey['data'],
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

/** `sums[y * (width + 1) + x]`: sum of all samples above row y and left of column x. One sample is `factor` x `factor` pixels of the picture. */
export type SummedArea = { width: number; height: number; factor: number; sums: Float64Array };

/**
 * The scan area averaged down by the largest whole factor that leaves its shorter side `least` samples or more, so that a picture of any size
 * costs the same. Columns and rows beyond a multiple of the factor are left out.
 */
export function summedArea({ grey, area, scale }: Picture, least: number): SummedArea {
  const factor = Math.max(1, Math.floor(Math.min(area.width, area.height) / least));
  const [width, height] = [Math.floor(area.width / factor), Math.floor(area.height / factor)];
  const stride = width + 1;
  const sums = new Float64Array(stride * (height + 1));
  const row = new Float64Array(width);
  const share = 1 / (factor * factor);
  for (let y = 0; y < height; y++) {
    row.fill(0);
    for (let k = 0; k < factor; k++) addSamples(row, grey.data, (y * factor + k) * grey.width, factor, scale);
    const at = (y + 1) * stride;
    let left = 0;
    for (let x = 0; x < width; x++) {
      left += share * row[x]!;
      sums[at + x + 1] = sums[at - stride + x + 1]! + left;
    }
  }
  return { width, height, factor, sums };
}

function addSamples(
  row: Float64Array,
  data: Grey['data'],
  at: number,
  factor: number,
  scale?: Float32Array,
): void {
  // most pictures are small enough as they are
  if (factor === 1 && !scale) return void row.set(data.subarray(at, at + row.length));
  for (let x = 0, i = at; x < row.length; x++) {
    let sum = 0;
    for (let k = 0; k < factor; k++, i++) sum += scale ? scale[data[i]!]! : data[i]!;
    row[x]! += sum;
  }
}

/**
 * A cut (in pixels of the picture) as size x size exact area averages, row-major. The sum up to a point inside a sample is linear between its
 * corners in both directions, so four of them give the sum over any rectangle.
 */
export function averaged({ width, height, factor, sums }: SummedArea, cut: Cut, size: number): Float64Array {
  const stride = width + 1;
  const xs = edges(cut.left / factor, cut.width / factor, size, width);
  const ys = edges(cut.top / factor, cut.height / factor, size, height);
  const gain = 1 / (((cut.width / factor) * (cut.height / factor)) / (size * size));
  const out = new Float64Array(size * size);
  let above = new Float64Array(size + 1);
  let below = new Float64Array(size + 1);
  for (let r = 0; r <= size; r++) {
    const v = ys.part[r]!;
    const [upper, lower] = [ys.whole[r]! * stride, (ys.whole[r]! + 1) * stride];
    for (let c = 0; c <= size; c++) {
      const x = xs.whole[c]!;
      const u = xs.part[c]!;
      const a = sums[upper + x]! + u * (sums[upper + x + 1]! - sums[upper + x]!);
      const b = sums[lower + x]! + u * (sums[lower + x + 1]! - sums[lower + x]!);
      below[c] = a + v * (b - a);
    }
    if (r > 0) {
      const at = (r - 1) * size;
      for (let c = 0; c < size; c++)
        out[at + c] = gain * (below[c + 1]! - below[c]! - (above[c + 1]! - above[c]!));
    }
    [above, below] = [below, above];
  }
  return out;
}

/** The size + 1 edges of the output samples, inside 0..limit: the sample that each lies in, and how far. */
function edges(from: number, length: number, size: number, limit: number) {
  const whole = new Int32Array(size + 1);
  const part = new Float64Array(size + 1);
  for (let i = 0; i <= size; i++) {
    const at = Math.min(Math.max(from + (i * length) / size, 0), limit);
    whole[i] = Math.min(Math.floor(at), limit - 1);
    part[i] = at - whole[i]!;
  }
  return { whole, part };
}

/** One of the eight symmetries of the square: bit 0 mirrors, bit 1 flips, bit 2 swaps rows and columns. `contrast`: stretched in the same pass. */
export function turned(
  view: Float32Array | Float64Array,
  size: number,
  symmetry: number,
  contrast?: Contrast,
): Float32Array {
  const out = new Float32Array(view.length);
  const [row, column] = symmetry & 4 ? [1, size] : [size, 1];
  const [flip, mirror] = [symmetry & 2, symmetry & 1];
  const step = mirror ? -column : column;
  for (let y = 0; y < size; y++) {
    let from = (flip ? size - 1 - y : y) * row + (mirror ? (size - 1) * column : 0);
    for (let x = 0; x < size; x++, from += step) {
      let v = view[from]!;
      if (contrast) v = Math.min(Math.max(0.5 + contrast.gain * (v - contrast.mean), 0), 1);
      out[y * size + x] = v;
    }
  }
  return out;
}

type Contrast = { mean: number; gain: number };

/** As `stretched` of preprocess.ts has it. */
export function contrastOf(view: Float64Array): Contrast {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < view.length; i++) {
    const v = view[i]!;
    sum += v;
    squares += v * v;
  }
  const mean = sum / view.length;
  return { mean, gain: 0.22 / (Math.sqrt(Math.max(0, squares / view.length - mean * mean)) + 1) };
}
