// After another backbone is chosen: every image that was read gets bottlenecks of it, one at a time, while nothing waits to be read; nothing else changes.

import { expect, it } from 'vitest';
import type { Bottlenecks } from '../../src/domain/job.ts';
import { SemtagError } from '../../src/errors.ts';
import { recomputeStage } from '../../src/read/recompute.ts';
import type { Image } from '../../src/store/images.ts';
import { world } from '../store/world.ts';

const OLD = 'a'.repeat(64);
const NEW = 'b'.repeat(64);
const of = (backbone: string): Bottlenecks => ({
  backbone,
  preprocessing: 'p',
  engine: 'onnx',
  views: [new Float32Array([1, 2])],
});

function recomputing(fails: (image: Image) => SemtagError | undefined = () => undefined) {
  const w = world();
  const done: number[][] = [];
  const released: string[] = [];
  const stage = recomputeStage({
    store: w.store,
    backbone: NEW,
    preprocessing: 'p',
    async again(image) {
      const error = fails(image);
      if (error) throw error;
      w.store.bottlenecks.put(image.sha256, of(NEW));
      return of(NEW);
    },
    release: async (sha256) => void released.push(sha256),
    onDone: (...counts) => done.push(counts),
  });
  /** What the runner does, one item at a time. */
  async function work(skip = new Set<string>()): Promise<string[]> {
    const names: string[] = [];
    for (let looks = 0; looks < 50; looks++) {
      const [image] = stage.due(1, skip);
      if (!image) continue;
      names.push(image.name);
      await stage.run(image).catch((error: SemtagError) => stage.failed(image, error));
    }
    return names.sort();
  }
  return { ...w, stage, work, done, released };
}

it('makes what is missing, leaves what is there, and ends', async () => {
  const r = recomputing();
  const hashes = ['a.tif', 'b.tif', 'c.tif'].map((name) => r.image(name, 'forwarded'));
  r.image('asked.tif', 'asked');
  for (const hash of hashes) r.store.bottlenecks.put(hash, of(OLD));
  r.store.bottlenecks.put(hashes[1]!, of(NEW));
  r.store.images.pruned(hashes[2]!);
  const before = hashes.map((hash) => r.store.images.need(hash).state);
  expect(await r.work()).toEqual(['a.tif', 'asked.tif', 'c.tif']);
  expect(r.done).toEqual([[3, 0]]);
  expect(r.released).toEqual([hashes[2]]); // what was fetched back for it does not stay
  expect(hashes.map((hash) => r.store.images.need(hash).state)).toEqual(before);
  expect(r.store.bottlenecks.get(hashes[0]!, OLD, 'p')).toBeDefined();
  expect(await r.work()).toEqual([]);
});

it('waits while images are to be read', async () => {
  const r = recomputing();
  r.image('a.tif', 'forwarded');
  r.image('new.tif', 'settled');
  expect(await r.work()).toEqual([]);
  expect(r.done).toEqual([]);
});

it('goes on behind one that fails, and rests while the runner rests one', async () => {
  const r = recomputing((image) => (image.name === 'a.tif' ? new SemtagError('spool_lost', 'gone') : undefined));
  const hash = r.image('a.tif', 'forwarded');
  r.image('b.tif', 'forwarded');
  await r.work(new Set([hash]));
  expect(r.done).toEqual([]);
  expect(await r.work()).toEqual(expect.arrayContaining(['a.tif']));
  expect(r.done).toEqual([[1, 1]]);
  expect(r.store.images.need(hash).state).toBe('forwarded');
}); // prettier-ignore
