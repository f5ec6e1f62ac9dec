// The space of a head: axes are the widest, orthonormal, the same every time; a place does not depend on how an image is scaled along its length.

import { expect, test } from 'vitest';
import { headText, parseHead } from '../../src/classify/head.ts';
import { placeOf } from '../../src/classify/space.ts';
import { CATEGORIES } from '../../src/domain/categories.ts';
import { randomOf } from '../../src/domain/random.ts';
import { principalAxes } from '../../src/learn/principal-axes.ts';
import { fitSpace } from '../../src/learn/space.ts';
import { symmetricEigen } from '../../src/learn/symmetric-eigen.ts';

const LENGTH = 40;
const plain = {
  length: LENGTH,
  roots: false,
  mean: new Float32Array(LENGTH),
  scale: new Float32Array(LENGTH).fill(1),
};

/** Points that spread along a few known directions, each `widths[k]` wide, and hardly along others. */
function cloud(n: number, widths: number[], seed = 1) {
  const random = randomOf(seed);
  const normal = () => Array.from({ length: 12 }, random).reduce((a, b) => a + b, -6);
  const directions = widths.map((_, k) => Float64Array.from({ length: LENGTH }, (_v, j) => Math.cos((Math.PI * (j + 0.5) * (k + 1)) / LENGTH) * Math.sqrt(2 / LENGTH))); // prettier-ignore
  const points = Array.from({ length: n }, () => {
    const at = widths.map((w) => w * normal());
    return Float32Array.from({ length: LENGTH }, (_, j) => 0.01 * normal() + at.reduce((sum, a, k) => sum + a * directions[k]![j]!, 0)); // prettier-ignore
  });
  return { points, directions };
}

test('the axes found are the directions the points spread along, in the order of width', () => {
  const { points, directions } = cloud(2000, [3, 5, 1]);
  const { vectors, variance } = principalAxes(points, 3);
  for (const [at, k] of [1, 0, 2].entries()) {
    const along = directions[k]!.reduce((sum, d, j) => sum + d * vectors[at * LENGTH + j]!, 0);
    expect(Math.abs(along)).toBeGreaterThan(0.98);
    expect(variance[at]! / [3, 5, 1][k]! ** 2).toBeCloseTo(1, 0);
  }
  for (let a = 0; a < 3; a++)
    for (let b = 0; b < 3; b++) {
      let sum = 0;
      for (let j = 0; j < LENGTH; j++) sum += vectors[a * LENGTH + j]! * vectors[b * LENGTH + j]!;
      expect(sum).toBeCloseTo(a === b ? 1 : 0, 10);
    }
});

test('eigenvectors times eigenvalues give the matrix back', () => {
  const random = randomOf(4);
  const size = 9;
  const half = Array.from({ length: size }, () => Float64Array.from({ length: size }, () => random() - 0.5));
  const matrix = half.map((row, i) => row.map((v, j) => v + half[j]![i]!));
  const { values, vectors } = symmetricEigen(matrix.map((row) => row.slice()));
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      const back = values.reduce((sum, value, k) => sum + vectors[i]![k]! * value * vectors[j]![k]!, 0);
      expect(back).toBeCloseTo(matrix[i]![j]!, 10);
    }
});

test('the same bottlenecks give the same space; fewer points than axes give fewer axes', () => {
  const { points } = cloud(60, [3, 2]);
  expect(fitSpace(plain, points, 8)).toEqual(fitSpace(plain, points, 8));
  expect(fitSpace(plain, points.slice(0, 5), 8).variance).toHaveLength(5);
  const twice = fitSpace(plain, [...points.slice(0, 5), ...points.slice(0, 5)], 8);
  expect(twice.variance).toHaveLength(5);
});

test('u has length 1 and every axis counts by its own spread', () => {
  const { points, directions } = cloud(500, [10, 1]);
  const space = fitSpace(plain, points, 2);
  const between = Float32Array.from(
    { length: LENGTH },
    (_, j) => 10 * directions[0]![j]! + directions[1]![j]!,
  );
  const { x, u } = placeOf(plain, space, [between]);
  expect(Math.abs(x[0]! / x[1]!)).toBeGreaterThan(7);
  expect(Math.abs(u[0]! / u[1]!)).toBeCloseTo(1, 0);
  expect(Math.hypot(...u)).toBeCloseTo(1, 6);
  const [one, other] = [points[0]!, points[1]!];
  const mean = one.map((v, j) => (v + other[j]!) / 2);
  expect(placeOf(plain, space, [one, other]).x[0]).toBeCloseTo(placeOf(plain, space, [mean]).x[0]!, 4);
  expect(placeOf(plain, space, [new Float32Array(LENGTH)]).u).toEqual(new Float32Array(2));
});

test('a head file carries its space; one without it loads too; one whose space does not fit is refused', () => {
  const { points } = cloud(60, [3, 2]);
  const head = {
    ...plain,
    name: 'ours',
    backbone: { name: 'b', sha256: 'c' },
    preprocessing: 'p',
    temperature: 1,
    weights: new Float32Array(LENGTH * CATEGORIES.length),
    bias: new Float32Array(CATEGORIES.length),
  };
  const space = fitSpace(plain, points, 4);
  expect(parseHead(headText({ ...head, space }), 'ours.json').space).toEqual(space);
  expect(parseHead(headText(head), 'ours.json').space).toBeUndefined();
  const short = { ...space, variance: space.variance.subarray(1) };
  expect(() => parseHead(headText({ ...head, space: short }), 'ours.json')).toThrow(/its space does not fit/);
});
