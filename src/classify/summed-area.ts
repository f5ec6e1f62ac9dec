// Many crops of one picture at little cost each: out of sums over every rectangle from the upper left corner (summed-area table: Crow,
// SIGGRAPH 1984). Never keeps the picture.

import type { Cut } from './area.ts';
import { bytesOf, cutMemory } from './cut-memory.ts';
import type { Picture } from './preprocess.ts';

/** How a square's values are gone through, row by row: the first one, and from one row and column to the next. */
export type Steps = { first: number; row: number; column: number };

export type SummedArea = {
  /** One sample of the table is `factor` x `factor` pixels of the picture. */
  factor: number;
  /** A cut (in pixels of the picture) as `size` x `size` exact area averages with the contrast of `stretched`, turned. Until the next table. */
  crop(cut: Cut, steps: Steps): Float32Array;
};

/** Bytes of the picture that are handed over at once, or one row of samples where it has more. */
const AT_ONCE = 1e6;

const memory = cutMemory();

/**
 * The scan area averaged down by the largest whole factor that leaves its shorter side `least` samples or more, so that a picture of any size
 * costs the same. Columns and rows beyond a multiple of the factor are left out.
 */
export function summedArea({ grey, area, scale }: Picture, least: number, size: number): SummedArea {
  const factor = Math.max(1, Math.floor(Math.min(area.width, area.height) / least));
  const [width, height] = [Math.floor(area.width / factor), Math.floor(area.height / factor)];
  const stride = width + 1;
  const pixels = factor * grey.width;
  const each = grey.data.BYTES_PER_ELEMENT;
  const some = Math.min(height, Math.max(1, Math.floor(AT_ONCE / (pixels * each))));
  const { loops, at, bytes, words, floats, doubles } = memory({
    source: some * pixels * each,
    scale: scale ? scale.byteLength : 0,
    // `sums[y * stride + x]`: sum of all samples above row y and left of column x
    sums: 8 * stride * (height + 1),
    xs: 4 * (size + 2),
    us: 8 * (size + 2),
    ys: 4 * (size + 2),
    vs: 8 * (size + 2),
    above: 8 * (size + 2),
    below: 8 * (size + 2),
    averages: 16 + 8 * size * size,
    out: 4 * size * size,
  });
  if (scale) floats(at.scale, scale.length).set(scale);
  doubles(at.sums, stride).fill(0);
  const share = 1 / (factor * factor);
  for (let y = 0; y < height; y++) {
    const row = y % some;
    if (row === 0) bytes.set(bytesOf(grey.data, y * pixels, Math.min(y + some, height) * pixels), at.source);
    const above = at.sums + 8 * stride * y;
    const from = at.source + row * pixels * each;
    loops.sums(above + 8 * stride, above, width, from, grey.width, factor, share, scale ? at.scale : 0);
  }

  /** The size + 1 edges of the output samples, inside 0..limit: the sample that each lies in, and how far. The last one stands twice. */
  function edges(wholes: number, parts: number, from: number, length: number, limit: number): void {
    const whole = words(wholes, size + 2);
    const part = doubles(parts, size + 2);
    for (let i = 0; i < size + 2; i++) {
      const edge = Math.min(Math.max(from + (Math.min(i, size) * length) / size, 0), limit);
      whole[i] = Math.min(Math.floor(edge), limit - 1);
      part[i] = edge - whole[i]!;
    }
  }

  return {
    factor,
    crop(cut, { first, row, column }) {
      const [across, down] = [cut.width / factor, cut.height / factor];
      edges(at.xs, at.us, cut.left / factor, across, width);
      edges(at.ys, at.vs, cut.top / factor, down, height);
      const gain = 1 / ((across * down) / (size * size));
      const { averages, sums, xs, us, ys, vs, above, below, out } = at;
      loops.crop(averages, size, sums, stride, xs, us, ys, vs, gain, above, below);
      loops.turn(out, size, averages, first, row, column);
      return floats(out, size * size).slice();
    },
  };
}

/** Whether `size` output samples a side shrink this cut: only then is an area average what is wanted. */
export function shrinks({ factor }: Pick<SummedArea, 'factor'>, cut: Cut, size: number): boolean {
  return Math.min(cut.width, cut.height) >= size * factor;
}
