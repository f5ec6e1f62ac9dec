// An image is its bytes: files that hold the same ones are one image with one private copy, however often and under whatever name they come.

import { copyFileSync, mkdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256, tinyTiff } from '../service/lab.ts';
import { settling } from './world.ts';

test('two files with the same bytes, settling together, are one image', async () => {
  const s = settling({ instrument: { path: '{operator}/*' } });
  for (const dir of ['anna', 'ben']) mkdirSync(s.path(dir));
  const bytes = tinyTiff(1);
  for (const name of ['anna/a.tif', 'ben/b.tif', 'ben/c.tif']) s.drop(name, bytes);
  await s.look();
  const hashes = [await s.settled('anna/a.tif'), await s.settled('ben/b.tif'), await s.settled('ben/c.tif')];
  expect(new Set(hashes)).toEqual(new Set([sha256(bytes)]));
  expect(s.store.images.counts().settled).toBe(1);
  expect(s.store.files.ofImage(sha256(bytes))).toHaveLength(3);
  expect(s.spool()).toEqual([sha256(bytes)]);
  expect(readFileSync(join(s.spoolDir, sha256(bytes))).equals(bytes)).toBe(true);
  const lines = s.store.history.of('image', sha256(bytes)).map((line) => line.what);
  expect(lines.filter((what) => what.startsWith('Settled from'))).toHaveLength(1);
  expect(lines.filter((what) => what.startsWith('The same bytes arrived again as'))).toHaveLength(2);
});

test('the same bytes with a new time are a new version of the file and the same image, which supersedes nothing', async () => {
  const s = settling();
  s.drop('a.tif', tinyTiff(2));
  await s.look();
  const hash = await s.settled('a.tif');
  utimesSync(s.path('a.tif'), new Date(), new Date('2020-01-01'));
  await s.look();
  await s.settled('a.tif');
  expect(s.file('a.tif')?.version).toBe(2);
  expect(s.store.images.need(hash)).not.toHaveProperty('supersededBy');
  expect(s.store.images.need(hash)).not.toHaveProperty('supersedes');
});

test('bytes that come again after their copy was pruned are a copy that counts again, so that it is pruned again', async () => {
  const s = settling();
  s.drop('a.tif', tinyTiff(3));
  await s.look();
  const hash = await s.settled('a.tif');
  rmSync(join(s.spoolDir, hash));
  s.store.images.pruned(hash);
  expect(s.store.images.spooledBytes()).toBe(0);
  copyFileSync(s.path('a.tif'), s.path('again.tif'));
  await s.look();
  await s.settled('again.tif');
  expect(s.spool()).toEqual([hash]);
  expect(s.store.images.need(hash).spooled).toBe(true);
  expect(s.store.images.spooledBytes()).toBe(tinyTiff(3).length);
});
