// Nested folds: what is judged was seen neither by the heads nor by what calibrates them, not even as a near-duplicate.

import { expect, test } from 'vitest';
import { DEFAULT_BACKBONE, findBackbone } from '../../src/classify/backbones.ts';
import { randomOf } from '../../src/domain/random.ts';
import type { TrainingBottlenecks } from '../../src/learn/bottlenecks.ts';
import { dealtFolds } from '../../src/learn/crossval.ts';
import { DEFAULT_SETTINGS } from '../../src/learn/fit.ts';
import { nestedFolds } from '../../src/learn/nested.ts';

const settings = { ...DEFAULT_SETTINGS, backbone: DEFAULT_BACKBONE, folds: 3, views: 2 };

function bottlenecks(n: number): TrainingBottlenecks[] {
  const { length } = findBackbone(DEFAULT_BACKBONE);
  const random = randomOf(7);
  return Array.from({ length: n }, (_, i) => ({
    example: {
      file: `${i}.png`,
      path: `/${i}.png`,
      category: i % 2 ? 'Tips' : 'Powder',
      group: `series ${i >> 1}`,
    },
    sha256: `${i}`,
    views: [0, 1].map(() => Float32Array.from({ length }, (_, j) => random() + (j % 2 === i % 2 ? 0.2 : 0))),
    pictureHash: '0'.repeat(16),
  }));
}

test('no group lies on both sides, every image is judged once, and another deal deals anew', () => {
  const set = bottlenecks(18);
  const deals = [0, 1].map((deal) => nestedFolds(set, settings, { deal }));
  for (const nested of deals) {
    expect(nested.flatMap(({ judging }) => judging.map(({ file }) => file)).sort()).toEqual(set.map(({ example }) => example.file).sort()); // prettier-ignore
    for (const { fitting, judging } of nested) {
      expect(fitting.length + judging.length).toBe(18);
      const judged = new Set(judging.map(({ group }) => group));
      expect(fitting.filter(({ group }) => judged.has(group))).toEqual([]);
    }
  }
  const first = deals.map(([fold]) => fold!.judging.map(({ file }) => file));
  expect(first[0]).not.toEqual(first[1]);
});

test('of near-duplicates across the folds neither is judged; within the fitting part they are left out of fitting', () => {
  const set = bottlenecks(18);
  const fold = dealtFolds(set.map(({ example }) => example), settings.folds, 0); // prettier-ignore
  const other = fold.findIndex((f) => f !== fold[0]);
  const nested = nestedFolds(set, settings, { pairs: [{ a: 0, b: other, bits: 0, cosine: 1 }] });
  const judged = nested.flatMap(({ judging }) => judging.map(({ file }) => file));
  expect(judged).toHaveLength(16);
  expect(judged).not.toContain('0.png');
  expect(judged).not.toContain(`${other}.png`);
  const plain = nestedFolds(set, settings);
  for (const [f, { fitting }] of nested.entries())
    for (const { file, logits } of fitting)
      expect(logits).toEqual(plain[f]!.fitting.find((one) => one.file === file)!.logits);
});
