// Nested grouped cross-validation: for each fold, logits of its images and out-of-fold logits of all others, from heads that never saw the fold. What is fitted on the second is judged on the first.

import { meanLogits } from '../classify/head.ts';
import { softmax } from '../domain/scores.ts';
import type { TrainingBottlenecks } from './bottlenecks.ts';
import { crossValidate, dealtFolds, type OutOfFold } from './crossval.ts';
import { fit, type FitSettings } from './fit.ts';

export type NestedFold = {
  /** each by a head that saw neither its group nor this fold */
  fitting: OutOfFold[];
  /** this fold's images by the head of all others; scores at temperature 1 */
  judging: OutOfFold[];
};

/** `settings.folds` outer folds and as many inner ones; folds without images on one side are passed over. */
export function nestedFolds(
  set: TrainingBottlenecks[],
  settings: FitSettings,
  onFold: (done: number, all: number) => void = () => {},
): NestedFold[] {
  const fold = dealtFolds(
    set.map(({ example }) => example),
    settings.folds,
    0,
  );
  return Array.from({ length: settings.folds }, (_, f) => f).flatMap((f) => {
    const train = set.filter((_, i) => fold[i] !== f);
    const test = set.filter((_, i) => fold[i] === f);
    if (train.length === 0 || test.length === 0) return [];
    const fitting = crossValidate(train, settings).judged;
    const head = fit(train, settings);
    const judging = test.map(({ example, sha256, views }): OutOfFold => {
      const logits = meanLogits(head, views.slice(0, 2));
      const { file, group, category } = example;
      return { file, sha256, group, fold: f, logits, truth: category, scores: softmax(logits) };
    });
    onFold(f + 1, settings.folds);
    return [{ fitting, judging }];
  });
}
