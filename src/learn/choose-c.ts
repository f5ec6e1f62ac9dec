// The strength of L2 by grouped validation inside one training set, so that figures of images kept out of that set stay honest. Never sees those.

import { meanLogits } from '../classify/head.ts';
import { CATEGORIES } from '../domain/categories.ts';
import type { TrainingBottlenecks } from './bottlenecks.ts';
import { fitAt } from './fit-at.ts';
import type { Fit, FitSettings } from './fit.ts';
import { groupedFolds } from './split.ts';
import { fitTemperature, meanLoss } from './temperature.ts';

/** Thirds and halves of a decade on both sides of the default. The most held back first: each fit starts from the one before. */
export const C_GRID = [0.003, 0.01, 0.03, 0.1, 0.3];

const FOLDS = 3;

/** The temperature of a head takes back what a larger C exaggerates, so heads are compared at the best one of each. */
export type ChosenC = { C: number; losses: { C: number; loss: number }[] };

/**
 * The C of least mean -log score of the true category, over images whose groups were not trained on, with the two views of classification. Three
 * folds, five values: about as much work as one cross-validation. Of equals, or where there is only one group, the smaller.
 */
export function chooseC(set: TrainingBottlenecks[], settings: FitSettings): ChosenC {
  const examples = set.map(({ example }) => example);
  const fold = groupedFolds(examples, FOLDS);
  const logits = C_GRID.map(() => new Map<number, Float64Array>());
  for (let f = 0; f < FOLDS; f++) {
    const train = set.filter((_, i) => fold[i] !== f);
    if (train.length === 0 || train.length === set.length) continue;
    let from: Fit | undefined;
    for (const [k, C] of C_GRID.entries()) {
      const head = fitAt(train, { ...settings, views: 2 }, C, from ? { from } : {});
      for (const [i, { views }] of set.entries())
        if (fold[i] === f) logits[k]!.set(i, meanLogits(head, views.slice(0, 2)));
      from = head;
    }
  }
  const losses = C_GRID.map((C, k) => ({ C, loss: lossOf(logits[k]!, examples) }));
  return { C: losses.reduce((best, one) => (one.loss < best.loss ? one : best)).C, losses };
}

function lossOf(logits: Map<number, Float64Array>, examples: { category: string }[]): number {
  if (logits.size === 0) return Infinity;
  const labels = [...logits.keys()].map((i) =>
    (CATEGORIES as readonly string[]).indexOf(examples[i]!.category),
  );
  const rows = [...logits.values()];
  return meanLoss(rows, labels, fitTemperature(rows, labels));
}
