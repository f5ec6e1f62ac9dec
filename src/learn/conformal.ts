// Conformal sets for the prompt: so many categories that the right one is among them as often as wanted, on series that were not seen. Pure.

import type { Category } from '../domain/categories.ts';
import { ranked, type Scores } from '../domain/scores.ts';
import { effectiveGroups } from './effective-groups.ts';
import { randomOf } from '../domain/random.ts';

export type Labelled = { truth: Category; scores: Scores; group: string };

/**
 * The quantile of split conformal prediction on 1 - score of the truth (LAC: Sadinle, Lei & Wasserman, JASA 2019: the smallest sets of their
 * coverage). Images of a series are not exchangeable, series are; the promise is for an image as they come, so every image has the same mass and
 * long series count more. Beside the images stands the series of the one to come, with the worst fit: pooled CDFs of Dunn, Wasserman & Ramdas
 * (JASA 2023), weighted by images. It has the length of an image's series, sum m^2 / sum m = images / effective number of series (Kish, Survey
 * Sampling, 1965, 8.2), not of a mean series: an image to come lies in a long series more often, and long ones may be the ones that fail. Exact
 * for series of one image, else rather too large than too small, less so as series grow in number. 1, all ten categories, for too few.
 */
export function conformalQuantile(images: Labelled[], alpha: number): number {
  const misfits = images.map(({ truth, scores }) => 1 - scores[truth]).sort((a, b) => a - b);
  if (images.length === 0) return 1;
  const mass = images.length * (1 + 1 / effectiveGroups(images.map(({ group }) => group)));
  return misfits[Math.ceil((1 - alpha) * mass - 1e-9) - 1] ?? 1;
}

/** Categories with 1 - score <= quantile, best first; never empty: a person is always offered the best one. */
export function conformalSet(scores: Scores, quantile: number): Category[] {
  const order = ranked(scores);
  const inside = order.filter(({ score }) => 1 - score <= quantile).length;
  return order.slice(0, Math.max(1, inside)).map(({ category }) => category);
}

export type Coverage = {
  images: number;
  groups: number;
  /** share of the images whose set holds the truth */
  coverage: number;
  /** the same, every series counting once */
  seriesCoverage: number;
  /** mean number of categories in a set */
  size: number;
};

/** `images`: at least one. */
export function coverageOf(images: Labelled[], quantile: number): Coverage {
  const groups = new Map<string, { n: number; hits: number }>();
  let [hits, sizes] = [0, 0];
  for (const { truth, scores, group } of images) {
    const set = conformalSet(scores, quantile);
    const hit = set.includes(truth) ? 1 : 0;
    const own = groups.get(group) ?? { n: 0, hits: 0 };
    groups.set(group, { n: own.n + 1, hits: own.hits + hit });
    hits += hit;
    sizes += set.length;
  }
  return {
    images: images.length,
    groups: groups.size,
    coverage: hits / images.length,
    seriesCoverage: [...groups.values()].reduce((sum, g) => sum + g.hits / g.n, 0) / groups.size,
    size: sizes / images.length,
  };
}

/** Groups dealt by chance into `folds` parts of as equal a number of groups as can be; the same `seed`, the same deal. */
export function dealGroups(groups: string[], folds: number, seed: number): Map<string, number> {
  const names = [...new Set(groups)].sort();
  const random = randomOf(seed);
  for (let i = names.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [names[i], names[j]] = [names[j]!, names[i]!];
  }
  return new Map(names.map((name, i) => [name, i % folds]));
}
