// Many cuts of one picture at little cost each: sums over every rectangle from the upper left corner (summed-area table: Crow, SIGGRAPH 1984). Never keeps the picture.

import type { Cut } from './area.ts';
import type { Picture } from './preprocess.ts';

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
    for (let k = 0; k < factor; k++) addRow(row, grey.data, (y * factor + k) * grey.width, factor, scale);
    const at = (y + 1) * stride;
    let left = 0;
    for (let x = 0; x < width; x++) {
      left += share * row[x]!;
      sums[at + x + 1] = sums[at - stride + x + 1]! + left;
    }
  }
  return { width, height, factor, sums };
}

function addRow(
  row: Float64Array,
  data: Uint8Array | Uint16Array,
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

/** Whether `size` output samples a side shrink this cut: only then is an area average what is wanted. */
export function shrinks({ factor }: SummedArea, cut: Cut, size: number): boolean {
  return Math.min(cut.width, cut.height) >= size * factor;
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
