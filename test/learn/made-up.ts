// Made-up out-of-fold logits: series of several sizes, some of which go wrong as a whole, over-confident, so that there is something to calibrate.

import { CATEGORIES, type Category } from '../../src/domain/categories.ts';
import { randomOf } from '../../src/domain/random.ts';

export type MadeUp = {
  file: string;
  sha256: string;
  truth: Category;
  group: string;
  subCategory?: string;
  fold: number;
  logits: Float64Array;
};

/** `groups` series of 1 to 4 images in 5 folds; `sharpness` 1: logits of which a softmax at temperature 1 means what it says, about. */
export function madeUp(groups: number, seed: number, sharpness = 2): MadeUp[] {
  const random = randomOf(seed);
  return Array.from({ length: groups }, (_, g) => {
    const truth = CATEGORIES[Math.floor(random() ** 2 * CATEGORIES.length)]!;
    // a whole series looks like another category
    const looks = random() < 0.2 ? CATEGORIES[Math.floor(random() * CATEGORIES.length)]! : truth;
    const strength = 4 * random();
    return Array.from({ length: 1 + Math.floor(random() * 4) }, (_, i): MadeUp => {
      const logits = Float64Array.from(
        CATEGORIES,
        (c) => sharpness * (2 * random() + (c === looks ? strength : 0)),
      );
      const subCategory = truth === 'Fibres' ? { subCategory: g % 2 ? 'mats & yarns' : 'single' } : {};
      return { file: `${truth}/${g}-${i}.png`, sha256: `${g}-${i}`, truth, group: `series ${g}`, ...subCategory, fold: g % 5, logits }; // prettier-ignore
    });
  }).flat();
}
