// Vendor sidecars: copied with their image once they stand still too; one that comes late brings its header after it; text that belongs to none is left.

import { utimesSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { tinyTiff, until } from '../service/lab.ts';
import { settling } from './world.ts';

const TEXT = '$CM_FORMAT JEOL-SEM\n$CM_OPERATOR Anna\n$CM_TITLE GaAs-17\n$CM_MAG 1000\n$CM_ACCEL_VOLT 15.0\n';

test('image and sidecar that come together settle together', async () => {
  const s = settling();
  s.drop('a.tif', tinyTiff(1));
  s.drop('a.TXT', TEXT);
  await s.look();
  const hash = await s.settled('a.tif');
  expect(s.store.images.sidecar(hash)).toEqual({ name: 'a.TXT', bytes: Buffer.from(TEXT) });
  expect(s.file('a.TXT')).toMatchObject({ role: 'sidecar', state: 'settled', sha256: hash });
});

test('an image waits while its sidecar is still being written', async () => {
  const s = settling({ instrument: { quiet: 0.5 } });
  s.drop('a.tif', tinyTiff(2));
  s.drop('a.txt', '');
  await s.look();
  for (let i = 1; i <= 6; i++) {
    await sleep(150);
    s.drop('a.txt', TEXT.slice(0, i * 10));
  }
  expect(s.file('a.tif')?.state).toBe('seen'); // it stood still for 0.9 s by itself
  s.drop('a.txt', TEXT);
  const hash = await s.settled('a.tif');
  expect(s.store.images.sidecar(hash)?.bytes.toString()).toBe(TEXT);
});

test('a sidecar that comes first waits for its image', async () => {
  const s = settling({ instrument: { quiet: 0.1 } });
  s.drop('a.txt', TEXT);
  await s.look();
  await sleep(500);
  expect(s.file('a.txt')?.state).toBe('seen');
  s.drop('a.tif', tinyTiff(3));
  await s.look();
  const hash = await s.settled('a.tif');
  expect(s.store.images.sidecar(hash)?.name).toBe('a.txt');
  await s.settled('a.txt');
});

test('a late one brings its header, and the next revision of an image that was tagged', async () => {
  const s = settling();
  s.drop('a.tif', tinyTiff(4));
  await s.look();
  const hash = await s.settled('a.tif');
  await s.readNow(hash);
  const label = { kind: 'category', category: 'Tips', basis: 'auto', by: 'semtag', at: s.at() } as const;
  s.classified(hash, 'Tips', 0.9, label);
  const { revision, edition } = s.store.images.need(hash);
  s.store.deliveries.tagged({ sha256: hash, revision, edition, record: '{}', method: 'tiff', taggedSha256: hash, deliveries: [], at: s.at() }); // prettier-ignore

  s.drop('a.txt', TEXT);
  await s.look();
  await s.settled('a.txt');
  const image = s.store.images.need(hash);
  expect(image).toMatchObject({ state: 'labelled', revision: 2, cause: 'sidecar arrived', score: 0.9 });
  expect(image.header?.fields.accelerating_voltage_V).toMatchObject({ value: 15_000 });
  expect(image.label).toMatchObject({ category: 'Tips' });
});

test('a late one says as much of operator and sample as one that came in time; a path still says it better', async () => {
  const s = settling();
  const hashes: string[] = [];
  for (const name of ['in-time', 'late']) {
    if (name === 'in-time') s.drop(`${name}.txt`, TEXT);
    s.drop(`${name}.tif`, tinyTiff(name.length, 9));
    await s.look();
    hashes.push(await s.settled(`${name}.tif`));
  }
  const [inTime, late] = hashes as [string, string];
  for (const hash of hashes) await s.readNow(hash);
  s.drop('late.txt', TEXT);
  await s.look();
  await s.settled('late.txt');
  expect(s.store.images.need(inTime).facts.operator?.value).toBe('Anna');
  expect(s.store.images.need(late).facts).toEqual(s.store.images.need(inTime).facts);
});

test('one that comes with the same image again is read as well', async () => {
  const s = settling();
  s.drop('a.tif', tinyTiff(5));
  await s.look();
  const hash = await s.settled('a.tif');
  await s.readNow(hash);
  // the program writes its text and touches the image
  s.drop('a.txt', TEXT);
  utimesSync(s.path('a.tif'), new Date(), new Date('2024-01-01'));
  await s.look();
  await s.settled('a.txt');
  await until('version 2 is settled', () => s.file('a.tif')?.version === 2 && s.file('a.tif')?.state === 'settled'); // prettier-ignore
  expect(s.store.images.need(hash).header?.fields.accelerating_voltage_V).toMatchObject({ value: 15_000 });
});

test('one sidecar serves the same shot in two formats', async () => {
  const s = settling();
  s.drop('a.tif', tinyTiff(6));
  s.drop('a.tiff', tinyTiff(7));
  s.drop('a.txt', TEXT);
  await s.look();
  const hashes = [await s.settled('a.tif'), await s.settled('a.tiff')];
  await s.settled('a.txt');
  for (const hash of hashes) expect(s.store.images.sidecar(hash)?.bytes.toString()).toBe(TEXT);
});

test('notes that belong to no image are left alone in the end; a text too large is no sidecar', async () => {
  const s = settling({ instrument: { quiet: 0.1 }, deps: { giveUpSeconds: 0.5 } });
  s.drop('notes.txt', 'buy tungsten');
  s.drop('a.tif', tinyTiff(8));
  s.drop('a.txt', Buffer.alloc((1 << 20) + 1, 'x'));
  await s.look();
  const hash = await s.settled('a.tif');
  expect(s.store.images.sidecar(hash)).toBeUndefined();
  await until('the notes are left', () => s.file('notes.txt')?.state === 'left');
  await until('the large text is left', () => s.file('a.txt')?.state === 'left');
});
