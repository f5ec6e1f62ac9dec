// Scales a rectangle of a grey picture: area average where it shrinks (antialiased), bilinear where it grows. Never copies the picture.

import type { Grey } from '../domain/grey.ts';
import { bytesOf, cutMemory } from './cut-memory.ts';

/** A rectangle in pixels of the picture; edges may be fractions of a pixel. */
export type Cut = { left: number; top: number; width: number; height: number };

/** The picture's samples, and the value of every sample value; absent where they are taken as they are (8 bits). */
export type Samples = { grey: Grey; scale?: Float32Array };

/** For each output sample: its first source sample, how many there are and their weights (sum 1), `most` places each, the rest zeros. */
type Taps = { firsts: Uint32Array; counts: Uint32Array; weights: Float64Array; most: number };

/**
 * Weights of `size` output samples over `length` source samples from `from` (may be fractional), inside 0..limit.
 * Shrinking: output sample i is the exact average over its interval, a sample that lies partly in it counts by that part.
 * Growing: linear between the two nearest sample centres, clamped at the edges.
 */
function tapsOf(from: number, length: number, size: number, limit: number): Taps {
  const step = length / size;
  const grows = step < 1;
  const startOf = (i: number) =>
    grows ? Math.min(Math.max(from + (i + 0.5) * step - 0.5, 0), limit - 1) : Math.max(from + i * step, 0);
  const endOf = (i: number) => Math.min(from + (i + 1) * step, limit);
  const firsts = new Uint32Array(size);
  const counts = new Uint32Array(size);
  for (let i = 0; i < size; i++) {
    const first = Math.min(Math.floor(startOf(i)), grows ? Math.max(limit - 2, 0) : limit - 1);
    firsts[i] = first;
    counts[i] = grows ? Math.min(limit, 2) : Math.max(Math.min(Math.ceil(endOf(i)), limit) - first, 1);
  }
  const most = Math.max(...counts);
  const weights = new Float64Array(size * most);
  for (let i = 0, at = 0; i < size; i++, at += most) {
    const [first, count, start, end] = [firsts[i]!, counts[i]!, startOf(i), endOf(i)];
    if (!grows)
      for (let k = 0; k < count; k++)
        weights[at + k] = (Math.min(first + k + 1, end) - Math.max(first + k, start)) / (end - start);
    else if (count === 1) weights[at] = 1;
    else weights.set([1 - (start - first), start - first], at);
  }
  return { firsts, counts, weights, most };
}

const memory = cutMemory();

/**
 * The rows of a cut brought to `height`, and of these the columns of each part brought to `width`: row-major, width * height values each.
 * Parts lie inside the cut; cuts of the same rows share the work on them.
 */
export function scaled(
  { grey, scale }: Samples,
  cut: Cut,
  width: number,
  height: number,
  parts: Pick<Cut, 'left' | 'width'>[] = [cut],
): Float32Array[] {
  const left = Math.floor(cut.left);
  const inside = Math.min(Math.ceil(cut.left + cut.width), grey.width) - left;
  const down = tapsOf(cut.top, cut.height, height, grey.height);
  const across = parts.map((part) => tapsOf(part.left - left, part.width, width, inside));
  const most = Math.max(...across.map((taps) => taps.most));
  const each = grey.data.BYTES_PER_ELEMENT;
  const { loops, at, bytes, words, floats, doubles } = memory({
    source: down.most * grey.width * each,
    table: scale ? scale.byteLength : 0,
    down: down.weights.byteLength,
    // `columns` looks at `most` samples, also where the last ones weigh nothing
    rows: 8 * (height * inside + most),
    firsts: 4 * width,
    across: 8 * width * most,
    out: 4 * width * height,
  });
  if (scale) floats(at.table, scale.length).set(scale);
  doubles(at.down, down.weights.length).set(down.weights);
  doubles(at.rows + 8 * height * inside, most).fill(0);
  for (let r = 0; r < height; r++) {
    const first = down.firsts[r]! * grey.width;
    const count = down.counts[r]!;
    bytes.set(bytesOf(grey.data, first, first + count * grey.width), at.source);
    const [out, from, weights] = [
      at.rows + 8 * r * inside,
      at.source + left * each,
      at.down + 8 * r * down.most,
    ];
    if (scale) loops.rows16(out, inside, from, grey.width, weights, count, at.table);
    else loops.rows8(out, inside, from, grey.width, weights, count);
  }
  return across.map((taps) => {
    words(at.firsts, width).set(taps.firsts);
    doubles(at.across, taps.weights.length).set(taps.weights);
    loops.columns(at.out, width, height, at.rows, inside, at.firsts, at.across, taps.most);
    return floats(at.out, width * height).slice();
  });
}
