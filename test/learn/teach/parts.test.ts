// The parts of teaching against what they are defined by: a gradient of zero, likeness by hand, the cover against all orders.

import { expect, test } from 'vitest';
import { CATEGORIES } from '../../../src/domain/categories.ts';
import { softmax } from '../../../src/domain/scores.ts';
import { corrected, correctionFrom } from '../../../src/learn/teach/correction.ts';
import { coverOrder } from '../../../src/learn/teach/cover.ts';
import { joined } from '../../../src/learn/teach/neighbours.ts';
import { TEACH_SETTINGS } from '../../../src/learn/teach/settings.ts';
import { imagesOf, lessonOf } from './world.ts';

test('the correction is where its objective is level, worked out the plain way', () => {
  const image = imagesOf(8);
  // a number that fills no block of rows
  const lessons = Array.from({ length: 21 }, (_, i) => lessonOf(i, image('a', CATEGORIES[i % 3]!), CATEGORIES[(i + (i % 7 ? 0 : 1)) % 3]!, i % 5 ? 1 : 0.3)); // prettier-ignore
  const correction = correctionFrom(lessons, { ...TEACH_SETTINGS, lambda: 2 });
  const { theta, axes } = correction;
  const gradient = theta.map((v) => 2 * v);
  for (const { logits, place, category, weight } of lessons) {
    const p = softmax(corrected(logits, place.x, correction));
    for (const [c, name] of CATEGORIES.entries()) {
      const d = weight * (p[name] - (name === category ? 1 : 0));
      for (const [k, v] of place.x.entries()) gradient[c * axes + k]! += d * v;
      gradient[CATEGORIES.length * axes + c]! += d;
    }
  }
  expect(Math.max(...theta.map(Math.abs))).toBeGreaterThan(0.1);
  expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(0.01);
});

test('answers in a series are joined with the head by likeness', () => {
  const p = Float64Array.of(0.5, 0.3, 0.2);
  const u = Float32Array.of(1, 0);
  const answers = [
    { u: Float32Array.of(1, 0), category: 1, weight: 1 },
    { u: Float32Array.of(0, 1), category: 2, weight: 0.5 },
  ];
  const far = 0.5 * Math.exp(-1 / 0.3);
  const all = 0.1 + 1 + far;
  const settings = { ...TEACH_SETTINGS, headSay: 0.1, reach: 0.3 };
  const found = joined(p, u, answers, settings);
  for (const [c, v] of [0.05 / all, 1.03 / all, (0.02 + far) / all].entries())
    expect(found[c]).toBeCloseTo(v, 12);
});

test('the first question is the image that is like most, the next one what that did not cover; all are asked', () => {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const at = (degrees: number) => Float32Array.of(Math.cos(radians(degrees)), Math.sin(radians(degrees)), 0);
  const apart = Float32Array.of(0, 0, 1);
  const waiting = [at(-20), at(0), at(10), at(30), apart, apart];
  const order = coverOrder(waiting, []);
  expect(order.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  expect([1, 2]).toContain(order[0]);
  expect([4, 5]).toContain(order[1]);
  // what was answered need not be asked again
  expect(coverOrder(waiting, [at(5)], 1)).toEqual([4]);
  expect(coverOrder(waiting, [apart], 1)).toEqual([order[0]]);
  expect(coverOrder([], [])).toEqual([]);
});
