// `semtag verify`: an image is held or it is not, and exit code 0 means held.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { sha, world } from '../store/world.ts';
import { semtag, temporary } from './semtag.ts';

function place() {
  const made = world();
  const dir = temporary();
  const targets = [{ name: 'repository', type: 'folder', path: join(dir, 'repository') }];
  mkdirSync(join(dir, 'repository/Tips'), { recursive: true });
  writeFileSync(join(dir, 'semtag.yaml'), stringify({ dataDir: made.dataDir, targets }));
  return { ...made, dir };
}

it('an image that no target holds is not held, exit 1', async () => {
  const { dir, image } = place();
  const asked = image('a.tif', 'asked');
  const ended = await semtag(dir, 'verify', asked);
  expect(ended.code).toBe(1);
  expect(ended.out).toContain('NOT HELD  a.tif: it is asked, no target has its revision 1');
  const json = JSON.parse((await semtag(dir, 'verify', asked, '--json')).out) as object;
  expect(json).toMatchObject({ notHeld: 1, each: [{ sha256: asked, held: false, at: [] }] });
});

it('an image whose bytes are not what the receipt says is not held either', async () => {
  const { dir, image } = place();
  const sha256 = image('b.tif', 'forwarded');
  writeFileSync(join(dir, 'repository/Tips', `${sha256.slice(0, 8)}.tif`), 'other bytes');
  const ended = await semtag(dir, 'verify', sha256);
  expect(ended.code).toBe(1);
  expect(ended.out).toContain('NOT HELD  b.tif: what lies at its targets does not match');
});

it('one that a target holds is held', async () => {
  const { dir, image } = place();
  const sha256 = image('c.tif', 'forwarded');
  // in this world the tagged file is a text whose hash the receipt has
  writeFileSync(join(dir, 'repository/Tips', `${sha256.slice(0, 8)}.tif`), `tagged ${sha256} 1`);
  expect(sha(`tagged ${sha256} 1`)).toHaveLength(64);
  const ended = await semtag(dir, 'verify', sha256);
  expect(ended.out).toContain('held      c.tif: at repository');
  expect(ended.out).toContain('1 images, 0 not held; 1 files at targets, 0 that do not match');
  expect(ended.code).toBe(0);
  expect((await semtag(dir, 'verify')).out).not.toContain('c.tif'); // without names only what is not held
});

it('one at a target that is away cannot be read, which is no mismatch', async () => {
  const { dir, image } = place();
  const sha256 = image('d.tif', 'forwarded');
  rmSync(join(dir, 'repository'), { recursive: true });
  const ended = await semtag(dir, 'verify', sha256);
  expect(ended.code).toBe(1);
  expect(ended.out).toContain('NOT HELD  d.tif: it cannot be read: target repository is away');
  expect(ended.out).not.toContain('ENOENT');
});
