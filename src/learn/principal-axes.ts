// The orthonormal axes along which points spread most (principal component analysis about the origin). Deterministic; sums and roots only, so that every machine agrees.

import { randomOf } from '../domain/random.ts';
import { addOuterOfRows, logitsOfRows, ROWS } from './row-kernel.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

export type PrincipalAxes = {
  /** [count x length], row-major: the widest first, of either sign the one whose largest number is above 0 */
  vectors: Float64Array;
  /** mean square along each; [count] */
  variance: Float64Array;
};

/** More directions than wanted are carried along, so that the last wanted ones settle too (Halko, Martinsson & Tropp 2011, 4.5). */
const EXTRA = 16;
const ROUNDS = 6;

/** `points`: of one length, centred. Orthogonal iteration on their second moments, then Rayleigh-Ritz (Golub & Van Loan, Matrix Computations, 8.2.4). */
export function principalAxes(points: ArrayLike<number>[], count: number): PrincipalAxes {
  const length = points[0]!.length;
  const wanted = Math.min(count, length, points.length);
  // rows of zeros fill the last block and add nothing
  const rows = new Float32Array(Math.ceil(points.length / ROWS) * ROWS * length);
  for (const [i, point] of points.entries()) rows.set(point, i * length);
  const spread = (block: Float64Array[]) => timesMoments(rows, points.length, block);
  const random = randomOf(1);
  let block = orthonormal(
    Array.from({ length: Math.min(wanted + EXTRA, length) }, () =>
      Float64Array.from({ length }, () => random() - 0.5),
    ),
  );
  for (let round = 0; round < ROUNDS; round++) block = orthonormal(spread(block));
  const images = spread(block);
  const { values, vectors } = symmetricEigen(block.map((a) => Float64Array.from(images, (b) => dot(a, b))));
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!).slice(0, wanted);
  const found = new Float64Array(wanted * length);
  for (const [at, k] of order.entries()) {
    const axis = found.subarray(at * length, (at + 1) * length);
    for (const [i, vector] of block.entries()) add(axis, vector, vectors[i]![k]!);
    const largest = axis.reduce((most, v) => (Math.abs(v) > Math.abs(most) ? v : most), 0);
    if (largest < 0) for (let j = 0; j < length; j++) axis[j] = -axis[j]!;
  }
  return { vectors: found, variance: Float64Array.from(order, (k) => Math.max(0, values[k]!)) };
}

/** The mean over the n rows x of x (x . v), for each v of the block: the loops of training do just that. */
function timesMoments(rows: Float32Array, n: number, block: Float64Array[]): Float64Array[] {
  const length = block[0]!.length;
  // a bias each at the end, as the loops expect: 0, and of no interest in the products
  const vectors = new Float64Array(block.length * (length + 1));
  for (const [k, v] of block.entries()) vectors.set(v, k * length);
  const products = new Float64Array(vectors.length);
  const along = new Float64Array(ROWS * block.length);
  for (let at = 0; at < rows.length; at += ROWS * length) {
    logitsOfRows(along, vectors, rows, at, length);
    addOuterOfRows(products, along, rows, at, length);
  }
  return block.map((_, k) => products.slice(k * length, (k + 1) * length).map((v) => v / n));
}

/** Gram-Schmidt, each vector twice: once is not enough at this width (Giraud et al. 2005). What is nothing but rounding becomes 0. */
function orthonormal(vectors: Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const vector of vectors) {
    const v = vector.slice();
    const before = Math.sqrt(dot(v, v));
    for (let pass = 0; pass < 2; pass++) for (const other of done) add(v, other, -dot(v, other));
    const norm = Math.sqrt(dot(v, v));
    done.push(norm > 1e-10 * before ? v.map((x) => x / norm) : v.fill(0));
  }
  return done;
}

function add(to: Float64Array, v: Float64Array, factor: number): void {
  for (let j = 0; j < to.length; j++) to[j]! += factor * v[j]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}
