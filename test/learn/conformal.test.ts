// Conformal sets: coverage on series that were not used, the closed form for single images, and sets that are never empty.

import { describe, expect, test } from 'vitest';
import { CATEGORIES } from '../../src/domain/categories.ts';
import { randomOf } from '../../src/domain/random.ts';
import type { Scores } from '../../src/domain/scores.ts';
import {
  conformalQuantile,
  conformalSet,
  coverageOf,
  dealGroups,
  type Labelled,
} from '../../src/learn/conformal.ts';
import { crossCoverage, scoredAt, temperatureOf } from '../../src/learn/cross-fit.ts';
import { madeUp } from './made-up.ts';

describe('conformal sets', () => {
  test('for single images the quantile is the (n + 1)(1 - alpha)th smallest misfit', () => {
    const images = scoredAt(madeUp(60, 3), 1).map((i, k) => ({ ...i, group: `${k}` }));
    const misfits = images.map(({ truth, scores }) => 1 - scores[truth]).sort((a, b) => a - b);
    const rank = Math.ceil(0.9 * (images.length + 1));
    expect(conformalQuantile(images, 0.1)).toBe(misfits[rank - 1]);
    // nine images cannot promise 95 %
    expect(conformalQuantile(images.slice(0, 9), 0.05)).toBe(1);
  });

  test('cover what they promise on other series, and a quantile of half the promise does not', () => {
    const fitting = madeUp(800, 11);
    const t = temperatureOf(fitting);
    const judging = scoredAt(madeUp(800, 12), t);
    const at = (alpha: number) =>
      coverageOf(judging, conformalQuantile(scoredAt(fitting, t), alpha)).coverage;
    expect(Math.abs(at(0.1) - 0.9)).toBeLessThan(0.03);
    expect(Math.abs(at(0.2) - 0.8)).toBeLessThan(0.04);
    expect(at(0.5)).toBeLessThan(0.85);
  });

  test('hold their promise for images where a few long series fail as a whole', () => {
    const coverages = Array.from({ length: 1000 }, (_, k) => {
      const [fitting, judging] = [uneven(40, 2 * k + 1), uneven(40, 2 * k + 2)];
      const quantile = conformalQuantile(fitting, 0.1);
      // images covered and images: the ratio of the sums is the coverage of an image as they come
      return [judging.filter(({ truth, scores }) => 1 - scores[truth] <= quantile).length, judging.length];
    });
    const [hits, n] = [0, 1].map((c) => coverages.reduce((sum, pair) => sum + pair[c]!, 0));
    expect(hits! / n!).toBeGreaterThan(0.9);
    expect(hits! / n!).toBeLessThan(0.93);
  });

  test('are never empty, best first, and hold all ten where there are too few series', () => {
    const [image] = scoredAt(madeUp(1, 5), 1);
    expect(conformalSet(image!.scores, 0)).toHaveLength(1);
    const all = conformalSet(image!.scores, 1);
    expect(all).toHaveLength(10);
    expect(all.map((c) => image!.scores[c])).toEqual(Object.values(image!.scores).toSorted((a, b) => b - a));
  });
});

/** Series of 1 to 40 images, most of them short, the long ones fit worse; all images of a series fit alike. */
function uneven(series: number, seed: number): Labelled[] {
  const random = randomOf(seed);
  return Array.from({ length: series }, (_, g) => {
    const draw = random();
    const length = Math.ceil(40 * draw ** 4);
    const fit = (random() + 1 - draw) / 2;
    const scores = Object.fromEntries(CATEGORIES.map((c) => [c, c === 'Tips' ? fit : (1 - fit) / 9])) as Scores; // prettier-ignore
    return Array.from({ length }, (): Labelled => ({ truth: 'Tips', scores, group: `${g}` }));
  }).flat();
}

test('coverage over deals judges no image by its own group', () => {
  const images = madeUp(200, 21);
  const fold = dealGroups(images.map(({ group }) => group), 5, 1); // prettier-ignore
  expect(new Set(images.map(({ group }) => `${group} ${fold.get(group)}`)).size).toBe(200);
  expect([0, 1, 2, 3, 4].map((f) => [...fold.values()].filter((v) => v === f).length)).toEqual([40, 40, 40, 40, 40]); // prettier-ignore
  const [all, none] = crossCoverage(images, 0.1, { deals: 10, folds: 5 }, [() => true, () => false]);
  expect(Math.abs(all!.coverage - 0.9)).toBeLessThan(0.03);
  expect(none).toBeNull();
});
