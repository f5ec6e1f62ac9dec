// A target that the config names no more: nothing starts while it is owed images, and only a person lets go of them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { openReader } from '../../src/store/reader.ts';
import { world } from '../store/world.ts';
import { semtag, temporary } from './semtag.ts';

function deliveriesOf(dataDir: string, sha256: string): string[] {
  const reader = openReader(dataDir);
  const found = reader.deliveries.ofImage(sha256).map((d) => `${d.target} ${d.state}`);
  reader.close();
  return found;
}

function place(names: string[]) {
  const made = world(['repository', 'old-nas']);
  const dir = temporary();
  const targets = names.map((name) => ({ name, type: 'folder', path: join(dir, name) }));
  for (const { path } of targets) mkdirSync(path);
  writeFileSync(
    join(dir, 'semtag.yaml'),
    stringify({ dataDir: made.dataDir, targets, serve: { port: 0 }, instruments: [] }),
  );
  return { ...made, dir };
}

it('run and check refuse and name the target that may be meant; nothing is let go', async () => {
  const { dir, image, store, dataDir } = place(['repository', 'old-nass']);
  const sha256 = image('a.tif', 'tagged');
  store.close();
  const run = await semtag(dir, 'run');
  expect(run.code).toBe(2);
  expect(run.err).toContain(
    'target old-nas: it is owed 1 image, and the config names no such target; is old-nass meant',
  );
  expect(run.err).toContain('semtag forget old-nas');
  const check = await semtag(dir, 'check');
  expect(check.code).toBe(1);
  expect(check.out).toContain('FAIL  target old-nas: it is owed 1 image');
  expect(deliveriesOf(dataDir, sha256)).toEqual(['repository owed', 'old-nas owed']);
});

it('forget lets go of it once, says so before with --dry-run, and leaves what the config names alone', async () => {
  const { dir, image, store, dataDir } = place(['repository']);
  const sha256 = image('a.tif', 'tagged');
  store.close();
  const dry = await semtag(dir, 'forget', 'old-nas', '--dry-run');
  expect(dry).toMatchObject({ code: 0, out: 'old-nas: 1 image would not be owed any more\n' });
  const named = await semtag(dir, 'forget', 'repository');
  expect(named.code).toBe(2);
  const done = await semtag(dir, 'forget', 'old-nas', '--by', 'Grete', '--json');
  expect(JSON.parse(done.out)).toEqual({ target: 'old-nas', owed: 1, dryRun: false });
  expect((await semtag(dir, 'forget', 'old-nas')).err).toContain('nothing is owed to a target of this name');
  expect(deliveriesOf(dataDir, sha256)).toEqual(['repository owed', 'old-nas superseded']);
  const reader = openReader(dataDir);
  expect(reader.history.ofImage(sha256).filter(({ who }) => who === 'Grete')).toHaveLength(1);
  reader.close();
});
