// `semtag untag` as people call it: what it writes where, what it refuses, and its exit codes.

import { Command } from 'commander';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeTiff } from '../../fixtures/tiff-writer.ts';
import { register } from '../../src/cli/untag.ts';
import { pagesOf } from '../formats/shapes.ts';
import { folder, sha256, trip } from './world.ts';

let out = '';
let err = '';
beforeEach(() => {
  out = err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += String(text))));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((err += String(text))));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function semtag(...args: string[]): Promise<void> {
  const program = new Command();
  register(program);
  await program.parseAsync(args, { from: 'user' });
}

const acquired = writeTiff(pagesOf());

test('writes beside it under another name, and never twice without --force', async () => {
  const { taggedPath } = await trip(acquired, 'Tips', 'beside.tif');
  const restored = join(folder, 'tagged-beside.acquired.tif');
  await semtag('untag', '--dry-run', taggedPath);
  expect(existsSync(restored)).toBe(false);
  await semtag('untag', '--json', taggedPath);
  expect(readFileSync(restored).equals(acquired)).toBe(true);
  expect(JSON.parse(out.split('\n')[1]!)).toEqual({ file: taggedPath, restored, bytes: acquired.length, sha256: sha256(acquired) }); // prettier-ignore
  expect(process.exitCode).toBeUndefined();
  writeFileSync(restored, 'mine');
  await semtag('untag', taggedPath);
  expect(process.exitCode).toBe(1);
  expect(err).toContain('--force');
  expect(readFileSync(restored, 'utf8')).toBe('mine');
  await semtag('untag', '--force', taggedPath);
  expect(readFileSync(restored).equals(acquired)).toBe(true);
});

test('writes into a folder; one that cannot be restored does not stop the others', async () => {
  const { taggedPath, acquiredPath } = await trip(acquired, 'Tips', 'folder.tif');
  await semtag(
    'untag',
    '-o',
    join(folder, 'new', 'deep'),
    acquiredPath,
    join(folder, 'missing.tif'),
    taggedPath,
  );
  expect(readFileSync(join(folder, 'new', 'deep', 'tagged-folder.tif')).equals(acquired)).toBe(true);
  expect(process.exitCode).toBe(1);
  expect(err).toContain('folder.tif: no packet of semtag');
  expect(err).toContain('missing.tif: there is no such file');
});
