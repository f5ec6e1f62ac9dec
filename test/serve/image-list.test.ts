// Lists of images on the pages: a look at the newest never shortens one, and no image stands in it twice.

import { expect, test } from 'vitest';
import type { ImageSummary } from '../../src/serve/web/api.ts';
import { behind, limitFor, renewed } from '../../src/serve/web/image-list.ts';

const images = (from: number, to: number, state = 'tagged') =>
  Array.from({ length: to - from }, (_, i) => ({ sha256: String(from + i), state }) as ImageSummary);
const names = ({ items }: { items: ImageSummary[] }) => items.map(({ sha256 }) => sha256);

test('as many are asked for as are loaded, as far as one answer holds', () => {
  expect([limitFor(undefined), limitFor({ items: images(0, 180) }), limitFor({ items: images(0, 620) })]).toEqual(['60', '180', '500']); // prettier-ignore
});

test('beyond one answer the older ones stay behind the new ones, and go on from where they ended', () => {
  const have = { items: images(0, 620), next: 'after 619' };
  // three are new, the last three that were asked for before have no room
  const found = { items: [...images(900, 903), ...images(0, 497, 'forwarded')], next: 'after 496' };
  const list = renewed(have, found);
  expect(names(list)).toEqual(names({ items: [...found.items, ...images(497, 620)] }));
  expect(list.next).toBe('after 619');
  expect(list.items[3]).toMatchObject({ sha256: '0', state: 'forwarded' });
  expect(renewed({ items: have.items }, found)).not.toHaveProperty('next');
});

test('what one answer holds is taken as it is, and so is what has nothing in common', () => {
  const found = { items: images(0, 60), next: 'after 59' };
  expect(renewed({ items: images(3, 60) }, found)).toBe(found);
  const others = { items: images(1000, 1500), next: 'after 1499' };
  expect(renewed({ items: images(0, 620) }, others)).toBe(others);
});

test('older ones at the end take the cursor away', () => {
  const list = behind({ items: images(0, 2), next: 'after 1', files: [] }, { items: images(2, 3) });
  expect(list).toEqual({ items: images(0, 3), files: [] });
});
