// The folder target: the suite of every target, and what only a file system has: whole files at every moment, owner and mode, a mount that is away, a full disk.

import { execFileSync } from 'node:child_process';
import {
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FolderTargetConfig } from '../../src/config/schema.ts';
import { folderTarget } from '../../src/forward/targets/folder.ts';
import { makeLab, sha256 } from '../service/lab.ts';
import { targetSuite } from './target-suite.ts';

const filesIn = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((e) => !e.isDirectory())
    .map((e) => join(e.parentPath, e.name).slice(dir.length + 1))
    .sort();

const config = (path: string, more: Partial<FolderTargetConfig> = {}): FolderTargetConfig => ({
  name: 'repository',
  type: 'folder',
  path,
  layout: '{stem}{ext}',
  mode: '0640',
  ...more,
});

function trialIn(path: string) {
  return {
    target: folderTarget(config(path)),
    places: () => filesIn(path),
    bytes: (place: string) => readFileSync(join(path, place)),
  };
}

targetSuite('folder', (home) => trialIn(join(home, 'repository')));
targetSuite('folder through a link', (home) => {
  symlinkSync(join(home, 'repository'), join(home, 'link'));
  return { ...trialIn(join(home, 'repository')), target: folderTarget(config(join(home, 'link'))) };
});
targetSuite('folder, written with a slash at its end', (home) => ({
  ...trialIn(join(home, 'repository')),
  target: folderTarget(config(`${join(home, 'repository')}/`)),
}));

const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
const text = (words: string) => ({ bytes: Buffer.from(words) });

describe('the folder target', () => {
  it('shows a reader the old file or the whole new one, never a part', async () => {
    const { repository } = makeLab();
    const target = folderTarget(config(repository));
    const versions = ['a', 'b'].map((letter) => Buffer.alloc(8_000_000, letter));
    const known = new Set(versions.map(sha256));
    await target.put('a.tif', { bytes: versions[0]! });
    let writing = true;
    const writer = (async () => {
      for (let i = 1; i < 8; i++) await target.put('a.tif', { bytes: versions[i % 2]! });
      writing = false;
    })();
    let looks = 0;
    while (writing) {
      expect(known.has(sha256(readFileSync(join(repository, 'a.tif'))))).toBe(true);
      looks++;
      await new Promise(setImmediate);
    }
    await writer;
    expect(looks).toBeGreaterThan(3);
  });

  it('leaves what was there when it cannot finish, and no half file', async () => {
    const { repository, home } = makeLab();
    const target = folderTarget(config(repository));
    await target.put('d/a.tif', text('one'));
    await expect(target.put('d/a.tif', { path: join(home, 'is-not-there') })).rejects.toThrow();
    expect(filesIn(repository)).toEqual(['d/a.tif']);
    expect(await target.hash('d/a.tif')).toBe(sha256('one'));
  });

  it('cleans up after itself where a directory has the place', async () => {
    const { repository } = makeLab();
    mkdirSync(join(repository, 'd/a.tif'), { recursive: true });
    const put = folderTarget(config(repository)).put('d/a.tif', text('x'));
    await expect(put).rejects.toMatchObject({ code: 'target_refused' });
    expect(filesIn(repository)).toEqual([]);
  });

  it('gives files the mode of the config, and directories that may be entered by the same people', async () => {
    const { repository } = makeLab();
    for (const [mode, file, dir] of [
      ['0640', 0o640, 0o750],
      ['664', 0o664, 0o775],
      ['0600', 0o600, 0o700],
    ] as const) {
      await folderTarget(config(repository, { mode })).put(`${mode}/x/a.tif`, text('one'));
      expect(statSync(join(repository, mode, 'x/a.tif')).mode & 0o777).toBe(file);
      expect(statSync(join(repository, mode)).mode & 0o777).toBe(dir);
      expect(statSync(join(repository, mode, 'x')).mode & 0o777).toBe(dir);
    }
  });

  it.runIf(asRoot)('gives files and new directories to owner and group, and leaves other directories alone', async () => {
    const { repository } = makeLab();
    mkdirSync(join(repository, 'old'));
    chownSync(join(repository, 'old'), 1234, 1234);
    await folderTarget(config(repository, { owner: 4321 })).put('old/new/a.tif', text('one'));
    await folderTarget(config(repository, { group: 4321 })).put('old/b.tif', text('two'));
    const owners = ['old', 'old/new', 'old/new/a.tif', 'old/b.tif'].map((place) => {
      const { uid, gid } = statSync(join(repository, place));
      return `${uid}:${gid}`;
    });
    expect(owners).toEqual(['1234:1234', '4321:0', '4321:0', '0:4321']);
  }); // prettier-ignore

  it('says target_unreachable where its directory is missing, and never makes it', async () => {
    const { repository, home } = makeLab();
    const target = folderTarget(config(repository));
    await target.put('a.tif', text('one'));
    renameSync(repository, `${repository}.unmounted`);
    const unreachable = { code: 'target_unreachable' };
    await expect(target.put('b.tif', text('two'))).rejects.toMatchObject(unreachable);
    await expect(target.hash('a.tif')).rejects.toMatchObject(unreachable);
    await expect(target.get('a.tif', join(home, 'x'))).rejects.toMatchObject(unreachable);
    await expect(target.remove('a.tif', sha256('one'))).rejects.toMatchObject(unreachable);
    expect(await target.check()).toEqual([expect.stringContaining('is not there')]);
    expect(readdirSync(home)).not.toContain('repository');
    writeFileSync(repository, 'a file in its place');
    await expect(target.put('b.tif', text('two'))).rejects.toMatchObject(unreachable);
  });

  it.runIf(asRoot)('says target_refused where the disk is full, keeps what is there, and goes on when there is room', async ({ skip }) => {
    const { repository } = makeLab();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', repository], { stdio: 'ignore' });
    } catch {
      skip('this machine lets nobody mount');
    }
    onTestFinished(() => void execFileSync('umount', [repository]));
    const target = folderTarget(config(repository));
    await target.put('d/a.tif', { bytes: Buffer.alloc(100_000, 1) });
    const full = target.put('d/b.tif', { bytes: Buffer.alloc(300_000, 2) });
    await expect(full).rejects.toMatchObject({
      code: 'target_refused',
      message: expect.stringMatching(/repository: d\/b\.tif: .*ENOSPC/) as string,
    });
    expect(filesIn(repository)).toEqual(['d/a.tif']);
    await target.put('d/b.tif', { bytes: Buffer.alloc(100_000, 2) });
    expect(filesIn(repository)).toEqual(['d/a.tif', 'd/b.tif']);
  }); // prettier-ignore
});
