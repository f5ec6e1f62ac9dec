// The paper's retraining view: accuracy and loss on images that teach and on images that do not, against the steps of training. Chooses nothing.

import { meanLogits, type Linear } from '../classify/head.ts';
import { CATEGORIES } from '../domain/categories.ts';
import type { TrainingBottlenecks } from './bottlenecks.ts';
import { fit, type FitSettings, type OnStep } from './fit.ts';
import { partOfExample } from './held-out.ts';
import { leaks, type NearDuplicates } from './near-duplicates.ts';
import { meanLoss } from './temperature.ts';

/** `loss`: mean of -log score of the true category, at temperature 1. */
export type Quality = { accuracy: number; loss: number };

export type StepsPoint = { step: number; train: Quality; validation: Quality };

export type StepsSweep = {
  images: { train: number; validation: number };
  points: StepsPoint[];
  /** where training of a head ends: its gradient is 1e-3 of what it was. Absent where the sweep ended before */
  ends?: number;
};

const MOST_STEPS = 200;
/** Nearer to the minimum than a head is trained, to see whether more steps would do harm. */
const TOLERANCE = 1e-4;
const USUAL_TOLERANCE = 1e-3;

/**
 * On the 80 % and the first 10 % of the split; the last tenth is not looked at. A step is one of L-BFGS over all images: 4,000 steps of 100
 * images in the paper are worth a few tens of these. Undefined where one of the two parts is empty.
 */
export function stepsSweep(
  set: TrainingBottlenecks[],
  settings: FitSettings,
  pairs: NearDuplicates[] = [],
  onStep?: OnStep,
): StepsSweep | undefined {
  const parts = set.map(({ example }) => partOfExample(example));
  const apart = leaks(pairs, (a, b) => parts[a] === 'validation' && parts[b] === 'train');
  const train = set.filter((_, i) => parts[i] === 'train');
  const validation = set.filter((_, i) => parts[i] === 'validation' && !apart.has(i));
  if (train.length === 0 || validation.length === 0) return undefined;
  const points: StepsPoint[] = [];
  let ends: number | undefined;
  let next = 1;
  fit(train, settings, undefined, {
    tolerance: TOLERANCE,
    iterations: MOST_STEPS,
    onStep(step, ratio, fitted) {
      onStep?.(step);
      if (ratio <= USUAL_TOLERANCE) ends ??= step;
      if (step < next && step !== ends) return;
      next = Math.ceil(step * 1.25);
      const at = fitted();
      const head = { ...at, length: at.mean.length, roots: settings.roots };
      points.push({ step, train: qualityOf(head, train), validation: qualityOf(head, validation) });
    },
  });
  return {
    images: { train: train.length, validation: validation.length },
    points,
    ...(ends === undefined ? {} : { ends }),
  };
}

function qualityOf(head: Linear, images: TrainingBottlenecks[]): Quality {
  const logits = images.map(({ views }) => meanLogits(head, views.slice(0, 2)));
  const labels = images.map(({ example }) => CATEGORIES.indexOf(example.category));
  const right = logits.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i]);
  return { accuracy: right.length / images.length, loss: meanLoss(logits, labels, 1) };
}
