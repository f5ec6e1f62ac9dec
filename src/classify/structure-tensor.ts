// The structure tensor of a grey picture, as OrientationJ defines it (Rezakhaniha et al., Biomech. Model. Mechanobiol. 11, 461, 2012;
// Puspoki et al., Adv. Anat. Embryol. Cell Biol. 219, 69, 2016). Pure numbers: knows no category and draws no conclusion.

/** A picture as numbers, row-major, `width * height`. */
export type Field = { width: number; height: number; values: Float32Array };

/** Jxx, Jxy, Jyy; x to the right, y down. A number each, or a plane each. */
export type Tensor<T> = { xx: T; xy: T; yy: T };

/** The smallest side that the ends of a not-a-knot spline leave meaningful. */
export const SMALLEST_SIDE = 8;

/**
 * First derivatives of the interpolating cubic spline along the rows (`x`) and columns (`y`), at the pixels. With slopes s and unit spacing,
 * s[i-1] + 4 s[i] + s[i+1] = 3 (v[i+1] - v[i-1]) (de Boor, A Practical Guide to Splines, ch. IV); the ends are not-a-knot, as orientationpy's.
 * OrientationJ mirrors the picture instead, which makes the slope across every edge zero: wires that leave the picture would bend there.
 * float32 is kept, float64 computed with: the recurrence damps an error by 0.27 a pixel, so 1e-7 is what remains.
 */
export function gradient({ width, height, values }: Field): { x: Float32Array; y: Float32Array } {
  const n = width * height;
  const x = new Float32Array(n);
  const y = new Float32Array(n);
  const across = sweep(width);
  for (let row = 0; row < n; row += width) {
    x[row] = (-5 * values[row]! + 4 * values[row + 1]! + values[row + 2]!) / 2;
    let before = x[row]!;
    for (let i = 1, at = row + 1; i < width - 1; i++, at++)
      x[at] = before = (3 * (values[at + 1]! - values[at - 1]!) - before) * across[i]!;
    const last = row + width - 1;
    let after =
      ((5 * values[last]! - 4 * values[last - 1]! - values[last - 2]!) / 2 - 2 * before) * across[width - 1]!;
    x[last] = after;
    for (let i = width - 2, at = last - 1; i > 0; i--, at--) x[at] = after = x[at]! - across[i]! * after;
    x[row]! -= 2 * after;
  }
  // the same down all columns at once: row by row, so that memory is read in order
  const down = sweep(height);
  const end = n - width;
  for (let i = 0; i < width; i++) y[i] = (-5 * values[i]! + 4 * values[i + width]! + values[i + 2 * width]!) / 2; // prettier-ignore
  for (let r = 1, row = width; r < height - 1; r++, row += width) {
    const factor = down[r]!;
    for (let at = row; at < row + width; at++)
      y[at] = (3 * (values[at + width]! - values[at - width]!) - y[at - width]!) * factor;
  }
  for (let at = end; at < n; at++)
    y[at] =
      ((5 * values[at]! - 4 * values[at - width]! - values[at - 2 * width]!) / 2 - 2 * y[at - width]!) *
      down[height - 1]!;
  for (let r = height - 2, row = end - width; r >= 0; r--, row -= width) {
    const factor = r === 0 ? 2 : down[r]!;
    for (let at = row; at < row + width; at++) y[at]! -= factor * y[at + width]!;
  }
  return { x, y };
}

/** 1 / pivot of each row of the tridiagonal system above (Thomas algorithm). [n], the first is 1. */
function sweep(n: number): Float64Array {
  const inverse = new Float64Array(n).fill(1);
  // what stands right of the diagonal is 2 in the first row and 1 in the others
  for (let i = 1, upper = 2; i < n; i++) {
    inverse[i] = i < n - 1 ? 1 / (4 - upper) : 1 / (1 - 2 * upper);
    upper = inverse[i]!;
  }
  return inverse;
}

/** Outer product of the gradient with itself at every pixel. */
export function products({ x, y }: { x: Float32Array; y: Float32Array }): Tensor<Float32Array> {
  const n = x.length;
  const [xx, xy, yy] = [new Float32Array(n), new Float32Array(n), new Float32Array(n)];
  for (let i = 0; i < n; i++) {
    const [a, b] = [x[i]!, y[i]!];
    xx[i] = a * a;
    xy[i] = a * b;
    yy[i] = b * b;
  }
  return { xx, xy, yy };
}

/** Mean over the picture. */
export function meanTensor({ xx, xy, yy }: Tensor<Float32Array>): Tensor<number> {
  return { xx: mean(xx), xy: mean(xy), yy: mean(yy) };
}

function mean(plane: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < plane.length; i++) sum += plane[i]!;
  return sum / plane.length;
}

/** l1 - l2 of the eigenvalues; divided by the energy, their sum, it is the coherency. */
export function difference({ xx, xy, yy }: Tensor<number>): number {
  return Math.sqrt((xx - yy) * (xx - yy) + 4 * xy * xy);
}

/** (l1 - l2) / (l1 + l2), 0 where nothing changes. */
export function coherency(tensor: Tensor<number>): number {
  const energy = tensor.xx + tensor.yy;
  return energy > 0 ? difference(tensor) / energy : 0;
}

/** Direction of the structure, along which the picture changes least: degrees, 0 <= d < 180, anticlockwise as seen from the x axis. */
export function directionOf({ xx, xy, yy }: Tensor<number>): number {
  const degrees = (Math.atan2(2 * xy, yy - xx) * 90) / Math.PI;
  return degrees < 0 ? degrees + 180 : degrees;
}

/** Gaussian window cut off at 4 sigma, the edge pixels repeated beyond the edge (both as scipy.ndimage.gaussian_filter does). */
export function smoothed(plane: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const weights = gaussian(sigma);
  const reach = weights.length - 1;
  const out = new Float32Array(width * height);
  const padded = new Float64Array(width + 2 * reach);
  const sums = padded.subarray(reach, reach + width);
  for (let r = 0; r < height; r++) {
    const row = r * width;
    for (let i = 0; i < width; i++) sums[i] = weights[0]! * plane[row + i]!;
    // two rows on each side at once: the sums are read and written half as often
    for (let k = 1; k <= reach; k += 2) {
      const [near, far] = [weights[k]!, weights[k + 1] ?? 0];
      const up = Math.max(r - k, 0) * width;
      const down = Math.min(r + k, height - 1) * width;
      const upper = Math.max(r - k - 1, 0) * width;
      const lower = Math.min(r + k + 1, height - 1) * width;
      for (let i = 0; i < width; i++)
        sums[i]! +=
          near * (plane[up + i]! + plane[down + i]!) + far * (plane[upper + i]! + plane[lower + i]!);
    }
    padded.fill(sums[0]!, 0, reach).fill(sums[width - 1]!, reach + width);
    for (let i = 0; i < width; i++) {
      const at = reach + i;
      let sum = weights[0]! * padded[at]!;
      for (let k = 1; k <= reach; k++) sum += weights[k]! * (padded[at - k]! + padded[at + k]!);
      out[row + i] = sum;
    }
  }
  return out;
}

/** One half of the window, the middle first; the whole sums to 1. */
function gaussian(sigma: number): Float64Array {
  const half = Float64Array.from({ length: Math.floor(4 * sigma + 0.5) + 1 }, (_, k) => Math.exp(-(k * k) / (2 * sigma * sigma))); // prettier-ignore
  const sum = 2 * half.reduce((a, b) => a + b, 0) - half[0]!;
  return half.map((v) => v / sum);
}
