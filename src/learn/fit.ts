// One head from bottlenecks: softmax regression with balanced classes. The same set, settings and seed give the same head bit for bit.

import { findBackbone } from '../classify/backbones.ts';
import type { Head } from '../classify/head.ts';
import { CATEGORIES } from '../domain/categories.ts';
import type { TrainingBottlenecks } from './bottlenecks.ts';
import { randomOf } from './random.ts';
import { balancedWeights, fitSoftmax } from './softmax-regression.ts';

export type FitSettings = {
  backbone: string;
  /** inverse strength of L2, as in scikit-learn */
  C: number;
  /** every category counts the same, however many images it has */
  balanced: boolean;
  /** training views an image, the two of classification included */
  views: number;
  folds: number;
  /** decides the order of the images, and with it the rounding */
  seed: number;
};

export const DEFAULT_SETTINGS: Omit<FitSettings, 'backbone'> = {
  C: 0.1,
  balanced: true,
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
  for (const [k, image] of shuffled(set.length, settings.seed).entries()) {
    const { example, views } = set[image]!;
    for (let v = 0; v < perImage; v++) {
      x.set(views[v]!, (k * perImage + v) * length);
      y[k * perImage + v] = CATEGORIES.indexOf(example.category);
    }
  }
  const weights = settings.balanced ? balancedWeights(y, CATEGORIES.length) : new Float64Array(n).fill(1);
  // an image counts once, however many views it has
  const w = weights.map((v) => v / perImage);
  const options = { classes: CATEGORIES.length, C: settings.C, ...(onStep ? { onStep } : {}) };
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
