// How long it takes to train a head: made-up bottlenecks of the size that a facility comes to, and a refit after new answers. Judges nothing.

import { DEFAULT_BACKBONE } from '../../src/classify/backbones.ts';
import { randomOf } from '../../src/domain/random.ts';
import { trainingBottlenecks } from '../../src/learn/bottlenecks.ts';
import { readDataset } from '../../src/learn/dataset.ts';
import { DEFAULT_SETTINGS, fit, type Fit } from '../../src/learn/fit.ts';
import { fitSoftmax, type Rows } from '../../src/learn/softmax-regression.ts';
import { sampled } from './sampled.ts';

const CLASSES = 10;
/** of the default backbone */
const LENGTH = 1712;
/** Bottlenecks vary in far fewer ways than they have numbers: these are mixed into all of them, so that they are correlated as real ones are. */
const WAYS = 60;

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

export type Timed = { what: string; rows: number; seconds: number; cpu: number; steps: number };

/**
 * Until the gradient is 1e-3 of what it is at weights of zero, with the default settings. The refit: a head of the images of `dir` exists, 300
 * images come to them (other views of 300 of them) as they come from the catalogue, with two views. `few`: so many rows and images only.
 */
export async function headSpeed(dir: string, few?: { rows: number; images: number }): Promise<Timed[]> {
  const big = madeUpRows(few?.rows ?? 20_000);
  const made = timed(`${big.n} x ${LENGTH} made up`, big.n, (onStep) =>
    fitSoftmax(big, { classes: CLASSES, C: DEFAULT_SETTINGS.C, onStep }),
  );
  const { all } = await trainingBottlenecks(sampled(readDataset(dir), few?.images, ({ file }) => file));
  const settings = { ...DEFAULT_SETTINGS, backbone: DEFAULT_BACKBONE };
  const head = fit(all, settings);
  const more = all.slice(0, 300).map((one) => ({ ...one, views: one.views.slice(2, 4) }));
  const refit = (views: number, from?: Fit) => {
    const name = `refit of ${all.length} + ${more.length} images, ${views} views${from ? ', from the head that was' : ''}`;
    const set = [...all, ...more];
    const rows = set.reduce((sum, one) => sum + Math.min(views, one.views.length), 0);
    return timed(name, rows, (onStep) => fit(set, { ...settings, views }, onStep, from ? { from } : {}));
  };
  return [made, refit(2), refit(2, head), refit(settings.views), refit(settings.views, head)];
}

function timed(what: string, rows: number, run: (onStep: (step: number) => void) => unknown): Timed {
  const [start, used] = [performance.now(), process.cpuUsage()];
  let steps = 0;
  run((step) => (steps = step));
  const { user, system } = process.cpuUsage(used);
  return { what, rows, seconds: (performance.now() - start) / 1000, cpu: (user + system) / 1e6, steps };
}
