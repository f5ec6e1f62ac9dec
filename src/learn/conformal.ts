// Conformal sets for the prompt: so many categories that the right one is among them as often as wanted, on series that were not seen. Pure.

import { CATEGORIES, type Category } from '../domain/categories.ts';
import { ranked, type Scores } from '../domain/scores.ts';
import { randomOf } from '../domain/random.ts';

type Labelled = { truth: Category; scores: Scores; group: string };

/**
 * The threshold of split conformal prediction on 1 - score of the truth (LAC: Sadinle, Lei & Wasserman, JASA 2019: the smallest sets of that
 * coverage). Images of a series are not exchangeable, series are: each group has the same mass, 1 / (groups + 1), shared by its images (Dunn,
 * Wasserman & Ramdas, JASA 2022, pooled CDFs). So it holds for an image of a series yet to come. 1 where there are too few groups: all ten categories.
 */
export function conformalQuantile(images: Labelled[], alpha: number): number {
  const sizes = new Map<string, number>();
  for (const { group } of images) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const order = images
    .map(({ truth, scores, group }) => ({
      misfit: 1 - scores[truth],
      mass: 1 / (sizes.get(group)! * (sizes.size + 1)),
    }))
    .sort((a, b) => a.misfit - b.misfit);
  let mass = 0;
  for (const one of order) if ((mass += one.mass) >= 1 - alpha - 1e-12) return one.misfit;
  return 1;
}

/** Categories with 1 - score <= quantile, best first; never empty: a person is always offered the best one. */
export function conformalSet(scores: Scores, quantile: number): Category[] {
  const order = ranked(scores);
  const inside = order.filter(({ score }) => 1 - score <= quantile + 1e-12).length;
  return order.slice(0, Math.max(1, inside)).map(({ category }) => category);
}

export type Coverage = {
  images: number;
  groups: number;
  /** every series counts the same: what is promised */
  coverage: number;
  /** every image counts the same */
  imageCoverage: number;
  /** categories in a set, every series counts the same */
  size: number;
};

export function coverageOf(images: Labelled[], quantile: number): Coverage {
  const groups = new Map<string, { n: number; hits: number; sizes: number }>();
  let hits = 0;
  for (const { truth, scores, group } of images) {
    const set = conformalSet(scores, quantile);
    const hit = set.includes(truth) ? 1 : 0;
    const own = groups.get(group) ?? { n: 0, hits: 0, sizes: 0 };
    groups.set(group, { n: own.n + 1, hits: own.hits + hit, sizes: own.sizes + set.length });
    hits += hit;
  }
  const mean = (of: (g: { n: number; hits: number; sizes: number }) => number) =>
    [...groups.values()].reduce((sum, g) => sum + of(g) / g.n, 0) / groups.size;
  return {
    images: images.length,
    groups: groups.size,
    coverage: mean((g) => g.hits),
    imageCoverage: hits / images.length,
    size: mean((g) => g.sizes),
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

/** Coverage of each truth, every image counts the same: what is promised holds over all categories together, not for each. */
export function coverageByCategory(
  images: Labelled[],
  quantile: number,
): { category: Category; images: number; coverage: number }[] {
  return CATEGORIES.flatMap((category) => {
    const own = images.filter(({ truth }) => truth === category);
    return own.length === 0
      ? []
      : [{ category, images: own.length, coverage: coverageOf(own, quantile).imageCoverage }];
  });
}
