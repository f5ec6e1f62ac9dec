// The steps of training: what is taught gets better with every look, what means nothing does not.

import { expect, test } from 'vitest';
import { findBackbone } from '../../src/classify/backbones.ts';
import { meanLogits } from '../../src/classify/head.ts';
import { CATEGORIES, type Category } from '../../src/domain/categories.ts';
import { randomOf } from '../../src/domain/random.ts';
import type { TrainingBottlenecks } from '../../src/learn/bottlenecks.ts';
import { DEFAULT_SETTINGS, fit } from '../../src/learn/fit.ts';
import { partOfExample } from '../../src/learn/held-out.ts';
import { stepsReport } from '../../src/learn/steps-report.ts';
import { stepsSweep } from '../../src/learn/steps-sweep.ts';

const backbone = findBackbone();
const settings = { ...DEFAULT_SETTINGS, backbone: backbone.name, views: 2 };
const some: Category[] = ['Tips', 'Powder'];
const random = randomOf(4);
const set: TrainingBottlenecks[] = Array.from({ length: 100 }, (_, i) => {
  const view = () => Float32Array.from({ length: backbone.length }, (_v, j) => random() + (j % 50 === i % 2 ? 0.5 : 0));
  const file = `image-${i}.png`;
  return { example: { file, path: file, category: some[i % 2]!, group: file }, sha256: file, views: [view(), view()] };
}); // prettier-ignore

test('rising steps; where training ends the head is the one that training makes', () => {
  const sweep = stepsSweep(set, settings)!;
  const steps = sweep.points.map(({ step }) => step);
  expect(steps[0]).toBe(1);
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  const losses = sweep.points.map(({ train }) => train.loss);
  expect(losses.at(-1)).toBeLessThan(losses[0]!);

  const train = set.filter(({ example }) => partOfExample(example) === 'train');
  expect(sweep.images.train).toBe(train.length);
  const head = fit(train, settings);
  const right = train.filter(({ example, views }) => {
    const logits = meanLogits(head, views);
    return CATEGORIES[logits.indexOf(Math.max(...logits))] === example.category;
  });
  const end = sweep.points.find(({ step }) => step === sweep.ends)!;
  expect(end.train.accuracy).toBe(right.length / train.length);
});

test('the report holds every number of the sweep', () => {
  const sweep = stepsSweep(set, settings)!;
  const html = stepsReport(sweep, 'data <of> ours');
  for (const { validation } of sweep.points) expect(html).toContain(validation.loss.toFixed(3));
  expect(html).toContain('data &lt;of&gt; ours');
});

test('a set that is too small for the parts has no sweep', () => {
  expect(stepsSweep(set.slice(0, 1), settings)).toBeUndefined();
});
