// The image that stands for a category in the help: never one that a person alone gave it.

import { expect, test } from 'vitest';
import { exampleOf } from '../../src/serve/web/example.ts';

const answered = (says: 'Tips' | 'Powder' | undefined, hasPicture = true) => ({
  hasPicture,
  ...(says ? { category: says } : {}),
  label: { kind: 'category', category: 'Tips', basis: 'answer', by: 'Anna', at: '2026-01-01' } as const,
});

test('the newest one that the machine says the same of, with a picture; none otherwise', () => {
  const right = answered('Tips');
  expect(exampleOf([answered('Powder'), answered(undefined), answered('Tips', false), right])).toBe(right);
  expect(exampleOf([answered('Powder'), answered(undefined)])).toBeUndefined();
});
