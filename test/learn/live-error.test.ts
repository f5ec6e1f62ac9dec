// The live error: a share with an interval once enough was checked, counted by series where labels stand or fall together.

import { expect, test } from 'vitest';
import type { Checked } from '../../src/domain/blind-check.ts';
import { clopperPearson } from '../../src/learn/binomial.ts';
import { liveError } from '../../src/learn/live-error.ts';

const checked = (n: number, right: boolean, series?: number): Checked => ({
  sha256: `${right}${n}`,
  series,
  check: { share: true, first: false, category: 'Tips', head: 'Tips' },
  label: { kind: 'category', category: right ? 'Tips' : 'Powder' },
});
const of = (right: number, wrong: number, series?: (n: number) => number) => [
  ...Array.from({ length: right }, (_, n) => checked(n, true, series?.(n))),
  ...Array.from({ length: wrong }, (_, n) => checked(n, false, series?.(right + n))),
];

test('below twenty there are counts and no share', () => {
  expect(liveError(of(18, 1))).toEqual({ checked: 19, wrong: 1 });
});

test('from twenty on a share with its interval; what shows nothing is not counted', () => {
  const unusable: Checked = { ...checked(99, true), label: { kind: 'unusable' } };
  expect(liveError([...of(48, 2), unusable])).toEqual({ checked: 50, wrong: 2, error: 0.04, interval: clopperPearson(2, 50) }); // prettier-ignore
});

test('two series of twenty tell as much as two labels', () => {
  const { interval } = liveError(of(40, 0, (n) => n % 2));
  expect(interval).toEqual(clopperPearson(0, 2));
});
