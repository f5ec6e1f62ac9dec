// Bottlenecks of training images: the cache, what is left out, and that the first two views are those of a classified image.

import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFeatures } from '../../src/classify/features.ts';
import { openBottleneckCache } from '../../src/learn/bottleneck-cache.ts';
import { trainingBottlenecks } from '../../src/learn/bottlenecks.ts';
import { readDataset } from '../../src/learn/dataset.ts';
import { turned } from '../../src/classify/training-views.ts';
import { readImage } from '../../src/read/image.ts';
import { speckled } from '../classify/pictures.ts';

const root = mkdtempSync(join(tmpdir(), 'semtag-learn-'));
const cacheRoot = join(root, 'cache');
const data = join(root, 'data');

async function png(seed: number): Promise<Buffer> {
  const { width, height, data: pixels } = speckled(260, 200, 8, seed);
  return sharp(pixels as Uint8Array, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}

beforeAll(async () => {
  for (const category of ['Tips', 'Powder']) mkdirSync(join(data, category), { recursive: true });
  writeFileSync(join(data, 'Tips', 'a.png'), await png(1));
  writeFileSync(join(data, 'Tips', 'broken.png'), (await png(2)).subarray(0, 500));
  writeFileSync(join(data, 'Tips', 'twin.png'), await png(3));
  writeFileSync(join(data, 'Powder', 'torn.png'), await png(3));
  writeFileSync(join(data, 'Tips', 'again.png'), await png(1));
});
afterAll(() => rmSync(root, { recursive: true }));

const filesUnder = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.bin')).map((f) => join(dir, f)); // prettier-ignore

test('damaged images, copies and images of two categories are left out with a reason; the rest is cached', async () => {
  const cache = openBottleneckCache(cacheRoot);
  let made = 0;
  const once = await trainingBottlenecks(readDataset(data), { cache, onProgress: (_d, _a, m) => (made = m) });
  expect(once.all.map(({ example }) => example.file)).toEqual(['Tips/a.png']);
  expect(Object.fromEntries(once.skipped.map(({ file, reason }) => [file, reason]))).toEqual({
    'Tips/again.png': 'the same image as Tips/a.png',
    'Tips/broken.png': expect.stringMatching(/broken\.png|pixel|image/i) as string,
    'Tips/twin.png': 'the same image as Powder/torn.png',
    'Powder/torn.png': 'it lies in two categories',
  });
  expect(made).toBe(2);

  const entry = filesUnder(cacheRoot).find((f) => f.includes(once.all[0]!.sha256))!;
  const before = readFileSync(entry);
  const again = await trainingBottlenecks(readDataset(data), {
    cache,
    onProgress: (_d, _a, m) => (made = m),
  });
  expect(made).toBe(0);
  expect(again.all[0]!.views).toEqual(once.all[0]!.views);

  // what a power cut can leave: a short entry, and one of zeros
  truncateSync(entry, 5000);
  await trainingBottlenecks(readDataset(data), { cache, onProgress: (_d, _a, m) => (made = m) });
  expect(made).toBe(1);
  expect(readFileSync(entry).equals(before)).toBe(true);
  writeFileSync(entry, Buffer.alloc(before.length));
  await trainingBottlenecks(readDataset(data), { cache, onProgress: (_d, _a, m) => (made = m) });
  expect(readFileSync(entry).equals(before)).toBe(true);
});

test('the first two views are those of a classified image, bit for bit', async () => {
  const { all } = await trainingBottlenecks(readDataset(data), { cache: openBottleneckCache(cacheRoot) });
  const features = await openFeatures({});
  const path = join(data, 'Tips', 'a.png');
  const facts = await readImage({ path, name: 'a.png', limits: { pixels: 1e6 } }, features.of);
  await features.close();
  expect(all[0]!.views.slice(0, 2)).toEqual(facts.bottlenecks!.views);
  expect(all[0]!.sha256).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'));
});

test('the eight flips and turns are all different, and the first changes nothing', () => {
  const view = Float32Array.from({ length: 9 }, (_, i) => i);
  const all = Array.from({ length: 8 }, (_, k) => [...turned(view, 3, k)].join());
  expect(new Set(all).size).toBe(8);
  expect(all[0]).toBe([...view].join());
  expect([...turned(view, 3, 1)].slice(0, 3)).toEqual([2, 1, 0]);
});
