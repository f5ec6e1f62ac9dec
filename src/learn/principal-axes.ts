// The orthonormal axes along which points spread most (principal component analysis about the origin). Deterministic; sums and roots only, so that every machine agrees.

import { randomOf } from '../domain/random.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

export type PrincipalAxes = {
  /** [count x length], row-major: the widest first, of either sign the one whose largest number is above 0 */
  vectors: Float64Array;
  /** mean square along each; [count] */
  variance: Float64Array;
};

/** More directions than wanted are carried along, so that the last wanted ones settle too (Halko, Martinsson & Tropp 2011, 4.5). */
const EXTRA = 16;
const ROUNDS = 12;

/** `rows`: [n x length], centred. Orthogonal iteration on their second moments, then Rayleigh-Ritz (Golub & Van Loan, Matrix Computations, 8.2.4). */
export function principalAxes(rows: Float32Array, length: number, count: number): PrincipalAxes {
  const n = rows.length / length;
  const wanted = Math.min(count, length, n);
  const moments = secondMoments(rows, n, length);
  const random = randomOf(1);
  let block = orthonormal(
    Array.from({ length: Math.min(wanted + EXTRA, length) }, () =>
      Float64Array.from({ length }, () => random() - 0.5),
    ),
  );
  for (let round = 0; round < ROUNDS; round++) block = orthonormal(block.map((v) => times(moments, v)));
  const images = block.map((v) => times(moments, v));
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

/** mean of the outer products of the rows: [length] rows of [length] */
function secondMoments(rows: Float32Array, n: number, length: number): Float64Array[] {
  const sums = Array.from({ length }, () => new Float64Array(length));
  for (let i = 0; i < n; i++) {
    const row = rows.subarray(i * length, (i + 1) * length);
    for (let a = 0; a < length; a++) {
      const sum = sums[a]!;
      const x = row[a]! / n;
      if (x !== 0) for (let b = a; b < length; b++) sum[b]! += x * row[b]!;
    }
  }
  for (let a = 0; a < length; a++) for (let b = 0; b < a; b++) sums[a]![b] = sums[b]![a]!;
  return sums;
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

function times(matrix: Float64Array[], vector: Float64Array): Float64Array {
  return Float64Array.from(matrix, (row) => dot(row, vector));
}

function add(to: Float64Array, v: Float64Array, factor: number): void {
  for (let j = 0; j < to.length; j++) to[j]! += factor * v[j]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}
