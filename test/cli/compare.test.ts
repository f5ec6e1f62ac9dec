// `semtag compare`: backbones beside each other, with runs, errors and times; as JSON and as a report.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFixtures } from '../../fixtures/generate.ts';
import { meanOf, type Compared } from '../../src/learn/compare.ts';
import { semtag, temporary } from './semtag.ts';

it('judges every run by itself and gives mean and standard error', { timeout: 240_000 }, async () => {
  const dir = temporary();
  await makeFixtures(join(dir, 'labelled'), { seed: 5, n: 20, size: 128, byCategory: true });
  const ended = await semtag(dir, 'compare', 'labelled', '--backbones', 'efficientnet-lite0', '--runs', '3', '--folds', '2', '--timed', '3', '--html', 'table3.html', '--json'); // prettier-ignore
  expect(ended).toMatchObject({ code: 0, err: '' });
  const { backbones, runs } = JSON.parse(ended.out) as { backbones: Compared[]; runs: number };
  const [lite] = backbones;
  expect(runs).toBe(3);
  expect(lite).toMatchObject({ backbone: 'efficientnet-lite0', length: 1712, images: 20, timed: 3 });
  expect(lite!.runs).toHaveLength(3);
  const top1 = lite!.runs.map((r) => r.top1);
  const mean = (top1[0]! + top1[1]! + top1[2]!) / 3;
  expect(lite!.top1.mean).toBeCloseTo(mean, 12);
  const squares = top1.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  expect(lite!.top1.error).toBeCloseTo(Math.sqrt(squares / 2 / 3), 12);
  expect(lite!.bottleneckMs).toBeGreaterThan(lite!.readMs);
  for (const r of lite!.runs) expect(r.foldSeconds).toBeGreaterThan(0);
  const html = readFileSync(join(dir, 'table3.html'), 'utf8');
  expect(html).toContain(lite!.top1.mean.toFixed(3));
  expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
});

it('refuses what is no backbone, and too few groups', async () => {
  const dir = temporary();
  await makeFixtures(join(dir, 'labelled'), { seed: 5, n: 3, size: 64, byCategory: true });
  expect((await semtag(dir, 'compare', 'labelled', '--backbones', 'no-such')).code).toBe(2);
  expect((await semtag(dir, 'compare', 'labelled', '--backbones', 'efficientnet-lite0')).err).toContain('--folds'); // prettier-ignore
});

it('one run has no standard error', () => {
  expect(meanOf([0.5])).toEqual({ mean: 0.5 });
  expect(meanOf([1, 3])).toEqual({ mean: 2, error: 1 });
});
