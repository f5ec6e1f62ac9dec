// What a head is worth on the tenth of the images that it never saw: the 80/10/10 split of Modarres et al. 2017, by a hash. Beside cross-validation.

import { basename } from 'node:path/posix';
import { meanLogits } from '../classify/head.ts';
import { CATEGORIES } from '../domain/categories.ts';
import { softmax } from '../domain/scores.ts';
import type { TrainingBottlenecks } from './bottlenecks.ts';
import type { Example } from './dataset.ts';
import { figuresOf, type Figures } from './figures.ts';
import { fit, type FitSettings, type OnStep } from './fit.ts';
import { partOf, type Part } from './split.ts';
import { fitTemperature } from './temperature.ts';

export type HeldOut = { parts: Record<Part, number>; figures: Figures };

/** The group where one is known; else the file's own name, so that moving a folder moves no image. */
export function partOfExample({ file, group }: Example): Part {
  return partOf(group === file ? basename(file) : group);
}

/** Trains on 80 %, sets the temperature on 10 %, judges the last 10 %. Undefined where one of the parts is empty. */
export function heldOut(
  set: TrainingBottlenecks[],
  settings: FitSettings,
  onStep?: OnStep,
): HeldOut | undefined {
  const of = (part: Part) => set.filter(({ example }) => partOfExample(example) === part);
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
  };
}
