// Cuts out of a table of sums are the averages that area by area gives, for any picture, cut and depth; kernel.test.ts holds the fast one to it.

import { expect, test } from 'vitest';
import type { Cut } from '../../src/classify/area.ts';
import { pictureOf, viewOf } from '../../src/classify/preprocess.ts';
import { shrinks } from '../../src/classify/summed-area.ts';
import { trainingViews } from '../../src/classify/training-views.ts';
import type { Grey } from '../../src/domain/grey.ts';
import { randomOf } from '../../src/domain/random.ts';
import { averaged, bandsOf, squareOf, summedArea } from './slow-cuts.ts';

function noise(width: number, height: number, bits: 8 | 16, seed: number): Grey {
  const random = randomOf(seed);
  const values = Array.from({ length: width * height }, () => Math.floor(random() * 2 ** bits));
  const data = bits === 8 ? Uint8Array.from(values) : Uint16Array.from(values);
  return { width, height, bits, data };
}

test.each([
  [300, 200, 8, { left: 0, top: 0, width: 300, height: 200 }],
  [301, 207, 8, { left: 17.3, top: 9.8, width: 250.4, height: 190.1 }],
  [640, 64, 16, { left: 600.5, top: 0, width: 39.5, height: 64 }],
] as const)('%i x %i, %i bits', (width, height, bits, cut: Cut) => {
  const picture = pictureOf(noise(width, height, bits, 7), { width, height });
  const size = 24;
  const sums = summedArea(picture, height); // one sample a pixel
  expect(sums.factor).toBe(1);
  expect(shrinks(sums, cut, size)).toBe(true);
  const slow = squareOf(bandsOf(picture.grey, cut, size, picture.scale), cut.left, cut.width, size);
  averaged(sums, cut, size).forEach((v, i) => expect(v).toBeCloseTo(slow[i]!, 4));
});

test('a large picture is averaged down first: a cut on whole samples stays the same, any other nearly', () => {
  const picture = pictureOf(noise(1000, 803, 8, 3), { width: 1000, height: 803 });
  const sums = summedArea(picture, 100);
  expect(sums).toMatchObject({ factor: 8, width: 125, height: 100 });
  const cut = { left: 80, top: 160, width: 480, height: 320 };
  const slow = squareOf(bandsOf(picture.grey, cut, 20), cut.left, cut.width, 20);
  averaged(sums, cut, 20).forEach((v, i) => expect(v).toBeCloseTo(slow[i]!, 4));
  expect(shrinks(sums, { ...cut, height: 159 }, 20)).toBe(false);
});

test('training views are the crops themselves, turned: each is found among the eight turns of the slow way', () => {
  const picture = pictureOf(noise(500, 400, 8, 5), { width: 500, height: 400 });
  const views = trainingViews(picture, 32, 11);
  expect(views).toHaveLength(15);
  const side = 300;
  const corner = viewOf(picture, { left: 0, top: 0, width: side, height: side }, 32);
  const sorted = (view: Float32Array) => [...view].sort((a, b) => a - b);
  const [got, wanted] = [sorted(views[2]!), sorted(corner)];
  // 500 x 400 at 64 samples along the shorter side: averaged down by 6, so that the corner's edge falls inside a sample
  const off = got.map((v, i) => Math.abs(v - wanted[i]!));
  expect(off.reduce((a, b) => a + b, 0) / off.length).toBeLessThan(0.02);
});
