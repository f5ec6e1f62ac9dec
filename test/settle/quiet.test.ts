// Quiet time: a file is looked at when it has stood still by our own looks, whatever its writer and its clock do.

import { appendFileSync, utimesSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { firstLook, lookAgain, notWhole, stoodStill } from '../../src/settle/quiet.ts';
import { sha256, tinyTiff } from '../service/lab.ts';
import { settling } from './world.ts';

const stamp = { size: 10, mtime_ns: '1700000000000000001' };

test('the time counts from the last look that found something else: size or one nanosecond', () => {
  const first = firstLook(stamp, 1000, 3000);
  expect(first).toMatchObject({ since: 1000, nextAt: 4000 });
  expect(lookAgain(first, { ...stamp }, 3900, 3000)).toBe(first);
  expect(stoodStill(first, 3900)).toBe(2900);
  for (const other of [
    { ...stamp, size: 11 },
    { ...stamp, mtime_ns: '1700000000000000002' },
  ])
    expect(lookAgain(first, other, 3900, 3000)).toMatchObject({ ...other, since: 3900, nextAt: 6900 });
});

test('copies that were not whole are made again ever more seldom, at most a minute apart; a change begins anew', () => {
  let o = firstLook(stamp, 0, 3000);
  const waits: number[] = [];
  for (let i = 0; i < 8; i++) {
    o = notWhole(o, 100, 3000);
    waits.push(o.nextAt - 100);
  }
  expect(waits).toEqual([3000, 6000, 12_000, 24_000, 48_000, 60_000, 60_000, 60_000]);
  expect([o.since, o.failingSince]).toEqual([0, 100]); // it stood still all the while; giving up counts from the first failure
  expect(lookAgain(o, { ...stamp, size: 11 }, 200, 3000)).toMatchObject({ copies: 0, since: 200 });
  // without a quiet time it is still not copied in a loop
  expect(notWhole(firstLook(stamp, 0, 0), 0, 0).nextAt).toBe(200);
});

test('a file that is written in pieces is settled once, with its last byte, and not before it stood still', async () => {
  const s = settling({ instrument: { quiet: 0.8 } });
  const whole = tinyTiff(1);
  s.drop('a.tif', whole); // whole from the start: only the quiet time holds it back
  await s.look();
  let lastWrite = 0;
  for (let i = 0; i < 10; i++) {
    await sleep(120);
    expect(s.file('a.tif')?.state).toBe('seen');
    appendFileSync(s.path('a.tif'), `piece ${i}`);
    lastWrite = performance.now();
  }
  const hash = await s.settled('a.tif');
  expect(performance.now() - lastWrite).toBeGreaterThanOrEqual(795);
  const pieces = Array.from({ length: 10 }, (_, i) => `piece ${i}`).join('');
  expect(hash).toBe(sha256(Buffer.concat([whole, Buffer.from(pieces)])));
  expect(s.spool()).toEqual([hash]);
});

test('times of another clock count for nothing: files from the future and from 1970 settle alike', async () => {
  const s = settling();
  const names = ['future.tif', 'past.tif'];
  names.forEach((name, i) => s.drop(name, tinyTiff(i)));
  utimesSync(s.path('future.tif'), new Date('2097-01-01'), new Date('2097-01-01'));
  utimesSync(s.path('past.tif'), 0, 0);
  await s.look();
  for (const name of names) await s.settled(name);
});

test('a file that is still writing does not hold up those beside it', async () => {
  const s = settling({ instrument: { quiet: 0.3 } });
  // more than the stage works on at a time
  for (let i = 0; i < 6; i++) s.drop(`busy-${i}.tif`, tinyTiff(i));
  s.drop('done.tif', tinyTiff(9));
  await s.look();
  const writer = setInterval(() => {
    for (let i = 0; i < 6; i++) appendFileSync(s.path(`busy-${i}.tif`), 'x');
  }, 50);
  try {
    await s.settled('done.tif', 5);
    expect(s.file('busy-0.tif')?.state).toBe('seen');
  } finally {
    clearInterval(writer);
  }
});
