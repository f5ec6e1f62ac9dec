// The data directory at a start: its folders are there, and what a crash left half written is gone; nothing else is touched.

import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dataPaths } from '../src/paths.ts';
import { makeLab } from './service/lab.ts';

it('removes what is half written and keeps every copy', () => {
  const { home } = makeLab();
  const data = join(home, 'fresh');
  dataPaths(data).prepare();
  for (const dir of ['spool', 'tagged', 'thumbs', 'pictures', 'heads'])
    expect(statSync(join(data, dir)).mode & 0o777).toBe(0o750);
  const hash = 'ab'.repeat(32);
  const write = (dir: string, ...names: string[]) => names.forEach((name) => writeFileSync(join(data, dir, name), 'x')); // prettier-ignore
  write('spool', hash, 'settling-17', `${hash}.fetched`, `${hash}.restored`, `${hash}.restored.untagging`);
  write('tagged', `${hash}.1.image`, `${hash}.1.json`, `${hash}.2.writing`, `${hash}.1.0f.fetched`);
  write('thumbs/ab', `${hash}.jpg`, `${hash}.jpg.17.part`);
  write('pictures', `${hash}.jpg`);
  write('heads', `${hash}.json`, `${hash}.json.part`);
  dataPaths(data).prepare();
  expect(readdirSync(join(data, 'spool'))).toEqual([hash]);
  expect(readdirSync(join(data, 'tagged')).sort()).toEqual([`${hash}.1.image`, `${hash}.1.json`]);
  expect(readdirSync(join(data, 'thumbs/ab'))).toEqual([`${hash}.jpg`]);
  expect(readdirSync(join(data, 'pictures'))).toEqual([]);
  expect(readdirSync(join(data, 'heads'))).toEqual([`${hash}.json`]);
});
