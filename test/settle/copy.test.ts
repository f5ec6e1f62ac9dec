// The private copy: the acquired bytes and their hash in one pass, believed only when the file stood still, and never a byte written to the source.

import { createHash } from 'node:crypto';
import {
  appendFileSync,
  openSync,
  closeSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyWhileStill, type Stamp } from '../../src/settle/copy.ts';
import { stampOf } from '../../src/settle/sidecar.ts';
import { makeLab, sha256, tinyTiff } from '../service/lab.ts';
import { settling } from './world.ts';

const MB = 1 << 20;

function place(bytes: Buffer) {
  const lab = makeLab();
  const source = join(lab.acquired, 'a.tif');
  writeFileSync(source, bytes);
  return { ...lab, source, raw: Buffer.from(source), dest: join(lab.spool, 'copy') };
}
const stampNow = async (raw: Buffer): Promise<Stamp> => (await stampOf(raw))!;

test.each([0, 1, MB - 1, MB, MB + 1, 3 * MB + 17])('%i bytes arrive as they are', async (length) => {
  const bytes = Buffer.alloc(length, 'semtag');
  const { raw, source, dest } = place(bytes);
  const before = statSync(source, { bigint: true });
  expect(await copyWhileStill(raw, dest, await stampNow(raw))).toEqual({ sha256: sha256(bytes), bytes: length }); // prettier-ignore
  expect(readFileSync(dest).equals(bytes)).toBe(true);
  const after = statSync(source, { bigint: true });
  expect([after.mtimeNs, after.ctimeNs, after.size]).toEqual([before.mtimeNs, before.ctimeNs, before.size]);
});

test('a file that changed since the look is not copied', async () => {
  const { raw, source, dest } = place(Buffer.from('before'));
  const expected = await stampNow(raw);
  utimesSync(source, new Date(), new Date(Date.now() + 1));
  expect(await copyWhileStill(raw, dest, expected)).toBeUndefined();
});

const changes: [string, (source: string) => void][] = [
  ['grows', (source) => appendFileSync(source, 'more')],
  ['shrinks', (source) => truncateSync(source, MB)],
  [
    'is written over in place',
    (source) => {
      const fd = openSync(source, 'r+');
      writeSync(fd, 'changed', 0);
      closeSync(fd);
    },
  ],
];
test.each(changes)('a file that %s while it is read gives no copy', async (_, change) => {
  const { raw, source, dest } = place(Buffer.alloc(48 * MB, 1));
  const copying = copyWhileStill(raw, dest, await stampNow(raw));
  // the first megabytes are through
  while ((statSync(dest, { throwIfNoEntry: false })?.size ?? 0) < 2 * MB) await new Promise(setImmediate);
  change(source);
  expect(await copying).toBeUndefined();
});

test('a link is not followed, and what cannot be opened says so with its name', async () => {
  const { raw, source, dest, acquired } = place(Buffer.from('x'));
  const link = join(acquired, 'link.tif');
  symlinkSync(source, link);
  const stamp = await stampNow(raw);
  await expect(copyWhileStill(Buffer.from(link), dest, stamp)).rejects.toMatchObject({
    code: 'unreadable',
    message: expect.stringContaining('link.tif') as string,
  });
  await expect(copyWhileStill(Buffer.from(`${source}.not`), dest, stamp)).rejects.toMatchObject({ code: 'unreadable' }); // prettier-ignore
});

test('a file that is written over while the stage copies it settles later, with the bytes it ended with', async () => {
  const s = settling({ instrument: { quiet: 0.05 } });
  const tail = Buffer.alloc(24 * MB, 5);
  const first = Buffer.concat([tinyTiff(1), tail]);
  s.drop('large.tif', first);
  await s.look();
  const last = createHash('sha256');
  for (let i = 0; i < 8; i++) {
    // as a microscope that saves the next frame over the last
    await new Promise((done) => setTimeout(done, 60));
    const fd = openSync(s.path('large.tif'), 'r+');
    writeSync(fd, Buffer.from(`frame ${i}`), 0, 7, first.length - 7);
    closeSync(fd);
  }
  last.update(readFileSync(s.path('large.tif')));
  const expected = last.digest('hex');
  // versions that were whole in a pause may have settled before; the last one always does
  for (let i = 0; i < 3; i++) {
    await s.settled('large.tif');
    await s.look();
  }
  expect(await s.settled('large.tif')).toBe(expected);
  for (const name of s.spool()) expect(sha256(readFileSync(join(s.spoolDir, name)))).toBe(name);
});
