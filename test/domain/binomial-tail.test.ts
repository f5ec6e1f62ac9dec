// The exact tail of a binomial: against values that can be worked out by hand, and against the interval that the rest of the house uses.

import { expect, test } from 'vitest';
import { binomialTail } from '../../src/domain/binomial-tail.ts';
import { clopperPearson } from '../../src/learn/binomial.ts';

test.each([
  [0, 5, 0.3, 1],
  [6, 5, 0.3, 0],
  [5, 5, 0.5, 1 / 32],
  [4, 5, 0.5, 6 / 32],
  [1, 3, 0.1, 1 - 0.9 ** 3],
  [1, 4, 0, 0],
  [4, 4, 1, 1],
])('P(X >= %i) of %i at %f', (k, n, p, tail) => {
  expect(binomialTail(k, n, p)).toBeCloseTo(tail, 12);
});

test('of ten thousand it neither overflows nor vanishes', () => {
  expect(binomialTail(5000, 10_000, 0.5)).toBeCloseTo(0.504, 3);
  expect(binomialTail(600, 10_000, 0.05)).toBeGreaterThan(0);
});

test('below 0.025 at one half exactly where the interval of Clopper and Pearson lies above it', () => {
  for (let n = 1; n <= 40; n++)
    for (let k = 0; k <= n; k++)
      expect(binomialTail(k, n, 0.5) < 0.025, `${k} of ${n}`).toBe(clopperPearson(k, n).low > 0.5);
});
