// Trains a head on bottlenecks: softmax regression with balanced classes, temperature from grouped out-of-fold logits. Repeatable bit for bit.

import { findBackbone } from '../classify/backbones.ts';
import { meanLogits, type Head } from '../classify/head.ts';
import { CATEGORIES } from '../domain/categories.ts';
import type { TrainingBottlenecks } from './bottlenecks.ts';
import { randomOf } from './random.ts';
import { balancedWeights, fitSoftmax } from './softmax-regression.ts';
import { groupedFolds } from './split.ts';
import { fitTemperature } from './temperature.ts';

export type TrainOptions = {
  name: string;
  backbone?: string;
  /** L2 as in scikit-learn; 0.03 came first in grouped cross-validation */
  C?: number;
  /** every class counts the same */
  balanced?: boolean;
  /** training views an image, the two of classification included */
  views?: number;
  folds?: number;
  seed?: number;
  onStep?: (what: string, step: number, ratio: number) => void;
};

type Unnamed = Omit<Head, 'sha256'>;

/** Logits of images by heads that have not seen their group; [images][categories]. */
export type OutOfFold = { logits: Float64Array[]; fold: number[] };

export function trainHead(
  set: TrainingBottlenecks[],
  options: TrainOptions,
): Unnamed & { outOfFold: OutOfFold } {
  const folds = options.folds ?? 5;
  const fold = groupedFolds(
    set.map(({ example }) => example),
    folds,
  );
  const logits = new Array<Float64Array>(set.length);
  for (let f = 0; f < folds; f++) {
    const head = fit(
      set.filter((_, i) => fold[i] !== f),
      options,
      `fold ${f + 1} of ${folds}`,
    );
    set.forEach(({ views }, i) => {
      if (fold[i] === f) logits[i] = meanLogits(head, views.slice(0, 2));
    });
  }
  const labels = set.map(({ example }) => CATEGORIES.indexOf(example.category));
  const temperature = fitTemperature(logits, labels);
  return { ...fit(set, options, 'all'), temperature, outOfFold: { logits, fold } };
}

/** One head on all of `set`, temperature 1. */
export function fit(set: TrainingBottlenecks[], options: TrainOptions, what: string): Unnamed {
  const backbone = findBackbone(options.backbone);
  const perImage = Math.min(options.views ?? Infinity, ...set.map(({ views }) => views.length));
  const n = set.length * perImage;
  const x = new Float32Array(n * backbone.length);
  const y = new Int32Array(n);
  // the seed decides the order of the rows, and with it the rounding: the same seed is the same head
  const order = shuffled(set.length, options.seed ?? 1);
  order.forEach((image, k) => {
    const { example, views } = set[image]!;
    for (let v = 0; v < perImage; v++) {
      x.set(views[v]!, (k * perImage + v) * backbone.length);
      y[k * perImage + v] = CATEGORIES.indexOf(example.category);
    }
  });
  const weights =
    (options.balanced ?? true) ? balancedWeights(y, CATEGORIES.length) : new Float64Array(n).fill(1);
  // an image counts once, however many views it has
  const w = weights.map((v) => v / perImage);
  const fitted = fitSoftmax(
    { x, n, length: backbone.length, y, w },
    {
      classes: CATEGORIES.length,
      C: options.C ?? 0.03,
      ...(options.onStep ? { onStep: (s, r) => options.onStep!(what, s, r) } : {}),
    },
  );
  return {
    name: options.name,
    backbone: { name: backbone.name, sha256: backbone.sha256 },
    preprocessing: backbone.preprocessing,
    length: backbone.length,
    temperature: 1,
    ...fitted,
  };
}

function shuffled(n: number, seed: number): number[] {
  const random = randomOf(seed);
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
