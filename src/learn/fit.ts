// One head from bottlenecks: weighted softmax regression. The same set, settings and seed give the same head bit for bit.

import { findBackbone } from '../classify/backbones.ts';
import type { Head } from '../classify/head.ts';
import { CATEGORIES } from '../domain/categories.ts';
import type { TrainingBottlenecks } from './bottlenecks.ts';
import { randomOf } from '../domain/random.ts';
import { fitSoftmax } from './softmax-regression.ts';
import { equalTaps, imageWeights, type Weighting } from './weights.ts';

export type FitSettings = Weighting & {
  backbone: string;
  /** inverse strength of L2, as in scikit-learn */
  C: number;
  /** every tap of the backbone may say as much as the others, however many numbers it has */
  equalTaps: boolean;
  /** training views an image, the two of classification included */
  views: number;
  folds: number;
  /** decides the order of the images, and with it the rounding */
  seed: number;
};

export const DEFAULT_SETTINGS: Omit<FitSettings, 'backbone'> = {
  C: 0.1,
  balance: 0.3,
  series: 1,
  equalTaps: true,
  views: 15,
  folds: 5,
  seed: 1,
};

export type OnStep = (step: number, fold?: number) => void;

export type Unnamed = Omit<Head, 'sha256' | 'name'>;

/** Temperature 1: out-of-fold logits set it. */
export function fit(set: TrainingBottlenecks[], settings: FitSettings, onStep?: OnStep): Unnamed {
  const backbone = findBackbone(settings.backbone);
  const { length } = backbone;
  const perImage = Math.min(settings.views, ...set.map(({ views }) => views.length));
  const n = set.length * perImage;
  const x = new Float32Array(n * length);
  const y = new Int32Array(n);
  const w = new Float64Array(n);
  const weights = imageWeights(
    set.map(({ example }) => example),
    settings,
  );
  for (const [k, image] of shuffled(set.length, settings.seed).entries()) {
    const { example, views } = set[image]!;
    for (let v = 0; v < perImage; v++) {
      const row = k * perImage + v;
      x.set(views[v]!, row * length);
      y[row] = CATEGORIES.indexOf(example.category);
      w[row] = weights[image]! / perImage; // an image counts once, however many views it has
    }
  }
  const options = {
    classes: CATEGORIES.length,
    C: settings.C,
    ...(settings.equalTaps ? { emphasis: equalTaps(backbone.tapLengths) } : {}),
    ...(onStep ? { onStep } : {}),
  };
  return {
    backbone: { name: backbone.name, sha256: backbone.sha256 },
    preprocessing: backbone.preprocessing,
    length,
    temperature: 1,
    ...fitSoftmax({ x, n, length, y, w }, options),
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
