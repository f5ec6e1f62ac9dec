// What a model is worth on labelled images that it was not trained on: figures, per category, and the confusion matrix (Table 2 of Modarres et al. 2017). Pure.

import { CATEGORIES, type Category } from '../domain/categories.ts';
import { ranked } from '../domain/scores.ts';
import { figuresOf, type Figures, type Judged } from './figures.ts';
import { intervalsOf, type Intervals } from './intervals.ts';
import { resultOf, type Result } from './outcome.ts';
import { subCategories, type SubCategory } from './sub-categories.ts';
import { twoCategories } from './two-categories.ts';

export type CategoryEvaluation = {
  n: number;
  /** found / there */
  recall: number;
  /** right / called so; null where nothing was called so */
  precision: number | null;
  /** harmonic mean of the two; 0 where nothing was right */
  f1: number;
  /** truth among the two top categories / there */
  top2: number;
  autoPrecision: number | null;
  autoCoverage: number;
};

/** `confusion[truth][category]`: number of images; only truths that occur. `autoPrecision` is null where nothing is above the threshold. */
export type Evaluation = Omit<Figures, 'autoPrecision'> & {
  autoPrecision: number | null;
  macroF1: number;
  /** a category that nothing was called counts 0 */
  macroPrecision: number;
  perCategory: Partial<Record<Category, CategoryEvaluation>>;
  confusion: Partial<Record<Category, Record<Category, number>>>;
};

/** `judged`: at least one image. `auto`: the threshold above which an image would be labelled by itself. */
export function evaluate(judged: Judged[], auto = 0.8): Evaluation {
  const called = judged.map(({ truth, scores }) => ({ truth, category: ranked(scores)[0]!.category }));
  const count = (truth: Category | undefined, category: Category | undefined) =>
    called.filter((c) => (!truth || c.truth === truth) && (!category || c.category === category)).length;
  const present = CATEGORIES.filter((c) => count(c, undefined) > 0);
  const perCategory = present.map((category) => {
    const figures = figuresOf(
      judged.filter(({ truth }) => truth === category),
      auto,
    );
    const [right, there, so] = [count(category, category), figures.n, count(undefined, category)];
    const evaluation: CategoryEvaluation = {
      n: there,
      recall: right / there,
      precision: so === 0 ? null : right / so,
      f1: (2 * right) / (there + so),
      top2: figures.top2,
      autoPrecision: known(figures.autoPrecision),
      autoCoverage: figures.autoCoverage,
    };
    return [category, evaluation] as const;
  });
  const mean = (of: (c: CategoryEvaluation) => number) =>
    perCategory.reduce((sum, [, c]) => sum + of(c), 0) / present.length;
  const row = (truth: Category) => Object.fromEntries(CATEGORIES.map((c) => [c, count(truth, c)]));
  const all = figuresOf(judged, auto);
  return {
    ...all,
    autoPrecision: known(all.autoPrecision),
    macroF1: mean(({ f1 }) => f1),
    macroPrecision: mean(({ precision }) => precision ?? 0),
    perCategory: Object.fromEntries(perCategory),
    confusion: Object.fromEntries(present.map((truth) => [truth, row(truth)])),
  };
}

/** An image with its name and series, as `evaluateImages` takes it. */
export type EvaluatedImage = Judged & { file: string; group: string; subCategory?: string };

export type ImageResult = Result & { file: string; subCategory?: string };

export type FullEvaluation = Evaluation & {
  groups: number;
  intervals: Intervals;
  subCategories: SubCategory[];
  /** the most evenly shared first */
  twoCategories: ImageResult[];
  /** the surest first */
  misclassified: ImageResult[];
};

/** `images`: at least one. */
export function evaluateImages(images: EvaluatedImage[], auto: number): FullEvaluation {
  const results = images.map((image): ImageResult => ({
    file: image.file,
    ...resultOf(image),
    ...(image.subCategory === undefined ? {} : { subCategory: image.subCategory }),
  }));
  return {
    ...evaluate(images, auto),
    groups: new Set(images.map(({ group }) => group)).size,
    intervals: intervalsOf(results, auto),
    subCategories: subCategories(results, ({ subCategory }) => subCategory),
    twoCategories: twoCategories(results),
    misclassified: results.filter(({ outcome }) => outcome !== 'top').sort((a, b) => b.score - a.score),
  };
}

/** 0 / 0 is not a number, and JSON has none. */
function known(share: number): number | null {
  return Number.isNaN(share) ? null : share;
}
