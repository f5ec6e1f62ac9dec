// Files that have no image yet: the verbs that are given one say what the ledger knows of it.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { at, world } from '../store/world.ts';
import { semtag, temporary } from './semtag.ts';

function place() {
  const made = world();
  const dir = temporary();
  const root = join(dir, 'acquired');
  mkdirSync(join(root, 'anna'), { recursive: true });
  made.store.files.useRoot('sem', Buffer.from(root), at());
  writeFileSync(
    join(dir, 'semtag.yaml'),
    stringify({ dataDir: made.dataDir, instruments: [{ name: 'sem', root }] }),
  );
  const known = (name: string) => {
    writeFileSync(join(root, 'anna', name), `half of ${name}`);
    const key = { instrument: 'sem', dir: Buffer.from('anna'), name: Buffer.from(name) };
    const sighting = { ...key, role: 'image' as const, size: 5, mtime_ns: '1' };
    made.store.files.see([{ sighting, state: 'seen' }], at());
    return { file: `acquired/anna/${name}`, id: made.store.files.current('sem', key.dir, key.name)!.id };
  };
  return { ...made, dir, known };
}

it('one that is being looked at is said to be known, and status counts it', async () => {
  const { dir, known } = place();
  const { file } = known('a.tif');
  for (const args of [
    ['show', file],
    ['label', file, 'Tips'],
    ['verify', file],
  ]) {
    const ended = await semtag(dir, ...args);
    expect(ended.code).toBe(1);
    expect(ended.err).toContain(`${file}: known, not whole yet`);
  }
  expect((await semtag(dir, 'status')).out).toContain('looking at 1 files');
});

it('one that is aside is said to be, with the reason, and retry takes its name', async () => {
  const { dir, store, known } = place();
  const { file, id } = known('b.tif');
  store.files.incomplete(id, { code: 'incomplete', message: 'b.tif: strip 3 is missing' }, at());
  const ended = await semtag(dir, 'show', file);
  expect(ended.err).toContain('aside as incomplete: b.tif: strip 3 is missing');
  expect(ended.err).toContain('semtag retry');
  expect((await semtag(dir, 'retry', file)).out).toContain('will be tried again at the next start, now seen');
  expect(store.files.get(id)?.state).toBe('seen');
});

it('any other file is unknown', async () => {
  const { dir } = place();
  writeFileSync(join(dir, 'c.tif'), 'c');
  expect((await semtag(dir, 'show', 'c.tif')).err).toContain('no image has these bytes');
});
