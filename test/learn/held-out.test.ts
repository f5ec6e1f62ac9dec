// The held-out tenth: what is in it depends on names alone, and nothing in it teaches.

import { expect, test } from 'vitest';
import { findBackbone } from '../../src/classify/backbones.ts';
import type { Category } from '../../src/domain/categories.ts';
import type { TrainingBottlenecks } from '../../src/learn/bottlenecks.ts';
import { DEFAULT_SETTINGS } from '../../src/learn/fit.ts';
import { heldOut, partOfExample } from '../../src/learn/held-out.ts';
import { randomOf } from '../../src/domain/random.ts';

const backbone = findBackbone();
const settings = { ...DEFAULT_SETTINGS, backbone: backbone.name, views: 2 };
const some: Category[] = ['Tips', 'Powder'];

function images(count: number, labelOf: (i: number) => Category): TrainingBottlenecks[] {
  const random = randomOf(4);
  return Array.from({ length: count }, (_, i) => {
    const view = () =>
      Float32Array.from({ length: backbone.length }, (_, j) => random() + (j % 50 === i % 2 ? 0.5 : 0));
    const file = `${labelOf(i)}/image-${i}.png`;
    return {
      example: { file, path: file, category: labelOf(i), group: file },
      sha256: String(i),
      views: [view(), view()],
    };
  });
}

test('the part of an image follows its name, not its folder; that of a series its group', () => {
  const at = (file: string, group = file) => partOfExample({ file, path: file, category: 'Tips', group });
  for (let i = 0; i < 50; i++) expect(at(`Tips/x${i}.png`)).toBe(at(`elsewhere/Tips/x${i}.png`));
  expect(new Set(Array.from({ length: 20 }, (_, i) => at(`Tips/y${i}.png`, 'one series'))).size).toBe(1);
});

test('a head that learns what is there to learn is right on the tenth; one of swapped test labels is wrong on all of it', () => {
  const right = heldOut(
    images(120, (i) => some[i % 2]!),
    settings,
  )!;
  expect(right.parts.train + right.parts.validation + right.parts.test).toBe(120);
  expect(right.figures.n).toBe(right.parts.test);
  expect(right.figures.top1).toBeGreaterThan(0.9);
  const swapped = images(120, (i) => some[i % 2]!).map((image) =>
    partOfExample(image.example) === 'test'
      ? {
          ...image,
          example: {
            ...image.example,
            category: image.example.category === 'Tips' ? ('Powder' as const) : ('Tips' as const),
          },
        }
      : image,
  );
  expect(heldOut(swapped, settings)!.figures.top1).toBeLessThan(0.1);
});

test('a set that is too small for three parts has no held-out figure', () => {
  expect(
    heldOut(
      images(1, () => 'Tips'),
      settings,
    ),
  ).toBeUndefined();
});
