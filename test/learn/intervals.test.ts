// Intervals: Clopper-Pearson against sums of binomial probabilities, the bootstrap against what can be said by hand, and none where one says nothing.

import { describe, expect, test } from 'vitest';
import { clopperPearson } from '../../src/learn/binomial.ts';
import { bootstrapByGroup, percentile } from '../../src/learn/bootstrap.ts';
import { intervalsOf } from '../../src/learn/intervals.ts';
import type { Result } from '../../src/learn/outcome.ts';

/** P(X <= k) of n trials, summed term by term. */
function atMost(k: number, n: number, p: number): number {
  let [term, sum] = [(1 - p) ** n, 0];
  for (let i = 0; i <= k; i++) {
    sum += term;
    term *= ((n - i) / (i + 1)) * (p / (1 - p));
  }
  return sum;
}

describe('Clopper-Pearson', () => {
  test.each([[0, 10], [1, 59], [3, 20], [10, 20], [19, 20], [7, 300], [150, 400]])('%d of %d: both tails hold 2.5 %', (wrong, n) => {
    const { low, high } = clopperPearson(wrong, n);
    if (wrong > 0) expect(1 - atMost(wrong - 1, n, low)).toBeCloseTo(0.025, 8);
    expect(atMost(wrong, n, high)).toBeCloseTo(0.025, 8);
  }); // prettier-ignore

  test('none and all: the closed form', () => {
    expect(clopperPearson(0, 30).high).toBeCloseTo(1 - 0.025 ** (1 / 30), 10);
    expect(clopperPearson(30, 30)).toEqual({ low: expect.closeTo(0.025 ** (1 / 30), 10) as number, high: 1 });
    expect(clopperPearson(0, 30).low).toBe(0);
  });

  test('a part of a group lies between none and a whole one', () => {
    const ends = [0, 0.5, 1].map((wrong) => clopperPearson(wrong, 40).high);
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
  });
});

describe('the bootstrap', () => {
  const hits = (values: number[]) => (times: Float64Array) => {
    const n = times.reduce((a, b) => a + b, 0);
    return [times.reduce((sum, k, i) => sum + k * values[i]!, 0) / n];
  };

  test('of single images: about the normal interval of a share', () => {
    const values = Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const [found] = bootstrapByGroup(values.map((_, i) => `${i}`), hits(values)); // prettier-ignore
    const half = 1.96 * Math.sqrt((0.25 * 0.75) / 400);
    expect(Math.abs(found!.low - (0.25 - half))).toBeLessThan(0.01);
    expect(Math.abs(found!.high - (0.25 + half))).toBeLessThan(0.01);
  });

  test('images that err together make it wider, and one group says nothing', () => {
    const values = Array.from({ length: 400 }, (_, i) => (i % 80 < 20 ? 1 : 0));
    const width = (groups: string[]) => {
      const [found] = bootstrapByGroup(groups, hits(values));
      return found ? found.high - found.low : null;
    };
    const single = width(values.map((_, i) => `${i}`))!;
    expect(width(values.map((_, i) => `${Math.floor(i / 20)}`))!).toBeGreaterThan(3 * single);
    expect(width(values.map(() => 'one'))).toBeNull();
  });

  test('the same seed gives the same interval, another seed another', () => {
    const values = Array.from({ length: 50 }, (_, i) => i % 3);
    const groups = values.map((_, i) => `${i}`);
    const at = (seed: number) => bootstrapByGroup(groups, hits(values), { seed });
    expect(at(1)).toEqual(at(1));
    expect(at(2)).not.toEqual(at(1));
  });

  test('percentiles are linear between ranks', () => {
    expect([0, 0.25, 0.5, 1].map((p) => percentile([1, 2, 4], p))).toEqual([1, 1.5, 2, 4]);
  });
});

describe('intervals of an evaluation', () => {
  const image = (truth: 'Tips' | 'Powder', group: string, right = true): Result => {
    const other = truth === 'Tips' ? 'Powder' : 'Tips';
    return { truth, category: right ? truth : other, score: 0.9, second: { category: 'Fibres', score: 0.1 }, outcome: right ? 'top' : 'neither', group }; // prettier-ignore
  };

  test('a hundred groups without an error: the closed form, not [1, 1]', () => {
    const { top1, autoPrecision, perCategory } = intervalsOf(Array.from({ length: 100 }, (_, i) => image('Tips', `${i}`)), 0.8); // prettier-ignore
    const low = expect.closeTo(0.025 ** (1 / 100), 10) as number;
    for (const interval of [top1, autoPrecision, perCategory.Tips!.recall])
      expect(interval).toEqual({ low, high: 1 });
    expect(perCategory.Tips!.f1).toBeNull();
  });

  test('a category of fewer than five groups has none, however many images it has', () => {
    const of = (groups: number) =>
      intervalsOf(
        [
          ...Array.from({ length: 60 }, (_, i) => image('Powder', `p${i}`, i % 5 > 0)),
          ...Array.from({ length: 40 }, (_, i) => image('Tips', `t${i % groups}`, i % 3 > 0)),
        ],
        0.8,
      ).perCategory;
    expect(of(4).Tips).toMatchObject({ recall: null, f1: null });
    expect(of(4).Powder!.recall).not.toBeNull();
    expect(of(5).Tips!.recall).not.toBeNull();
  });
});
