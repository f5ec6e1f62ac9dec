// Proposed thresholds: no more errors than wanted where one is proposed, and the three ways of proposing none.

import { describe, expect, test } from 'vitest';
import type { Result } from '../../src/learn/outcome.ts';
import { randomOf } from '../../src/domain/random.ts';
import { groupsFor, proposeThreshold } from '../../src/learn/thresholds.ts';

function result(score: number, right: boolean, group: string): Result {
  const category = 'Tips';
  return { truth: right ? category : 'Powder', category, score, second: { category: 'Fibres', score: 0 }, outcome: right ? 'top' : 'neither', group }; // prettier-ignore
}

/** Single images, right with the probability that the score says. */
function calibrated(n: number, seed: number): Result[] {
  const random = randomOf(seed);
  return Array.from({ length: n }, (_, i) => {
    const score = random();
    return result(score, random() < score, `${seed}/${i}`);
  });
}

describe('a proposed threshold', () => {
  test('how many groups bear no error at 0.05: the closed form', () => {
    // (1 - 0.05)^n <= 0.025
    expect(groupsFor(0, 0.05)).toBe(Math.ceil(Math.log(0.025) / Math.log(0.95)));
    expect(groupsFor(1, 0.05)).toBeGreaterThan(groupsFor(0, 0.05));
  });

  test('keeps its promise on images to come far more often than not', () => {
    let broken = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const { threshold } = proposeThreshold(calibrated(600, seed), 0.1);
      if (threshold === null) continue;
      // right with probability score, uniform above the threshold
      const error = (1 - threshold) / 2;
      if (error > 0.1) broken++;
    }
    // 2.5 % of 200 are 5; 11 or more have a chance below 1 %
    expect(broken).toBeLessThanOrEqual(10);
  });

  test('too few groups: not enough data, however many images they have', () => {
    const few = Array.from({ length: 500 }, (_, i) => result(0.95, true, `series ${i % 20}`));
    expect(proposeThreshold(few, 0.05)).toMatchObject({ verdict: 'not enough data', threshold: null, groups: 20, images: 500 }); // prettier-ignore
    expect(proposeThreshold([], 0.05)).toMatchObject({ verdict: 'not enough data', images: 0, error: null });
  });

  test('many errors at the top: more errors than wanted', () => {
    const bad = Array.from({ length: 300 }, (_, i) => result(0.95, i % 3 > 0, `${i}`));
    expect(proposeThreshold(bad, 0.05)).toMatchObject({
      verdict: 'more errors than wanted',
      threshold: null,
    });
  });

  test('what is bounded is the share of images: a long series of errors is not one error among many', () => {
    const single = Array.from({ length: 150 }, (_, i) => result(0.99, true, `${i}`));
    const series = (n: number) => Array.from({ length: n }, () => result(0.99, false, 'bad series'));
    expect(proposeThreshold(single, 0.05).verdict).toBe('proposed');
    expect(proposeThreshold([...single, ...series(1)], 0.05)).toMatchObject({
      verdict: 'proposed',
      wrong: 1,
    });
    // 300 of 450 images wrong, one of 151 groups
    const found = proposeThreshold([...single, ...series(300)], 0.05);
    expect(found).toMatchObject({ threshold: null, groups: 151, wrong: 300, error: 2 / 3 });
    expect(found.effective).toBeCloseTo(450 ** 2 / (150 + 300 ** 2), 10);
  });

  test('groups of one size count as many as they are', () => {
    const groups = Array.from({ length: 90 }, (_, g) => Array.from({ length: 4 }, () => result(0.9, true, `${g}`))).flat(); // prettier-ignore
    const found = proposeThreshold(groups, 0.05);
    expect(found).toMatchObject({ verdict: 'proposed', groups: 90, images: 360 });
    expect(found.effective).toBeCloseTo(90, 10);
    expect(found.high).toBeCloseTo(1 - 0.025 ** (1 / 90), 10);
  });
});
