// Nested grouped cross-validation: for each fold, logits of its images and out-of-fold logits of all others, from heads that never saw the fold. What is fitted on the second is judged on the first.

import { meanLogits } from '../classify/head.ts';
import { softmax } from '../domain/scores.ts';
import type { TrainingBottlenecks } from './bottlenecks.ts';
import { crossValidate, dealtFolds, type OutOfFold } from './crossval.ts';
import { fit, type FitSettings } from './fit.ts';
import { leaks, type NearDuplicates } from './near-duplicates.ts';

export type NestedFold = {
  /** each by a head that saw neither its group nor this fold */
  fitting: OutOfFold[];
  /** this fold's images by the head of all others; scores at temperature 1 */
  judging: OutOfFold[];
  /** all other folds by the head that they taught: what must never calibrate anything, for controls */
  taught: OutOfFold[];
};

export type NestedOptions = {
  /** another number deals the groups to other folds */
  deal?: number;
  /** near-duplicates, places in the set: one whose copy taught the head is not judged */
  pairs?: NearDuplicates[];
  onFold?: (done: number, all: number) => void;
};

/** `settings.folds` outer folds and as many inner ones; folds without images on one side are passed over. */
export function nestedFolds(
  set: TrainingBottlenecks[],
  settings: FitSettings,
  { deal = 0, pairs = [], onFold = () => {} }: NestedOptions = {},
): NestedFold[] {
  const fold = dealtFolds(
    set.map(({ example }) => example),
    settings.folds,
    deal,
  );
  const known = leaks(pairs, (judged, other) => fold[judged] !== fold[other]);
  const places = set.map((_, i) => i);
  return Array.from({ length: settings.folds }, (_, f) => f).flatMap((f) => {
    const train = places.filter((i) => fold[i] !== f);
    const test = places.filter((i) => fold[i] === f && !known.has(i));
    if (train.length === 0 || test.length === 0) return [];
    const trainSet = train.map((i) => set[i]!);
    const fitting = crossValidate(trainSet, settings, undefined, deal, among(pairs, train)).judged;
    const head = fit(trainSet, settings);
    const scored = (i: number): OutOfFold => {
      const { example, sha256, views } = set[i]!;
      const logits = meanLogits(head, views.slice(0, 2));
      const { file, group, category } = example;
      return { file, sha256, group, fold: fold[i]!, logits, truth: category, scores: softmax(logits) };
    };
    onFold(f + 1, settings.folds);
    return [{ fitting, judging: test.map(scored), taught: train.map(scored) }];
  });
}

/** Pairs within a part of the set, by their places in that part. */
function among(pairs: NearDuplicates[], part: number[]): NearDuplicates[] {
  const place = new Map(part.map((i, k) => [i, k]));
  return pairs.flatMap((pair) => {
    const [a, b] = [place.get(pair.a), place.get(pair.b)];
    return a === undefined || b === undefined ? [] : [{ ...pair, a, b }];
  });
}
