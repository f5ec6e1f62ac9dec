// How alike images are, whether they are two subjects, and to which of two series a new one belongs: on made-up places.

import { expect, test } from 'vitest';
import { randomOf } from '../../../src/domain/random.ts';
import { nearestOf } from '../../../src/learn/teach/nearest.ts';
import { FEWEST, spreadOf } from '../../../src/learn/teach/spread.ts';

const random = randomOf(3);

/** Unit vectors about an axis; the more `stray`, the further from it. */
function about(axis: number, n: number, stray: number): Float32Array[] {
  return Array.from({ length: n }, () => {
    const u = Float32Array.from({ length: 8 }, (_, k) => (k === axis ? 1 : 0) + stray * (random() - 0.5));
    const norm = Math.hypot(...u);
    return u.map((v) => v / norm);
  });
}

test('two subjects are found whatever the order, the larger first', () => {
  const [a, b] = [about(0, 9, 0.4), about(1, 4, 0.4)];
  const mixed = [b[0]!, ...a.slice(0, 5), b[1]!, ...a.slice(5), b[2]!, b[3]!];
  const { subjects, likeness } = spreadOf(mixed);
  expect(subjects?.[1]).toEqual([0, 6, 11, 12]);
  expect(subjects?.[0]).toHaveLength(9);
  expect(likeness).toBeLessThan(0.8);
  expect(spreadOf(mixed)).toEqual(spreadOf(mixed));
});

test('one subject is one, also where it strays, and a single odd image is none', () => {
  expect(spreadOf(about(2, 12, 0.3))).toEqual({ likeness: expect.closeTo(0.95, 1) as number });
  expect(spreadOf(about(2, 12, 1.2)).subjects).toBeUndefined();
  expect(spreadOf([...about(0, 9, 0.2), ...about(1, FEWEST - 1, 0.2)]).subjects).toBeUndefined();
  expect(spreadOf(about(0, 2, 0.2)).subjects).toBeUndefined();
});

test('the nearest series has the most alike images, not the most of them', () => {
  const [u] = about(0, 1, 0.2);
  expect(nearestOf(u!, [about(1, 20, 0.4), about(0, 2, 0.4)])).toBe(1);
  expect(nearestOf(u!, [[], about(1, 2, 0.4)])).toBe(1);
  expect(nearestOf(u!, [[], []])).toBeUndefined();
  const same = about(0, 3, 0.1);
  expect(nearestOf(u!, [same, same])).toBe(0);
});
