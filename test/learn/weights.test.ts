// What an image, a category, a series and a tap count in training.

import { expect, test } from 'vitest';
import { findBackbone } from '../../src/classify/backbones.ts';
import { emphasisOf, imageWeights } from '../../src/learn/weights.ts';

const tiny = { name: 'tiny', taps: ['a', 'b'], tapLengths: [2, 8] };

const images = [
  ...Array.from({ length: 6 }, () => ({ category: 'Powder', group: 'long series' })),
  { category: 'Powder', group: 'one' },
  { category: 'Tips', group: 'two' },
  { category: 'Tips', group: 'two' },
];
const sums = (w: Float64Array, of: 'category' | 'group', key: string) =>
  w.reduce((s, v, i) => s + (images[i]![of] === key ? v : 0), 0);

test('without weighting every image counts once', () => {
  expect([...imageWeights(images, { balance: 0, series: 0 })]).toEqual(images.map(() => 1));
});

test('balanced: every category gets the same sum, and all together what there are images', () => {
  const w = imageWeights(images, { balance: 1, series: 0 });
  expect(sums(w, 'category', 'Powder')).toBeCloseTo(4.5, 12);
  expect(sums(w, 'category', 'Tips')).toBeCloseTo(4.5, 12);
});

test('by series: six images of one series count as much as one of another', () => {
  const w = imageWeights(images, { balance: 0, series: 1 });
  expect(sums(w, 'group', 'long series')).toBeCloseTo(3, 12);
  expect(sums(w, 'group', 'one')).toBeCloseTo(3, 12);
  const both = imageWeights(images, { balance: 1, series: 1 });
  expect(sums(both, 'category', 'Tips')).toBeCloseTo(4.5, 12);
  expect(sums(both, 'group', 'one')).toBeCloseTo(2.25, 12);
});

test('every tap gets the same total variance; the lengths of the catalogue add up', () => {
  const factors = emphasisOf(tiny, { equalTaps: true });
  expect([...factors.subarray(0, 2)]).toEqual([1, 1]);
  expect(factors.subarray(2).reduce((s, f) => s + f * f, 0)).toBeCloseTo(2, 6);
  expect([...emphasisOf(tiny, { equalTaps: true, taps: ['b'] })]).toEqual([
    0,
    0,
    ...new Array<number>(8).fill(1),
  ]);
  expect(() => emphasisOf(tiny, { equalTaps: true, taps: ['c'] })).toThrow(/tiny: no tap c; it has a, b/);
  for (const name of ['efficientnet-lite0', 'inception-v3']) {
    const { tapLengths, length } = findBackbone(name);
    expect(tapLengths.reduce((a, b) => a + b, 0)).toBe(length);
  }
});
