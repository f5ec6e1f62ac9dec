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
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openFeatures } from '../../src/classify/features.ts';
import { pictureOf } from '../../src/classify/preprocess.ts';
import { stepsOf, turned } from '../../src/classify/training-views.ts';
import { DEFAULT_LIMITS } from '../../src/config/schema.ts';
import type { ImageJob } from '../../src/domain/job.ts';
import { openBottleneckCache } from '../../src/learn/bottleneck-cache.ts';
import { trainingBottlenecks } from '../../src/learn/bottlenecks.ts';
import { readDataset } from '../../src/learn/dataset.ts';
import { runHere, type Run } from '../../src/learn/make-bottlenecks.ts';
import { readImage } from '../../src/read/image.ts';
import { createPool } from '../../src/worker/pool.ts';
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
  const facts = await readImage({ path, name: 'a.png', limits: { pixels: 1e6 } }, (grey, area) =>
    features.of(pictureOf(grey, area)),
  );
  await features.close();
  expect(all[0]!.views.slice(0, 2)).toEqual(facts.bottlenecks!.views);
  expect(all[0]!.sha256).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'));
});

test('the eight flips and turns are all different, and the first changes nothing', () => {
  const view = Float32Array.from({ length: 9 }, (_, i) => i);
  const all = Array.from({ length: 8 }, (_, k) => [...turned(view, stepsOf(k, 3))].join());
  expect(new Set(all).size).toBe(8);
  expect(all[0]).toBe([...view].join());
  expect([...turned(view, stepsOf(1, 3))].slice(0, 3)).toEqual([2, 1, 0]);
});

describe('in children', () => {
  const poolOf = (size: number) => {
    const pool = createPool({ size, ...DEFAULT_LIMITS });
    onTestFinished(() => pool.close());
    return pool;
  };

  test('several at a time give the same as one after the other, bit for bit and in the same order', { timeout: 60_000 }, async () => {
    const alone = await trainingBottlenecks(readDataset(data), { cache: openBottleneckCache(cacheRoot) });
    const pool = poolOf(2);
    const cache = openBottleneckCache(join(root, 'other-cache'));
    const seen: number[] = [];
    const together = await trainingBottlenecks(readDataset(data), { cache, run: (job) => pool.run(job), children: 2, onProgress: (done) => seen.push(done) });
    expect(together.all).toEqual(alone.all);
    expect(together.skipped.map(({ file }) => file)).toEqual(alone.skipped.map(({ file }) => file));
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(together.all[0]!.pictureHash).toMatch(/^[0-9a-f]{16}$/);
  }); // prettier-ignore

  test('an image that makes its child end costs that image; the others are there', { timeout: 60_000 }, async () => {
    const pool = poolOf(1);
    let end = () => {};
    const ended = new Promise<void>((resolve) => (end = resolve)); // Node 20 has no Promise.withResolvers
    const run: Run = async (job) => {
      // one child, two images in hand: the other must not be the one that it works on
      if (job.name !== 'torn.png') await ended;
      const answer = pool.run(job);
      if (job.name === 'torn.png') {
        await pool.ready();
        for (const pid of pool.pids()) process.kill(pid, 'SIGKILL');
        void answer.catch(() => undefined).then(end);
      }
      return answer;
    };
    const examples = readDataset(data).filter(({ file }) => /torn|\/a\.png/.test(file));
    const { all, skipped } = await trainingBottlenecks(examples, { cache: openBottleneckCache(join(root, 'third-cache')), run });
    expect(all.map(({ example }) => example.file)).toEqual(['Tips/a.png']);
    expect(skipped).toEqual([{ file: 'Powder/torn.png', reason: expect.stringContaining('the child ended') as string }]);
  }); // prettier-ignore
});

test('a picture hash that is missing beside cached bottlenecks is made without the network', async () => {
  const examples = readDataset(data).filter(({ file }) => file === 'Tips/a.png');
  const cache = openBottleneckCache(cacheRoot);
  const before = (await trainingBottlenecks(examples, { cache })).all[0]!;
  const jobs: ImageJob[] = [];
  const here = runHere();
  const run: Run = (job) => {
    jobs.push(job);
    return here.run(job);
  };
  const after = await trainingBottlenecks(examples, { cache: { ...cache, getHash: () => undefined }, run });
  expect(jobs.map(({ backbone }) => backbone)).toEqual([undefined]);
  expect(after.all[0]).toEqual(before);
  // what a power cut can leave
  const entry = readdirSync(cacheRoot, { recursive: true, encoding: 'utf8' }).find((f) => f.endsWith(`${before.sha256}.txt`))!; // prettier-ignore
  writeFileSync(join(cacheRoot, entry), Buffer.alloc(16));
  expect((await trainingBottlenecks(examples, { cache })).all[0]).toEqual(before);
});

test('another engine than the wanted one never fills its entries', async () => {
  const examples = readDataset(data).filter(({ file }) => file === 'Tips/a.png');
  const cache = openBottleneckCache(join(root, 'engines'));
  const here = runHere();
  const run: Run = async (job) => {
    const facts = await here.run(job);
    return {
      ...facts,
      bottlenecks: { ...facts.bottlenecks!, engine: 'wasm' },
      notices: ['engine onnx: gone'],
    };
  };
  await expect(trainingBottlenecks(examples, { cache, run })).rejects.toThrow('engine onnx: gone; --engine wasm runs here'); // prettier-ignore
  expect(filesUnder(join(root, 'engines', '..')).filter((f) => f.includes('engines'))).toEqual([]);
  const wasm = await trainingBottlenecks(examples, { cache, run, engine: 'wasm' });
  expect(wasm.all).toHaveLength(1);
  expect(filesUnder(join(root, 'engines')).every((f) => f.includes('crops-2-wasm'))).toBe(true);
});

test('the sidecar beside an image is read with it, and bottlenecks made without it are not taken for these', async () => {
  const folder = mkdtempSync(join(root, 'jeol-'));
  mkdirSync(join(folder, 'Tips'));
  writeFileSync(join(folder, 'Tips', 'a.png'), await png(9));
  const cache = openBottleneckCache(join(folder, 'cache'));
  const made = async () => (await trainingBottlenecks(readDataset(folder), { cache })).all[0]!;
  const alone = await made();
  // the picture is 260 x 200: 40 rows are info bar
  writeFileSync(join(folder, 'Tips', 'a.txt'), '$CM_FORMAT JEOL-SEM\r\n$SEM_DATA_VERSION 1\r\n$CM_FULL_SIZE 260 160\r\n');
  const beside = await made();
  expect(beside.views[0]).not.toEqual(alone.views[0]);
  const features = await openFeatures({ backbone: 'efficientnet-lite0' });
  const sidecar = { name: 'a.txt', bytes: readFileSync(join(folder, 'Tips', 'a.txt')) };
  const job = { path: join(folder, 'Tips', 'a.png'), name: 'a.png', sidecar, limits: DEFAULT_LIMITS };
  const classified = await readImage(job, (grey, area) => features.of(pictureOf(grey, area)));
  await features.close();
  expect(classified.scanArea.height).toBe(160);
  expect(beside.views.slice(0, 2)).toEqual(classified.bottlenecks!.views);
  rmSync(join(folder, 'Tips', 'a.txt'));
  expect((await made()).views).toEqual(alone.views);
}); // prettier-ignore
