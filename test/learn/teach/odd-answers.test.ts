// An answer that its series speaks against is found, one that only looks unlike is not, and each is left out of what is said about it.

import { expect, test } from 'vitest';
import type { Category } from '../../../src/domain/categories.ts';
import { oddAnswers } from '../../../src/learn/teach/odd-answers.ts';

const HERE = Float32Array.of(1, 0);
const NEAR = Float32Array.of(Math.cos(0.2), Math.sin(0.2));
const ELSEWHERE = Float32Array.of(0, 1);

function told(...answers: [series: number, u: Float32Array, category: Category][]) {
  const odd = oddAnswers();
  for (const [i, [series, u, category]] of answers.entries())
    odd.learn(series, i + 1, { category, weight: 1, u });
  return odd;
}

test('the odd one among alike ones', () => {
  const odd = told([1, HERE, 'Tips'], [1, NEAR, 'Tips'], [1, HERE, 'Powder'], [1, NEAR, 'Tips']);
  expect(odd.find()).toMatchObject([{ lesson: 3, category: 'Tips' }]);
  expect(odd.find()[0]!.score).toBeGreaterThan(0.8);
});

test('two against each other: which one is right nobody knows', () => {
  expect(told([1, HERE, 'Tips'], [1, HERE, 'Powder']).find()).toMatchObject([
    { lesson: 1, category: 'Powder' },
    { lesson: 2, category: 'Tips' },
  ]);
});

test('neither another subject, nor another series, nor what the others disagree about', () => {
  expect(told([1, HERE, 'Tips'], [1, ELSEWHERE, 'Powder']).find()).toEqual([]);
  expect(told([1, HERE, 'Tips'], [2, HERE, 'Powder']).find()).toEqual([]);
  expect(told([1, HERE, 'Tips'], [1, HERE, 'Powder'], [1, HERE, 'Fibres']).find()).toEqual([]);
  expect(told([1, HERE, 'Tips']).find()).toEqual([]);
});

test('what was unlearned says nothing any more', () => {
  const odd = told([1, HERE, 'Tips'], [1, HERE, 'Powder']);
  odd.unlearn(1, 1);
  expect(odd.find()).toEqual([]);
});
