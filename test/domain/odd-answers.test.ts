// Who is out of line: only beyond chance, measured against all others, and never by the first few answers.

import { expect, test } from 'vitest';
import { outOfLine } from '../../src/domain/odd-answers.ts';

const person = (by: string, answers: number, odd: number) => ({ by, answers, odd });

test('one who is against what looks alike far more often than the others is named, and nobody else', () => {
  expect(outOfLine([person('Anna', 100, 3), person('Ben', 100, 20), person('Cleo', 100, 4)])).toEqual([
    'Ben',
  ]);
});

test('as many as the others have, or a few more, name nobody', () => {
  expect(outOfLine([person('Anna', 100, 10), person('Ben', 100, 14)])).toEqual([]);
  expect(outOfLine([])).toEqual([]);
});

test('a bad start is no pattern', () => {
  expect(outOfLine([person('Anna', 500, 5), person('Ben', 1, 1)])).toEqual([]);
  expect(outOfLine([person('Anna', 500, 5), person('Ben', 3, 3)])).toEqual(['Ben']);
});

test('who is alone is measured against one half', () => {
  expect(outOfLine([person('Anna', 20, 12)])).toEqual([]);
  expect(outOfLine([person('Anna', 20, 19)])).toEqual(['Anna']);
});

test('in the order of names, so that it ranks nobody', () => {
  const many = [person('Zoe', 100, 30), person('Ben', 100, 40), person('Anna', 2000, 10)];
  expect(outOfLine(many)).toEqual(['Ben', 'Zoe']);
});
