// Room for private copies: the quota of the spool and the reserve of its disk pause intake, and it catches up by itself.

import { rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { needRoom } from '../../src/settle/room.ts';
import { makeLab, sha256, tinyTiff, until } from '../service/lab.ts';
import { settling } from './world.ts';

test('the quota counts what the spool holds and what would come, to the byte', async () => {
  const { spool } = makeLab();
  const room = { quotaBytes: 1000, reserveBytes: 0 };
  await needRoom(spool, room, 600, 400);
  await expect(needRoom(spool, room, 600, 401)).rejects.toMatchObject({ code: 'spool_full' });
  await expect(needRoom(spool, { quotaBytes: 2e9, reserveBytes: 0 }, 1.5e9, 1e9)).rejects.toThrow(
    /the spool holds 1\.50 GB, its quota is 2\.00 GB/,
  );
});

test('the reserve is what stays free after the copy', async () => {
  const { spool } = makeLab();
  const { bavail, bsize } = statfsSync(spool);
  const free = bavail * bsize;
  const quotaBytes = Infinity;
  await needRoom(spool, { quotaBytes, reserveBytes: free / 2 }, 0, 1000);
  await expect(needRoom(spool, { quotaBytes, reserveBytes: free / 2 }, 0, free * 0.6)).rejects.toThrow(/free, .* kept in reserve/); // prettier-ignore
  await expect(needRoom(spool, { quotaBytes, reserveBytes: free * 2 }, 0, 1)).rejects.toMatchObject({ code: 'spool_full' }); // prettier-ignore
});

test('intake waits at the quota without losing or marking anything, and catches up when room is made', async () => {
  const images = [1, 2, 3].map((seed) => tinyTiff(seed, 16));
  const quotaBytes = images[0]!.length * 1.5;
  const s = settling({ instrument: { quiet: 0.1 }, deps: { room: { quotaBytes, reserveBytes: 0 }, giveUpSeconds: 0.3 } }); // prettier-ignore
  s.drop('a.tif', images[0]!);
  await s.look();
  const first = await s.settled('a.tif');
  s.drop('b.tif', images[1]!);
  s.drop('c.tif', images[2]!);
  await s.look();
  await until('it says so', () => s.rooms.at(-1) !== undefined);
  expect(s.rooms.at(-1)).toMatch(/its quota is/);
  await sleep(1000);
  // longer than it takes to give a file up: a full spool is not the file's fault
  expect([s.file('b.tif')?.state, s.file('c.tif')?.state]).toEqual(['seen', 'seen']);
  expect(s.spool()).toEqual([first]);
  expect(s.failures).toEqual([]);

  const prune = (hash: string) => {
    rmSync(join(s.spoolDir, hash));
    s.store.images.pruned(hash);
  };
  prune(first);
  const next = await until('the next one is in', () => s.file('b.tif')?.sha256 ?? s.file('c.tif')?.sha256);
  prune(next);
  expect(await s.settled('b.tif')).toBe(sha256(images[1]!));
  expect(await s.settled('c.tif')).toBe(sha256(images[2]!));
  expect(s.rooms.at(-1)).toBeUndefined();
});

test('copies that are made at the same time do not exceed the quota together', async () => {
  const images = [1, 2, 3, 4].map((seed) => tinyTiff(seed, 512));
  const quotaBytes = images[0]!.length * 1.5;
  const s = settling({ instrument: { quiet: 0.1 }, deps: { room: { quotaBytes, reserveBytes: 0 } } });
  images.forEach((bytes, i) => s.drop(`${i}.tif`, bytes));
  await s.look();
  await until('one is in', () => s.store.images.counts().settled > 0);
  await sleep(500);
  expect(s.store.images.spooledBytes()).toBeLessThanOrEqual(quotaBytes);
});
