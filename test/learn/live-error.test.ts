// The live error: a share with an interval once enough was checked, counted by series where labels stand or fall together.

import { expect, test } from 'vitest';
import type { Checked } from '../../src/domain/blind-check.ts';
import { clopperPearson } from '../../src/learn/binomial.ts';
import { liveError } from '../../src/learn/live-error.ts';

const checked = (n: number, right: boolean, series?: number): Checked => ({
  sha256: `${right}${n}`,
  labelledAt: `2026-03-${String((n % 28) + 1).padStart(2, '0')}T12:00:00Z`,
  series,
  check: { share: true, first: false, category: 'Tips', head: 'Tips' },
  label: { kind: 'category', category: right ? 'Tips' : 'Powder' },
});
const of = (right: number, wrong: number, series?: (n: number) => number) => [
  ...Array.from({ length: right }, (_, n) => checked(n, true, series?.(n))),
  ...Array.from({ length: wrong }, (_, n) => checked(n, false, series?.(right + n))),
];

test('below twenty there are counts and no share', () => {
  expect(liveError(of(18, 1))).toEqual({ checked: 19, wrong: 1, since: '2026-03-01T12:00:00Z' });
});

test('from twenty on a share with its interval; what shows nothing is not counted', () => {
  const unusable: Checked = {
    ...checked(99, true),
    labelledAt: '2025-01-01T12:00:00Z',
    label: { kind: 'unusable' },
  };
  expect(liveError([...of(48, 2), unusable])).toEqual({ checked: 50, wrong: 2, since: '2026-03-01T12:00:00Z', error: 0.04, interval: clopperPearson(2, 50) }); // prettier-ignore
});

test('two series of twenty tell as much as two labels', () => {
  const { interval } = liveError(of(40, 0, (n) => n % 2));
  expect(interval).toEqual(clopperPearson(0, 2));
});
