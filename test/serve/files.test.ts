// The bytes that pages and programs ask for: pictures of their size and no more of them than fit, tagged copies that are whole or not there.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Fastify from 'fastify';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { answers } from '../../src/decide/answers.ts';
import type { Target } from '../../src/forward/target.ts';
import { folderTarget } from '../../src/forward/targets/folder.ts';
import { readImage } from '../../src/read/image.ts';
import { imageFiles } from '../../src/serve/files.ts';
import { sendPath } from '../../src/serve/send-path.ts';
import { forwarding, type World } from '../forward/world.ts';
import { sha256, tinyTiff } from '../service/lab.ts';

function filesOf(w: World, more: { targets?: Target[]; picturesKept?: number } = {}) {
  const picturesDir = join(w.home, 'pictures');
  mkdirSync(picturesDir, { recursive: true });
  let jobs = 0;
  const files = imageFiles({
    store: w.store,
    targets: [folderTarget(w.target())],
    taggedDir: w.tagged,
    picturesDir,
    thumb: (hash) => join(w.home, `${hash}.jpg`),
    acquired: w.acquiredOf,
    run: (job) => (jobs++, readImage(job)),
    limits: { pixels: 1e9 },
    ...more,
  });
  return { files, picturesDir, jobs: () => jobs };
}

describe('a picture', () => {
  it('has up to 2048 pixels and is made once for all who look', async () => {
    const w = forwarding();
    const large = w.settled('large.tif', tinyTiff(1, 2400));
    const small = w.settled('small.tif', tinyTiff(2, 100));
    const { files, jobs } = filesOf(w);
    const [path] = await Promise.all([files.picture(large), files.picture(large), files.picture(large)]);
    expect(jobs()).toBe(1);
    expect((await sharp(path).metadata()).width).toBe(2048);
    expect((await sharp(await files.picture(small)).metadata()).width).toBe(100);
    await files.picture(large);
    expect(jobs()).toBe(2);
  });

  it('makes room for the next where nobody looked at it for longest', async () => {
    const w = forwarding();
    const hashes = [1, 2, 3, 4].map((n) => w.settled(`${n}.tif`, tinyTiff(n)));
    const { files, picturesDir } = filesOf(w, { picturesKept: 3 });
    for (const [i, hash] of hashes.slice(0, 3).entries())
      utimesSync(await files.picture(hash), 1000 + i, 1000 + i);
    await files.picture(hashes[0]!);
    await files.picture(hashes[3]!);
    const kept = [hashes[0], hashes[2], hashes[3]].map((hash) => `${hash}.jpg`);
    expect(readdirSync(picturesDir).toSorted()).toEqual(kept.toSorted());
  });
});

describe('the tagged file', () => {
  async function pruned(): Promise<{ w: World; hash: string; bytes: Buffer }> {
    const w = forwarding();
    const hash = w.labelled('a.tif');
    await w.deliver();
    const bytes = readFileSync(join(w.tagged, `${hash}.1.image`));
    w.later(3601);
    await w.prune();
    return { w, hash, bytes };
  }

  it('is the one in the data directory, of the revision that was asked for', async () => {
    const w = forwarding();
    const hash = w.labelled('a.tif');
    await w.deliver();
    answers(w.store, () => undefined, w.now).label(hash, { answer: { kind: 'unusable' }, by: 'Anna' });
    const { files } = filesOf(w);
    expect(await files.tagged(hash, 1)).toEqual({
      path: join(w.tagged, `${hash}.1.image`),
      temporary: false,
    });
    await expect(files.tagged(hash, 2)).rejects.toMatchObject({ code: 'not_found' });
    await w.deliver();
    expect(await files.tagged(hash, 2)).toEqual({
      path: join(w.tagged, `${hash}.2.image`),
      temporary: false,
    });
  });

  it('comes back from a target for one answer and leaves nothing behind', async () => {
    const { w, hash, bytes } = await pruned();
    const { files } = filesOf(w);
    const app = Fastify();
    app.get('/', async (request, reply) => {
      const sent = { mediaType: 'image/tiff', etag: 'x', immutable: false };
      return sendPath(request, reply, { ...sent, ...(await files.tagged(hash, 1)) });
    });
    const [one, two] = await Promise.all([app.inject('/'), app.inject('/')]);
    expect([one.rawPayload.equals(bytes), two.rawPayload.equals(bytes)]).toEqual([true, true]);
    expect((await app.inject({ url: '/', headers: { range: 'bytes=0-3' } })).rawPayload).toHaveLength(4);
    expect((await app.inject({ url: '/', headers: { 'if-none-match': '"x"' } })).statusCode).toBe(304);
    expect(readdirSync(w.tagged)).toEqual([]);
    await app.close();
  });

  it('is never a part of it: a connection that breaks leaves no file and no answer', async () => {
    const { w, hash, bytes } = await pruned();
    const whole = folderTarget(w.target());
    const broken: Target = {
      ...whole,
      async get(_, to) {
        writeFileSync(to, bytes.subarray(0, 50));
        throw new Error('connection lost');
      },
    };
    const short: Target = { ...whole, get: async (_, to) => writeFileSync(to, bytes.subarray(0, 50)) };
    for (const target of [broken, short]) {
      const { files } = filesOf(w, { targets: [target] });
      await expect(files.tagged(hash, 1)).rejects.toThrow();
      expect(readdirSync(w.tagged)).toEqual([]);
    }
    const { path } = await filesOf(w).files.tagged(hash, 1);
    expect(sha256(readFileSync(path))).toBe(sha256(bytes));
    rmSync(path);
    expect(existsSync(path)).toBe(false);
  });
});
