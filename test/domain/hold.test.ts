// How long an image is held back: by what its label rests on, and only while it has not been tagged.

import { expect, test } from 'vitest';
import { leavesAt } from '../../src/domain/hold.ts';

const hold = { answer: 5, because: 600 };
const at = '2026-03-01T12:00:00.000Z';
const now = Date.parse(at) + 2000;
const because = { position: 1, lessons: [1], all: 1, settings: 'x' };

test.each([
  ['answered', { state: 'labelled', label: { basis: 'answer', at } }, '2026-03-01T12:00:05.000Z'],
  ['because of answers', { state: 'labelled', label: { basis: 'auto', at, because } }, '2026-03-01T12:10:00.000Z'], // prettier-ignore
  ['by the head alone', { state: 'labelled', label: { basis: 'auto', at } }, undefined],
  ['tagged', { state: 'tagged', label: { basis: 'answer', at } }, undefined],
  ['asked', { state: 'asked' }, undefined],
] as const)('%s', (_, image, expected) => {
  expect(leavesAt(image, hold, now)).toBe(expected);
});

test('what is over is not told', () => {
  const image = { state: 'labelled', label: { basis: 'answer', at } } as const;
  expect(leavesAt(image, hold, Date.parse(at) + 5000)).toBeUndefined();
});
