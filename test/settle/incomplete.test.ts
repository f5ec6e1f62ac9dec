// Files that stand still and are not whole: they wait, go aside with their reason, and are taken as soon as they change. Nothing of them is kept.

import { appendFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { writeTiff } from '../../fixtures/tiff-writer.ts';
import { sha256, tinyTiff, until } from '../service/lab.ts';
import { settling } from './world.ts';

const short = { instrument: { quiet: 0.1 }, deps: { giveUpSeconds: 0.6 } };

test('a writer that pauses longer than the quiet time is waited for', async () => {
  const s = settling({ instrument: { quiet: 0.1 } });
  const whole = tinyTiff(2, 32);
  s.drop('a.tif', whole.subarray(0, 300));
  await s.look();
  await sleep(700);
  expect(s.file('a.tif')?.state).toBe('seen');
  expect(s.spool()).toEqual([]);
  appendFileSync(s.path('a.tif'), whole.subarray(300));
  expect(await s.settled('a.tif')).toBe(sha256(whole));
});

test('one that is not finished goes aside with name and reason, and is settled when the rest arrives', async () => {
  const s = settling(short);
  const whole = tinyTiff(3, 32);
  s.drop('half.tif', whole.subarray(0, 300));
  s.drop('fine.tif', tinyTiff(4));
  await s.look();
  await s.settled('fine.tif');
  const error = await s.incomplete('half.tif');
  expect(error.code).toBe('incomplete');
  expect(error.message).toMatch(/^half\.tif: .*300/);
  expect(s.store.images.counts().settled).toBe(1);
  expect(s.spool()).toEqual([sha256(tinyTiff(4))]);
  expect(s.failures).toEqual([]); // waiting is no failure

  await s.look(); // it did not change
  expect(s.file('half.tif')?.state).toBe('incomplete');
  appendFileSync(s.path('half.tif'), whole.subarray(300));
  await s.look();
  expect(await s.settled('half.tif')).toBe(sha256(whole));
  expect(s.file('half.tif')).toMatchObject({ version: 1, error: null, size: whole.length });
});

test('a retry on request looks once more, from the start of the giving up', async () => {
  const s = settling(short);
  s.drop('half.tif', tinyTiff(3, 32).subarray(0, 300));
  await s.look();
  await s.incomplete('half.tif');
  s.store.files.retry(s.file('half.tif')!.id, 'Anna', s.at());
  await s.look();
  expect(s.file('half.tif')?.state).toBe('seen');
  await s.incomplete('half.tif');
});

test('what is no image, damaged or a link goes aside under its own code', async () => {
  const s = settling(short);
  s.drop('text.tif', 'Dear Anna, this is a letter and no image at all.');
  const loop = tinyTiff(5);
  loop.writeUInt32LE(loop.readUInt32LE(4), loop.readUInt32LE(4) + 2 + 12 * loop.readUInt16LE(loop.readUInt32LE(4))); // prettier-ignore
  s.drop('loop.tif', loop);
  s.drop('empty.tif', '');
  s.drop('linked.tif', tinyTiff(6));
  await s.look();
  rmSync(s.path('linked.tif'));
  symlinkSync('/etc/hostname', s.path('linked.tif')); // it took the place of the file after the scan
  expect((await s.incomplete('text.tif')).code).toBe('not_an_image');
  expect((await s.incomplete('loop.tif')).code).toBe('malformed');
  expect((await s.incomplete('empty.tif')).code).toBe('incomplete');
  await sleep(500);
  expect(s.file('linked.tif')?.state).toBe('seen'); // as a file that is gone: the scan forgets it
  expect(s.spool()).toEqual([]);
});

test('space that was reserved and not written yet is not taken for black pixels before three quiet times', async () => {
  const s = settling({ instrument: { quiet: 0.8 } });
  const samples = new Uint8Array(64 * 64).fill(7);
  const black = writeTiff([{ width: 64, height: 64, samples }]);
  const reserved = Buffer.concat([black, Buffer.alloc(200)]);
  const filled = Buffer.concat([black, Buffer.alloc(200, 9)]);
  s.drop('reserved.tif', reserved);
  s.drop('black.tif', Buffer.concat([black, Buffer.alloc(100)]));
  const started = performance.now();
  await s.look();
  await sleep(1300); // a quiet time has passed
  writeFileSync(s.path('reserved.tif'), filled, { flag: 'r+' });
  expect(await s.settled('reserved.tif')).toBe(sha256(filled));
  await s.settled('black.tif');
  expect(performance.now() - started).toBeGreaterThanOrEqual(2390);
});

test('a file that is gone before it stood still leaves nothing', async () => {
  const s = settling({ instrument: { quiet: 0.3 } });
  s.drop('gone.tif', tinyTiff(7));
  await s.look();
  rmSync(s.path('gone.tif'));
  for (let i = 0; i < 2; i++) await s.look();
  await until('it is forgotten', () => s.file('gone.tif') === undefined);
  await sleep(600);
  expect(s.spool()).toEqual([]);
  expect(s.failures).toEqual([]);
});
