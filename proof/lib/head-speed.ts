// How long it takes to train a head: made-up bottlenecks of the size that a facility comes to, and a refit after new answers. Judges nothing.

import { randomOf } from '../../src/domain/random.ts';
import { fitSoftmax, type Fitted, type Rows } from '../../src/learn/softmax-regression.ts';

const CLASSES = 10;
/** of the default backbone */
const LENGTH = 1712;
/** Bottlenecks vary in far fewer ways than they have numbers: these are mixed into all of them, so that they are correlated as real ones are. */
const WAYS = 60;

export type Timed = { seconds: number; steps: number; ratio: number; fitted: Fitted };

/** [n x 1712] values of ten classes that overlap: not negative, correlated, with noise, as averaged activations are. */
export function madeUpRows(n: number, seed = 1): Rows {
  const random = randomOf(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const mix = Float32Array.from({ length: WAYS * LENGTH }, normal);
  const centres = Float32Array.from({ length: CLASSES * WAYS }, normal);
  const x = new Float32Array(n * LENGTH);
  const y = new Int32Array(n);
  const own = new Float32Array(WAYS);
  for (let i = 0; i < n; i++) {
    y[i] = Math.floor(random() * CLASSES);
    for (let k = 0; k < WAYS; k++) own[k] = (0.6 * centres[y[i]! * WAYS + k]! + normal()) / (1 + k / 10);
    const row = x.subarray(i * LENGTH, (i + 1) * LENGTH);
    for (let k = 0; k < WAYS; k++) for (let j = 0; j < LENGTH; j++) row[j]! += own[k]! * mix[k * LENGTH + j]!;
    for (let j = 0; j < LENGTH; j++) row[j] = Math.max(0, row[j]! + 2 * (random() - 0.5));
  }
  return { x, n, length: LENGTH, y, w: new Float64Array(n).fill(1) };
}

/** Until the gradient is 1e-3 of what it is at weights of zero; C as the default head has it. */
export function timedFit(rows: Rows, C: number, from?: Fitted): Timed {
  const start = performance.now();
  let [steps, ratio] = [0, 0];
  const fitted = fitSoftmax(rows, {
    classes: CLASSES,
    C,
    ...(from ? { from } : {}),
    onStep: (step, now) => ([steps, ratio] = [step, now]),
  });
  return { seconds: (performance.now() - start) / 1000, steps, ratio, fitted };
}
