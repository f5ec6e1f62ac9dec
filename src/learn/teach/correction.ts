// What all answers together change in the head: the most likely change, the shipped head being likely (maximum a posteriori). No shipped image is needed; nothing is kept from one call to the next.

import { CATEGORIES } from '../../domain/categories.ts';
import { minimise } from '../lbfgs.ts';
import { addOuterOfRows, logitsOfRows, ROWS } from '../row-kernel.ts';
import { settle } from '../softmax-regression.ts';
import type { Lesson } from './lesson.ts';
import type { TeachSettings } from './settings.ts';

/** Added to the shipped logits: D x + d. */
export type Correction = {
  /** D, [categories x axes], row-major, then d, [categories] */
  theta: Float64Array;
  axes: number;
};

const CLASSES = CATEGORIES.length;
/** argmin sum w (-log softmax(logits + D x + d)[category]) + lambda / 2 (|D|^2 + |d|^2), by L-BFGS. `lessons`: at least one; their order decides the rounding. */
export function correctionFrom(
  lessons: Lesson[],
  { lambda, iterations, tolerance }: TeachSettings,
): Correction {
  const axes = lessons[0]!.place.x.length;
  // rows of zeros and no weight fill the last block
  const x = new Float32Array(Math.ceil(lessons.length / ROWS) * ROWS * axes);
  const labels = lessons.map(({ category }) => CATEGORIES.indexOf(category));
  for (const [i, { place }] of lessons.entries()) x.set(place.x, i * axes);
  const p = new Float64Array(ROWS * CLASSES);
  const evaluate = (theta: Float64Array, gradient: Float64Array): number => {
    let value = 0;
    for (let k = 0; k < theta.length; k++) {
      value += (lambda / 2) * theta[k]! * theta[k]!;
      gradient[k] = lambda * theta[k]!;
    }
    for (let i = 0; i < lessons.length; i += ROWS) {
      logitsOfRows(p, theta, x, i * axes, axes);
      for (let r = 0; r < ROWS; r++) {
        const row = p.subarray(r * CLASSES, (r + 1) * CLASSES);
        const lesson = lessons[i + r];
        if (lesson) for (let c = 0; c < CLASSES; c++) row[c]! += lesson.logits[c]!;
        value += settle(row, labels[i + r] ?? 0, lesson?.weight ?? 0);
      }
      addOuterOfRows(gradient, p, x, i * axes, axes);
    }
    return value;
  };
  const theta = new Float64Array(CLASSES * (axes + 1));
  minimise({ size: theta.length, evaluate }, theta, tolerance, iterations);
  return { theta, axes };
}

/** The head's logits over its temperature, corrected. */
export function corrected(logits: Float64Array, x: Float32Array, correction: Correction): Float64Array {
  const { theta, axes } = correction;
  return logits.map((logit, c) => {
    let sum = logit + theta[CLASSES * axes + c]!;
    for (let k = 0; k < axes; k++) sum += theta[c * axes + k]! * x[k]!;
    return sum;
  });
}
