// One head from bottlenecks: weighted softmax regression. The same set, settings and seed give the same head bit for bit.

import type { Head } from '../classify/head.ts';
import type { TrainingBottlenecks } from './bottlenecks.ts';
import { chooseC } from './choose-c.ts';
import { fitAt } from './fit-at.ts';
import type { Fitted, OnFitStep } from './softmax-regression.ts';
import type { Weighting } from './weights.ts';

export type FitSettings = Weighting & {
  backbone: string;
  /** inverse strength of L2, as in scikit-learn */
  C: number;
  /** C is chosen from C_GRID by grouped validation inside the set that is trained on; `C` above does not count then */
  chooseC?: boolean;
  /** every tap of the backbone may say as much as the others, however many numbers it has */
  equalTaps: boolean;
  /** the head takes the roots of the bottlenecks */
  roots: boolean;
  /** taps that take part, by their name in the backbone catalogue; all unless told */
  taps?: string[];
  /** training views an image, the two of classification included */
  views: number;
  folds: number;
  /** decides the order of the images, and with it the rounding */
  seed: number;
};

export const DEFAULT_SETTINGS: Omit<FitSettings, 'backbone'> = {
  C: 0.03,
  balance: 0.3,
  series: 1,
  equalTaps: true,
  roots: true,
  views: 15,
  folds: 5,
  seed: 1,
};

export type OnStep = (step: number, fold?: number) => void;

export type Unnamed = Omit<Head, 'sha256' | 'name'>;

/** `C`: what it was trained with. */
export type Fit = Unnamed & { C: number };

export type FitOptions = {
  /** a head to start from: the minimum is the same, it is only found sooner. Of the same backbone */
  from?: Fitted;
  tolerance?: number;
  iterations?: number;
  onStep?: OnFitStep;
};

/** Temperature 1: out-of-fold logits set it. With `chooseC` the choice is made inside this set, so that a fold's head is chosen without its fold. */
export function fit(
  set: TrainingBottlenecks[],
  settings: FitSettings,
  onStep?: OnStep,
  options: FitOptions = {},
): Fit {
  const C = settings.chooseC ? chooseC(set, settings).C : settings.C;
  return fitAt(set, settings, C, { ...(onStep ? { onStep } : {}), ...options });
}
