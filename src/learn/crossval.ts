// Grouped cross-validation: what a head is worth on series that it has not seen. Uses nothing of a test fold, not even for the temperature.

import { meanLogits } from '../classify/head.ts';
import { CATEGORIES } from '../domain/categories.ts';
import { softmax } from '../domain/scores.ts';
import type { TrainingBottlenecks } from './bottlenecks.ts';
import { figuresByCategory, figuresOf, type CategoryFigures, type Figures, type Judged } from './figures.ts';
import { fit, type FitSettings, type OnStep } from './fit.ts';
import { groupedFolds } from './split.ts';
import { fitTemperature } from './temperature.ts';

/** An image judged by a head that saw none of its group. `logits`: mean over its two views, in the order of CATEGORIES. */
export type OutOfFold = Judged & {
  file: string;
  sha256: string;
  group: string;
  fold: number;
  logits: Float64Array;
};

export type CrossValidation = {
  folds: number;
  figures: Figures;
  categories: CategoryFigures[];
  /** fitted on all out-of-fold logits: the one for a head trained on everything */
  temperature: number;
  /** in the order of the set */
  judged: OutOfFold[];
};

/** Groups stay together. A fold without images is passed over, so that sets of few groups work too. `deal`: another number deals the groups to other folds. */
export function crossValidate(
  set: TrainingBottlenecks[],
  settings: FitSettings,
  onStep?: OnStep,
  deal = 0,
): CrossValidation {
  const examples = set.map(({ example }) => example);
  const fold = dealtFolds(examples, settings.folds, deal);
  const labels = examples.map(({ category }) => CATEGORIES.indexOf(category));
  const logits = new Array<Float64Array>(set.length);
  for (let f = 0; f < settings.folds; f++) {
    const train = set.filter((_, i) => fold[i] !== f);
    if (train.length === 0 || train.length === set.length) continue;
    const head = fit(train, settings, onStep && ((step) => onStep(step, f)));
    for (const [i, { views }] of set.entries())
      if (fold[i] === f) logits[i] = meanLogits(head, views.slice(0, 2));
  }
  const known = labels.flatMap((_, i) => (logits[i] ? [i] : []));
  const temperatureOf = (chosen: number[]): number =>
    chosen.length === 0 ? 1 : fitTemperature(chosen.map((i) => logits[i]!), chosen.map((i) => labels[i]!)); // prettier-ignore
  // each fold is judged with the temperature of the others: its own answers must not set it
  const temperatures = Array.from({ length: settings.folds }, (_, f) =>
    temperatureOf(known.filter((i) => fold[i] !== f)),
  );
  const judged = known.map((i) => ({
    file: examples[i]!.file,
    sha256: set[i]!.sha256,
    group: examples[i]!.group,
    fold: fold[i]!,
    logits: logits[i]!,
    truth: examples[i]!.category,
    scores: softmax(logits[i]!, temperatures[fold[i]!]),
  }));
  return {
    folds: settings.folds,
    figures: figuresOf(judged),
    categories: figuresByCategory(judged),
    temperature: temperatureOf(known),
    judged,
  };
}

/** Groups of one size are dealt in the order of the hashes of their names: another prefix, another order. */
export function dealtFolds(
  examples: { group: string; category: string }[],
  folds: number,
  deal: number,
): number[] {
  if (deal === 0) return groupedFolds(examples, folds);
  return groupedFolds(
    examples.map(({ group, category }) => ({ group: `${deal}/${group}`, category })),
    folds,
  );
}
