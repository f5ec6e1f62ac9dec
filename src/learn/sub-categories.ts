// What becomes of the images of a sub-category: which two categories most of them are read as (Table 4 and Fig. 2 of Modarres et al. 2017). Pure.

import { CATEGORIES, type Category } from '../domain/categories.ts';
import type { Result } from './outcome.ts';

export type SubCategory = {
  category: Category;
  name: string;
  images: number;
  groups: number;
  /** share of its images with the right category on top, and among the top two */
  top1: number;
  top2: number;
  /** the two categories that most of its images have on top; the second absent where all have the same */
  readAs: { category: Category; share: number }[];
};

/** `nameOf`: undefined for an image that is in none. In the order of CATEGORIES, then by name. */
export function subCategories<R extends Result>(
  results: R[],
  nameOf: (result: R) => string | undefined,
): SubCategory[] {
  const lists = new Map<string, { category: Category; name: string; own: R[] }>();
  for (const result of results) {
    const name = nameOf(result);
    if (name === undefined) continue;
    const key = `${CATEGORIES.indexOf(result.truth)}/${name}`;
    const list = lists.get(key) ?? { category: result.truth, name, own: [] };
    list.own.push(result);
    lists.set(key, list);
  }
  return [...lists]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { category, name, own }]) => {
      const share = (is: (r: R) => boolean) => own.filter(is).length / own.length;
      const readAs = CATEGORIES.map((c) => ({ category: c, share: share((r) => r.category === c) }))
        .filter((one) => one.share > 0)
        .sort((a, b) => b.share - a.share)
        .slice(0, 2);
      return {
        category,
        name,
        images: own.length,
        groups: new Set(own.map(({ group }) => group)).size,
        top1: share(({ outcome }) => outcome === 'top'),
        top2: share(({ outcome }) => outcome !== 'neither'),
        readAs,
      };
    });
}
