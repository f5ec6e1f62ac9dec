// What blind checks tell: which images are drawn, what counts as wrong, and when the head alone is better than what answers made of it.

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { compared, drawn, isWrong, type Checked } from '../../src/domain/blind-check.ts';
import type { Category } from '../../src/domain/categories.ts';

const sha = (n: number) => createHash('sha256').update(String(n)).digest('hex');

test('so many of a thousand images are drawn, always the same ones', () => {
  const all = Array.from({ length: 1000 }, (_, n) => sha(n));
  const chosen = all.filter((one) => drawn(one, 0.02));
  expect(chosen.length).toBeGreaterThan(8);
  expect(chosen.length).toBeLessThan(40);
  expect(all.filter((one) => drawn(one, 0.1))).toEqual(expect.arrayContaining(chosen));
  expect(all.filter((one) => drawn(one, 0))).toEqual([]);
  expect(all.every((one) => drawn(one, 1))).toBe(true);
});

let made = 0;
/** Labelled Tips by itself, where the head alone names Powder. */
const checked = (kind: Checked['label']['kind'], category?: Category, series?: number): Checked => ({
  sha256: sha(made++),
  series,
  labelledAt: '2026-03-01T12:00:00Z',
  check: { share: true, first: false, category: 'Tips', head: 'Powder' },
  label: category ? { kind, category } : { kind },
});

test.each([
  ['category', 'Tips', false],
  ['category', 'Fibres', true],
  ['none_of_these', undefined, true],
  ['unusable', undefined, undefined],
] as const)('%s %s', (kind, category, wrong) => {
  expect(isWrong(checked(kind, category))).toBe(wrong);
});

describe('taught or not', () => {
  const headRight = (n: number, series = (i: number) => i) =>
    Array.from({ length: n }, (_, i) => checked('category', 'Powder', series(i)));
  const taughtRight = (n: number, series = (i: number) => 100 + i) =>
    Array.from({ length: n }, (_, i) => checked('category', 'Tips', series(i)));

  test('six series against none are beyond chance, five are not', () => {
    expect(compared(headRight(5))).toMatchObject({ seriesForHead: 5, worse: false });
    expect(compared(headRight(6))).toMatchObject({ seriesForHead: 6, seriesForTaught: 0, worse: true });
    expect(compared([...headRight(6), ...taughtRight(1)]).worse).toBe(false);
    expect(compared([]).worse).toBe(false);
  });

  test('one folder that went wrong is one fault, however many images it has', () => {
    const found = compared(headRight(30, () => 1));
    expect(found).toMatchObject({ seriesForHead: 1, worse: false });
    expect(found.headRight).toHaveLength(30);
    const even = compared([...headRight(2, () => 1), ...taughtRight(2, () => 1)]);
    expect(even).toMatchObject({ seriesForHead: 0, seriesForTaught: 0 });
  });

  test('where both are wrong, or name the same, nothing is told', () => {
    const both = [checked('none_of_these'), checked('unusable'), checked('category', 'Fibres')];
    expect(compared(both)).toMatchObject({ headRight: [], taughtRight: [] });
  });
});
