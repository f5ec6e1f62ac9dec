// A target's directory is known again: below an unmounted mount point lies a directory too, and nothing may be put there.

import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkConfig } from '../../src/config/load.ts';
import { folderTarget } from '../../src/forward/targets/folder.ts';
import { dataPaths } from '../../src/paths.ts';
import { checkTargets } from '../../src/preflight/targets.ts';
import { makeLab, sha256 } from '../service/lab.ts';

const text = (words: string) => ({ bytes: Buffer.from(words) });
const notTheOne = {
  code: 'target_unreachable',
  message: expect.stringContaining('is not the target that was used before: is the share mounted?') as string,
};

function used() {
  const lab = makeLab();
  const memory = dataPaths(lab.data).target('repository');
  const open = (more: object = {}) => folderTarget(lab.target(more), memory);
  return { ...lab, memory, open };
}

it('an unmounted target takes nothing and says nothing, also after a restart; the same one mounted again goes on', async () => {
  const { repository, home, open } = used();
  const target = open();
  await target.put('a.tif', text('one'));
  renameSync(repository, join(home, 'share'));
  mkdirSync(repository); // the mount point without its share
  for (const port of [target, open()]) {
    await expect(port.put('b.tif', text('two'))).rejects.toMatchObject(notTheOne);
    await expect(port.hash('a.tif')).rejects.toMatchObject(notTheOne);
    await expect(port.get('a.tif', join(home, 'x'))).rejects.toMatchObject(notTheOne);
    await expect(port.remove('a.tif', sha256('one'))).rejects.toMatchObject(notTheOne);
  }
  expect(readdirSync(repository)).toEqual([]);
  renameSync(repository, join(home, 'mount point'));
  renameSync(join(home, 'share'), repository);
  await target.put('b.tif', text('two'));
  expect(await open().hash('b.tif')).toBe(sha256('two'));
});

it('another share at its place is not it either', async () => {
  const { repository, home, open } = used();
  await open().put('a.tif', text('one'));
  renameSync(repository, join(home, 'share'));
  mkdirSync(repository);
  await folderTarget(makeLab().target({ path: repository }), join(home, 'of another semtag')).put('x', text('x'));
  await expect(open().put('b.tif', text('two'))).rejects.toMatchObject(notTheOne);
}); // prettier-ignore

it('is found where it was moved or restored to', async () => {
  const { repository, home, open } = used();
  await open().put('a.tif', text('one'));
  const moved = join(home, 'new disk');
  cpSync(repository, moved, { recursive: true });
  const target = open({ path: moved });
  await target.put('b.tif', text('two'));
  expect(await target.hash('a.tif')).toBe(sha256('one'));
});

it('two data directories share one target', async () => {
  const lab = used();
  const { repository, home, open } = lab;
  const other = folderTarget(lab.target({ name: 'theirs' }), join(home, 'other data/targets/theirs'));
  const ours = open();
  await Promise.all([ours.put('a.tif', text('one')), ours.put('c.tif', text('three'))]);
  await other.put('b.tif', text('two'));
  expect(await open().hash('b.tif')).toBe(sha256('two'));
  expect(readdirSync(repository).toSorted()).toEqual(['.semtag-target', 'a.tif', 'b.tif', 'c.tif']);
});

it('semtag check finds it, and marks nothing itself', async () => {
  const lab = used();
  const { repository, home, data, memory } = lab;
  const config = checkConfig({ dataDir: data, targets: [lab.target()] });
  const found = async () => (await checkTargets(config))[0]!;
  expect(await found()).toMatchObject({ level: 'ok' });
  expect(readdirSync(repository)).toEqual([]);
  await folderTarget(lab.target(), memory).put('a.tif', text('one'));
  expect(await found()).toMatchObject({ level: 'ok' });
  renameSync(repository, join(home, 'share'));
  mkdirSync(repository);
  expect(await found()).toMatchObject({ level: 'fail', message: notTheOne.message });
});

it('a mark that somebody damaged is no mark', async () => {
  const { repository, open } = used();
  await open().put('a.tif', text('one'));
  expect(JSON.parse(readFileSync(join(repository, '.semtag-target'), 'utf8'))).toMatchObject({ target: 'repository' }); // prettier-ignore
  writeFileSync(join(repository, '.semtag-target'), '{');
  await expect(open().put('b.tif', text('two'))).rejects.toMatchObject(notTheOne);
});
