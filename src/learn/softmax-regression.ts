// Multinomial logistic regression with L2 on standardised bottlenecks. From the same rows in the same order the result is the same bit for bit.

import { minimise } from './lbfgs.ts';

export type Rows = {
  /** [n x length], row-major: bottlenecks as the backbone gives them */
  x: Float32Array;
  n: number;
  length: number;
  /** class of each row, 0..classes - 1 */
  y: Int32Array;
  /** weight of each row */
  w: Float64Array;
};

export type Fitted = { mean: Float32Array; scale: Float32Array; weights: Float32Array; bias: Float32Array };

export type FitOptions = {
  classes: number;
  /** as in scikit-learn: the loss is C sum w_i (-log p_i) + |W|^2 / 2, the bias is not penalised */
  C: number;
  tolerance?: number;
  iterations?: number;
  onStep?: (step: number, ratio: number) => void;
};

/** Weight that makes every class count the same: n / (classes present x images of the class) (King & Zeng 2001, "balanced"). */
export function balancedWeights(y: ArrayLike<number>, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (let i = 0; i < y.length; i++) counts[y[i]!]!++;
  const present = counts.filter((c) => c > 0).length;
  return Float64Array.from(y, (c) => y.length / (present * counts[c]!));
}

export function fitSoftmax(rows: Rows, options: FitOptions): Fitted {
  const { n, length, y, w } = rows;
  const { classes, C } = options;
  const { mean, scale } = standardisation(rows);
  const x = new Float32Array(n * length);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < length; j++) x[i * length + j] = (rows.x[i * length + j]! - mean[j]!) * scale[j]!;

  // parameters: [classes x length] weights, then [classes] bias; divided by C x the sum of the weights, so that the size of the set does not scale the steps
  const total = w.reduce((a, b) => a + b, 0);
  const lambda = 1 / (C * total);
  const size = classes * length + classes;
  const p = new Float64Array(classes);
  const evaluate = (theta: Float64Array, gradient: Float64Array): number => {
    gradient.fill(0);
    let loss = 0;
    for (let i = 0; i < n; i++) {
      const at = i * length;
      let max = -Infinity;
      for (let c = 0; c < classes; c++) {
        const row = c * length;
        let a = 0;
        let b = 0;
        let j = 0;
        for (; j + 1 < length; j += 2) {
          a += theta[row + j]! * x[at + j]!;
          b += theta[row + j + 1]! * x[at + j + 1]!;
        }
        if (j < length) a += theta[row + j]! * x[at + j]!;
        p[c] = a + b + theta[classes * length + c]!;
        if (p[c]! > max) max = p[c]!;
      }
      let sum = 0;
      for (let c = 0; c < classes; c++) sum += p[c] = Math.exp(p[c]! - max);
      const share = w[i]! / total;
      loss -= share * Math.log(p[y[i]!]! / sum);
      for (let c = 0; c < classes; c++) {
        const d = share * (p[c]! / sum - (c === y[i] ? 1 : 0));
        // far from the border a row says nothing more
        if (Math.abs(d) < 1e-12) continue;
        const row = c * length;
        for (let j = 0; j < length; j++) gradient[row + j] = gradient[row + j]! + d * x[at + j]!;
        gradient[classes * length + c] = gradient[classes * length + c]! + d;
      }
    }
    for (let k = 0; k < classes * length; k++) {
      loss += (lambda / 2) * theta[k]! * theta[k]!;
      gradient[k] = gradient[k]! + lambda * theta[k]!;
    }
    return loss;
  };

  const theta = new Float64Array(size);
  minimise({ size, evaluate }, theta, options.tolerance ?? 1e-3, options.iterations ?? 300, options.onStep);
  const weights = Float32Array.from(theta.subarray(0, classes * length));
  const bias = Float32Array.from(theta.subarray(classes * length));
  return { mean, scale, weights, bias };
}

/** Weighted by nothing: what the bottlenecks look like, not how often a class occurs. A constant feature gets scale 0 and is ignored. */
function standardisation({ x, n, length }: Rows): { mean: Float32Array; scale: Float32Array } {
  const sum = new Float64Array(length);
  const squares = new Float64Array(length);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < length; j++) {
      const v = x[i * length + j]!;
      sum[j] = sum[j]! + v;
      squares[j] = squares[j]! + v * v;
    }
  const mean = Float32Array.from(sum, (s) => s / n);
  const scale = Float32Array.from(squares, (q, j) => {
    const deviation = Math.sqrt(Math.max(0, q / n - (sum[j]! / n) ** 2));
    return deviation > 1e-6 ? 1 / deviation : 0;
  });
  return { mean, scale };
}
