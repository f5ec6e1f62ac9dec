// Calibrated scores that an image's own fold took no part in: temperature and conformal quantile of some folds, applied to the others. Pure.

import { CATEGORIES, type Category } from '../domain/categories.ts';
import { softmax } from '../domain/scores.ts';
import { conformalQuantile, coverageOf, dealGroups, type Coverage, type Labelled } from './conformal.ts';
import { fitTemperature } from './temperature.ts';

/** `logits`: in the order of CATEGORIES, of a head that saw nothing of the group. */
export type Unscored = { truth: Category; group: string; logits: ArrayLike<number> };

export function temperatureOf(images: Unscored[]): number {
  return fitTemperature(
    images.map(({ logits }) => logits),
    images.map(({ truth }) => CATEGORIES.indexOf(truth)),
  );
}

export function scoredAt<T extends Unscored>(images: T[], temperature: number): (T & Labelled)[] {
  return images.map((image) => ({ ...image, scores: softmax(image.logits, temperature) }));
}

/** Each image with the temperature of all folds but its own; in the order given. */
export function crossFitted<T extends Unscored & { fold: number }>(images: T[]): (T & Labelled)[] {
  const temperatures = new Map<number, number>();
  for (const fold of new Set(images.map((i) => i.fold)))
    temperatures.set(fold, temperatureOf(images.filter((i) => i.fold !== fold)));
  return images.map((image) => scoredAt([image], temperatures.get(image.fold)!)[0]!);
}

export type CrossCoverage = {
  deals: number;
  folds: number;
  /** mean over the deals, each over all images */
  coverage: number;
  seriesCoverage: number;
  size: number;
  /** of a single fold: what one calibration may give on a fifth of the series */
  lowest: number;
  highest: number;
};

/**
 * Groups dealt anew `deals` times: temperature (where `temperature` is not given) and quantile from all folds but one, coverage on that one. For
 * each of `picks`: of which of the scored images. Null where none is picked.
 */
export function crossCoverage(
  images: Unscored[],
  alpha: number,
  { deals, folds, temperature }: { deals: number; folds: number; temperature?: number },
  picks: ((image: Labelled) => boolean)[],
): (CrossCoverage | null)[] {
  const found: Coverage[][] = picks.map(() => []);
  for (let deal = 1; deal <= deals; deal++) {
    const fold = dealGroups(
      images.map(({ group }) => group),
      folds,
      deal,
    );
    for (let f = 0; f < folds; f++) {
      const others = images.filter(({ group }) => fold.get(group) !== f);
      const own = images.filter(({ group }) => fold.get(group) === f);
      if (others.length === 0 || own.length === 0) continue;
      const at = temperature ?? temperatureOf(others);
      const [fitting, judging] = [scoredAt(others, at), scoredAt(own, at)];
      for (const [p, pick] of picks.entries()) {
        const picked = judging.filter(pick);
        if (picked.length > 0)
          found[p]!.push(coverageOf(picked, conformalQuantile(fitting.filter(pick), alpha)));
      }
    }
  }
  return found.map((all) => {
    const mean = (of: (c: Coverage) => number, by: (c: Coverage) => number) =>
      all.reduce((sum, c) => sum + of(c) * by(c), 0) / all.reduce((sum, c) => sum + by(c), 0);
    if (all.length === 0) return null;
    return {
      deals,
      folds,
      coverage: mean((c) => c.coverage, (c) => c.images), // prettier-ignore
      seriesCoverage: mean((c) => c.seriesCoverage, (c) => c.groups), // prettier-ignore
      size: mean((c) => c.size, (c) => c.images), // prettier-ignore
      lowest: Math.min(...all.map((c) => c.coverage)),
      highest: Math.max(...all.map((c) => c.coverage)),
    };
  });
}
