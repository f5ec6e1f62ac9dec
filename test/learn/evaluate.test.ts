// The evaluation against a second count by hand.

import { expect, test } from 'vitest';
import { CATEGORIES, type Category } from '../../src/domain/categories.ts';
import { evaluate } from '../../src/learn/evaluate.ts';
import type { Judged } from '../../src/learn/figures.ts';

/** `top` gets `score`, `next` the rest. */
function image(truth: Category, top: Category, score: number, next: Category): Judged {
  const scores = Object.fromEntries(
    CATEGORIES.map((c) => [c, c === top ? score : c === next ? 1 - score : 0]),
  );
  return { truth, scores: scores as Judged['scores'] };
}

const judged = [
  image('Tips', 'Tips', 0.9, 'Powder'),
  image('Tips', 'Powder', 0.6, 'Tips'),
  image('Tips', 'Powder', 0.9, 'Fibres'),
  image('Powder', 'Powder', 0.95, 'Tips'),
];

test('figures, per category and confusion are what one counts by hand', () => {
  const { perCategory, confusion, ...all } = evaluate(judged);
  expect(all).toMatchObject({ n: 4, top1: 0.5, top2: 0.75, autoCoverage: 0.75 });
  expect(all.macroRecall).toBeCloseTo((1 / 3 + 1) / 2, 12);
  expect(all.autoPrecision).toBeCloseTo(2 / 3, 12);
  expect(perCategory.Tips).toMatchObject({ n: 3, precision: 1, f1: 0.5, autoPrecision: 0.5 });
  expect(perCategory.Tips!.recall).toBeCloseTo(1 / 3, 12);
  expect(perCategory.Powder!.precision).toBeCloseTo(1 / 3, 12);
  expect(all.macroF1).toBeCloseTo((0.5 + 0.5) / 2, 12);
  expect(Object.keys(confusion)).toEqual(['Tips', 'Powder']);
  expect(confusion.Tips).toMatchObject({ Tips: 1, Powder: 2, Fibres: 0 });
  expect(Object.keys(confusion.Tips!)).toEqual([...CATEGORIES]);
});

test('where nothing is above the threshold its precision is null, not a number', () => {
  const { autoPrecision, autoCoverage } = evaluate(judged, 0.99);
  expect([autoPrecision, autoCoverage]).toEqual([null, 0]);
  expect(JSON.parse(JSON.stringify(evaluate(judged, 0.99)))).toEqual(evaluate(judged, 0.99));
});
