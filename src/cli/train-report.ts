// What `semtag train` tells people: figures by category, near-duplicates, steps. Text only; the same for programs is the provenance.

import type { Skipped, TrainingBottlenecks } from '../learn/bottlenecks.ts';
import type { CategoryFigures, Figures } from '../learn/figures.ts';
import { namedPairs } from '../learn/near-duplicates.ts';
import type { StepsSweep } from '../learn/steps-sweep.ts';
import type { Trained } from '../learn/train.ts';
import { table } from './table.ts';

const FEW = 20;

export function trainReport(
  { head, validation, heldOut, nearDuplicates, C }: Trained,
  set: TrainingBottlenecks[],
  skipped: Skipped[],
  chosen: boolean,
  out?: string,
): string {
  const { figures, categories, folds } = validation;
  const pairs = namedPairs(set, nearDuplicates);
  const notJudged = [
    `${validation.leftOut.length} of the cross-validation`,
    ...(heldOut ? [`${heldOut.leftOut.length} of the split`] : []),
  ].join(' and ');
  return [
    ...skipped.map(({ file, reason }) => `left out: ${file}: ${reason}`),
    ...pairs.slice(0, FEW).map(({ files: [a, b] }) => `near-duplicates: ${a} and ${b}`),
    ...(pairs.length > FEW ? [`... and ${pairs.length - FEW} more ${pairs.length - FEW === 1 ? 'pair' : 'pairs'}, in the provenance`] : []),
    figureTable(figures, categories),
    '',
    `${set.length} images, ${folds}-fold cross-validation with groups kept together, temperature ${head.temperature.toFixed(2)}`,
    `${pairs.length} ${pairs.length === 1 ? 'pair' : 'pairs'} of near-duplicates; not judged because a copy was trained on: images of ${notJudged}`.replace('images of', 'images:'),
    ...(chosen ? [`L2 chosen by grouped validation: C ${C}; in the folds ${validation.C.join(', ')}`] : []),
    heldOut
      ? `split 80/10/10 by hash: top-1 ${heldOut.figures.top1.toFixed(2)} on ${heldOut.parts.test} images that took no part`
      : 'split 80/10/10 by hash: one of the parts is empty, no figure from it',
    out ? `${out}  SHA-256 ${head.sha256}` : `not written (dry run); SHA-256 ${head.sha256}`,
  ].join('\n'); // prettier-ignore
}

export function stepsTable({ images, points, ends }: StepsSweep): string {
  const rows = points.map(({ step, train, validation }) => [
    step,
    ...[train.accuracy, validation.accuracy, train.loss, validation.loss].map((v) => v.toFixed(3)),
  ]);
  return [
    table(rows, ['step', 'accuracy trained on', 'not trained on', 'loss trained on', 'not trained on']),
    '',
    `${images.train} images trained on, ${images.validation} not; ${ends === undefined ? 'training would go on' : `training ends at step ${ends}`}`,
  ].join('\n');
}

/** One row a category and one for all. Also printed by the proof of the same figures. */
export function figureTable(figures: Figures, categories: CategoryFigures[]): string {
  const row = (name: string, f: Figures): (string | number)[] =>
    [name, f.n, f.top1, f.top2, f.autoPrecision, f.autoCoverage, f.ece].map((v) =>
      typeof v === 'number' && v !== f.n ? (Number.isNaN(v) ? '-' : v.toFixed(2)) : v,
    );
  return table(
    [
      ...categories.map((c) => row(c.category, c)),
      row(`all (macro recall ${figures.macroRecall.toFixed(2)})`, figures),
    ],
    ['category', 'images', 'top-1', 'top-2', 'precision > 0.8', 'coverage', 'ECE'],
  );
}
