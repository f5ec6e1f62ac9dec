// Multinomial logistic regression with L2 on standardised bottlenecks. From the same rows in the same order the result is the same bit for bit.

import { minimise, type Problem } from './lbfgs.ts';
import { addOuterOfRows, logitsOfRows, ROWS } from './row-kernel.ts';

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

/** `fitted`: what the weights are after this step; made only when called for. */
export type OnFitStep = (step: number, ratio: number, fitted: () => Fitted) => void;

export type FitOptions = {
  classes: number;
  /** as in scikit-learn: the loss is C sum w_i (-log p_i) + |W|^2 / 2, the bias is not penalised */
  C: number;
  tolerance?: number;
  iterations?: number;
  onStep?: OnFitStep;
  /** weights to start from, on other standardised numbers maybe; zeros unless told. The minimum is one, wherever one starts */
  from?: Fitted;
  /** [length] factors on the standardised numbers: a larger one is penalised less. All 1 unless told; they end up in `scale` */
  emphasis?: Float32Array;
};

export function fitSoftmax(rows: Rows, options: FitOptions): Fitted {
  const { n, length, y, w } = rows;
  const { classes, C } = options;
  const { mean, scale } = standardisation(rows, options.emphasis);
  // rows of zeros and no weight fill the last block
  const x = new Float32Array(Math.ceil(n / ROWS) * ROWS * length);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < length; j++) x[i * length + j] = (rows.x[i * length + j]! - mean[j]!) * scale[j]!;

  // parameters: [classes x length] weights, then [classes] bias; divided by C x the sum of the weights, so that the size of the set does not scale the steps
  const total = w.reduce((a, b) => a + b, 0);
  const lambda = 1 / (C * total);
  const size = classes * length + classes;
  const p = new Float64Array(ROWS * classes);
  const evaluate = (theta: Float64Array, gradient: Float64Array): number => {
    gradient.fill(0);
    let loss = 0;
    for (let i = 0; i < n; i += ROWS) {
      logitsOfRows(p, theta, x, i * length, length);
      for (let r = 0; r < ROWS; r++)
        loss += settle(p.subarray(r * classes, (r + 1) * classes), y[i + r] ?? 0, (w[i + r] ?? 0) / total);
      addOuterOfRows(gradient, p, x, i * length, length);
    }
    for (let k = 0; k < classes * length; k++) {
      loss += (lambda / 2) * theta[k]! * theta[k]!;
      gradient[k] = gradient[k]! + lambda * theta[k]!;
    }
    return loss;
  };

  const fittedAt = (theta: Float64Array): Fitted => ({
    mean,
    scale,
    weights: Float32Array.from(theta.subarray(0, classes * length)),
    bias: Float32Array.from(theta.subarray(classes * length)),
  });
  const theta = new Float64Array(size);
  const problem: Problem = { size, evaluate };
  if (options.from) {
    // the same tolerance as from zeros: a good start must not have to end nearer
    const gradient = new Float64Array(size);
    evaluate(theta, gradient);
    problem.scale = Math.sqrt(gradient.reduce((sum, v) => sum + v * v, 0));
    restate(theta, options.from, { mean, scale });
  }
  const { tolerance = 1e-3, iterations = 300, onStep } = options;
  const watch = onStep && ((step: number, ratio: number, at: Float64Array) => onStep(step, ratio, () => fittedAt(at))); // prettier-ignore
  minimise(problem, theta, tolerance, iterations, watch);
  return fittedAt(theta);
}

/** Writes weights that were made for one standardisation as those of another: the same logits for every bottleneck. */
function restate(theta: Float64Array, from: Fitted, to: Pick<Fitted, 'mean' | 'scale'>): void {
  const length = from.mean.length;
  for (let c = 0; c < from.bias.length; c++) {
    let bias = from.bias[c]!;
    for (let j = 0; j < length; j++) {
      const slope = from.weights[c * length + j]! * from.scale[j]!;
      bias += slope * (to.mean[j]! - from.mean[j]!);
      theta[c * length + j] = to.scale[j]! === 0 ? 0 : slope / to.scale[j]!;
    }
    theta[from.bias.length * length + c] = bias;
  }
}

/** Logits become share * (probability - truth), the row's part of the gradient; returns its part of the loss. */
export function settle(p: Float64Array, label: number, share: number): number {
  let max = -Infinity;
  for (let c = 0; c < p.length; c++) if (p[c]! > max) max = p[c]!;
  let sum = 0;
  for (let c = 0; c < p.length; c++) sum += p[c] = Math.exp(p[c]! - max);
  const loss = -share * Math.log(p[label]! / sum);
  for (let c = 0; c < p.length; c++) p[c] = share * (p[c]! / sum - (c === label ? 1 : 0));
  return loss;
}

/** Weighted by nothing: what the bottlenecks look like, not how often a class occurs. A constant feature gets scale 0 and is ignored. */
function standardisation(
  { x, n, length }: Rows,
  emphasis: Float32Array = new Float32Array(length).fill(1),
): { mean: Float32Array; scale: Float32Array } {
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
    return deviation > 1e-6 ? emphasis[j]! / deviation : 0;
  });
  return { mean, scale };
}
