// The read stage with a real pool: what is the image's fault puts it aside, what is not leaves it where it is, and no image is tried for ever.

import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { writeTiff } from '../../fixtures/tiff-writer.ts';
import { readImage } from '../../src/read/image.ts';
import { readStage, type ReadDeps } from '../../src/read/stage.ts';
import { asSemtagError } from '../../src/errors.ts';
import { createPool } from '../../src/worker/pool.ts';
import { makeLab } from '../service/lab.ts';

function reading(more: Partial<ReadDeps> = {}) {
  const lab = makeLab();
  const pool = createPool({ size: 1, jobTime: 60, childMemory: 4000, jobsPerChild: 1000 });
  onTestFinished(() => pool.close());
  const stage = readStage({
    store: lab.store,
    run: (job) => pool.run(job),
    ready: () => pool.ready(),
    acquired: async (sha256) => join(lab.spool, sha256),
    thumb: (sha256) => join(lab.data, 'thumbs', `${sha256}.jpg`),
    model: { backbone: 'efficientnet-lite0', engine: 'onnx', threads: 1 },
    limits: { pixels: 1e8 },
    concurrency: 1,
    now: lab.now,
    ...more,
  });
  return {
    ...lab,
    /** As the runner does: an error that will not pass goes back to the stage. Gives the code, or the new state. */
    async once(sha256: string): Promise<string> {
      const image = lab.store.images.need(sha256);
      try {
        await stage.run(image);
      } catch (thrown) {
        const error = asSemtagError(thrown);
        if (!error.retryable) await stage.failed(image, error);
        return error.code;
      }
      return lab.store.images.need(sha256).state;
    },
    due: () => {
      lab.later(60);
      return stage.due(10, new Set()).map((image) => image.name);
    },
  };
}

test('an image whose job fails in a way that nobody foresaw goes aside after three attempts', async () => {
  const lab = reading({ thumb: (sha256) => join('/dev/null', `${sha256}.jpg`) });
  const hash = lab.settled('odd.tif');
  const codes = [];
  for (let i = 0; i < 4; i++) codes.push(await lab.once(hash));
  expect(codes).toEqual(['internal', 'internal', 'internal', 'too_many_attempts']);
  expect(lab.store.images.need(hash)).toMatchObject({ state: 'quarantined', error: { code: 'too_many_attempts' } }); // prettier-ignore
});

test.runIf(process.platform === 'linux')('a disk that takes nothing is tried as often as it takes, and no image is blamed', async () => {
  const full = { on: true };
  const lab = reading({ thumb: (sha256) => join(full.on ? '/sys' : lab.data, `${sha256}.jpg`) });
  const hash = lab.settled('a.tif');
  for (let i = 0; i < 5; i++) expect(await lab.once(hash)).toBe('disk_failed');
  expect(lab.due()).toEqual(['a.tif']);
  full.on = false;
  expect(await lab.once(hash)).toBe('read');
}); // prettier-ignore

test('a private copy that cannot be opened names the image and is tried again', async () => {
  const lab = reading();
  const hash = lab.settled('a.tif');
  renameSync(join(lab.spool, hash), join(lab.spool, 'elsewhere'));
  for (let i = 0; i < 4; i++) expect(await lab.once(hash)).toBe('unreadable');
  renameSync(join(lab.spool, 'elsewhere'), join(lab.spool, hash));
  expect(await lab.once(hash)).toBe('read');
});

test('a backbone that is not there blames no image', async () => {
  const model = { backbone: 'gone', engine: 'onnx' as const, threads: 1 };
  const lab = reading({ model });
  const hash = lab.settled('a.tif');
  for (let i = 0; i < 4; i++) expect(await lab.once(hash)).toBe('model_missing');
  model.backbone = 'efficientnet-lite0';
  expect(await lab.once(hash)).toBe('read');
});

test('a sidecar that is written again under its name while the image is read is read once more', async () => {
  const text = (operator: string) => Buffer.from(`$CM_FORMAT JEOL\n$CM_OPERATOR ${operator}\n`);
  const lab = reading({
    async run(job) {
      const facts = await readImage(job);
      if (reads++ === 0) lab.store.revisions.lateSidecar(hash, { name: 'a.txt', bytes: text('Berta') }, facts.header, lab.at()); // prettier-ignore
      return facts;
    },
  });
  let reads = 0;
  const hash = lab.settled('a.tif', undefined, { sidecar: { name: 'a.txt', bytes: text('Anna') } });
  expect(await lab.once(hash)).toBe('settled');
  expect(lab.due()).toEqual(['a.tif']);
  expect(await lab.once(hash)).toBe('read');
  expect(lab.store.images.need(hash).facts.operator?.value).toBe('Berta');
});

test('two children that make the same picture do not get in each other’s way', async () => {
  const lab = makeLab();
  const pool = createPool({ size: 2, jobTime: 60, childMemory: 4000, jobsPerChild: 1000 });
  onTestFinished(() => pool.close());
  const side = 3000;
  const samples = Uint8Array.from({ length: side * side }, (_, i) => (i * 7919) % 251);
  const path = join(lab.home, 'a.tif');
  writeFileSync(path, writeTiff([{ width: side, height: side, samples }]));
  const thumb = join(lab.home, 'pictures', 'a.jpg');
  const job = { path, name: 'a.tif', thumb, thumbSize: 2048, limits: { pixels: 1e8 } };
  for (let i = 0; i < 3; i++) await Promise.all([pool.run(job), pool.run(job), pool.run(job), pool.run(job)]);
  expect(await sharp(thumb).metadata()).toMatchObject({ width: 2048, height: 2048 });
  expect(readdirSync(join(lab.home, 'pictures'))).toEqual(['a.jpg']);
});

test('no attempt counts while no child is ready: a service that is killed as it starts blames no image', async () => {
  let start = () => {};
  const lab = reading({ ready: () => new Promise((resolve) => (start = resolve)) });
  const hash = lab.settled('a.tif');
  const begun = lab.once(hash);
  const counted = () => lab.store.attempts.waiting('read', new Date(lab.now().getTime() + 1));
  expect(counted()).toEqual([]);
  start();
  expect(await begun).toBe('read');
});
