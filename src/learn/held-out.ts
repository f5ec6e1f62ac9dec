// What a head is worth on the tenth of the images that it never saw: the 80/10/10 split of Modarres et al. 2017, by a hash. Beside cross-validation.

import { basename } from 'node:path/posix';
import { meanLogits } from '../classify/head.ts';
import { CATEGORIES } from '../domain/categories.ts';
import { softmax } from '../domain/scores.ts';
import type { TrainingBottlenecks } from './bottlenecks.ts';
import type { Example } from './dataset.ts';
import { figuresOf, type Figures } from './figures.ts';
import { fit, type FitSettings, type OnStep } from './fit.ts';
import { leaks, type NearDuplicates } from './near-duplicates.ts';
import { partOf, PARTS, type Part } from './split.ts';
import { fitTemperature } from './temperature.ts';

export type HeldOut = {
  parts: Record<Part, number>;
  figures: Figures;
  /** places in the set of images that a near-duplicate in an earlier part kept out of the evaluation */
  leftOut: number[];
};

/** The group where one is known; else the file's own name, so that moving a folder moves no image. */
export function partOfExample({ file, group }: Example): Part {
  return partOf(group === file ? basename(file) : group);
}

/**
 * Trains on 80 %, sets the temperature on 10 %, judges the last 10 %. Of two near-duplicates in different parts the one in the later part is
 * left out: the head or the temperature has seen it. Undefined where one of the parts is empty.
 */
export function heldOut(
  set: TrainingBottlenecks[],
  settings: FitSettings,
  onStep?: OnStep,
  pairs: NearDuplicates[] = [],
): HeldOut | undefined {
  const parts = set.map(({ example }) => partOfExample(example));
  const apart = leaks(pairs, (a, b) => PARTS.indexOf(parts[a]!) > PARTS.indexOf(parts[b]!));
  const of = (part: Part) => set.filter((_, i) => parts[i] === part && !apart.has(i));
  const [train, validation, test] = [of('train'), of('validation'), of('test')];
  if (train.length === 0 || validation.length === 0 || test.length === 0) return undefined;
  const head = fit(train, settings, onStep);
  const logits = (images: TrainingBottlenecks[]) =>
    images.map(({ views }) => meanLogits(head, views.slice(0, 2)));
  const labels = validation.map(({ example }) => CATEGORIES.indexOf(example.category));
  const temperature = fitTemperature(logits(validation), labels);
  const judged = logits(test).map((l, i) => ({
    truth: test[i]!.example.category,
    scores: softmax(l, temperature),
  }));
  return {
    parts: { train: train.length, validation: validation.length, test: test.length },
    figures: figuresOf(judged),
    leftOut: [...apart].sort((a, b) => a - b),
  };
}
