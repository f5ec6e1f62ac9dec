// Directories that a folder target makes keep the setgid bit of the one above: the repository's group goes on downwards.

import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkConfig } from '../../src/config/load.ts';
import { folderTarget } from '../../src/forward/targets/folder.ts';

test.each(['0640', '0660'])('with mode %s', async (mode) => {
  const root = mkdtempSync(join(tmpdir(), 'semtag-setgid-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  chmodSync(root, 0o2770);
  const targets = [{ name: 'r', type: 'folder', path: root, mode }];
  const target = folderTarget(checkConfig({ dataDir: root, targets }).targets[0]!);
  await target.put('sem/2026/a.tif', { bytes: Buffer.from('x') });
  const permissions = (path: string) => (statSync(join(root, path)).mode & 0o7777).toString(8);
  expect(permissions('sem/2026/a.tif')).toBe(mode.slice(1));
  for (const dir of ['sem', 'sem/2026']) expect(permissions(dir)).toBe(mode === '0640' ? '2750' : '2770');
});
