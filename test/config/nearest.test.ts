// What someone who mistyped meant, and nothing where nothing is near.

import { expect, it } from 'vitest';
import { nearest } from '../../src/config/nearest.ts';
import { CATEGORIES } from '../../src/domain/categories.ts';

it.each([
  ['lsit', ['list', 'init', 'run'], 'list'],
  ['frob', ['run', 'list', 'retry', 'header'], undefined],
  ['foo', [...CATEGORIES], undefined],
  ['MEMS', [...CATEGORIES], 'MEMS_devices_and_electrodes'],
  ['films', [...CATEGORIES], 'Films_Coated_Surface'],
  ['Nanowire', [...CATEGORIES], 'Nanowires'],
  ['', ['a'], undefined],
])('%s', (typed, names, meant) => {
  expect(nearest(typed, names)).toBe(meant);
});
