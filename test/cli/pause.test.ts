// `semtag pause`, `resume` and `open`, as people type them, with and without a service beside them; and what the real service does about it.

import { expect, test } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { makeHome } from '../service/home.ts';
import { tinyTiff, sha256, until } from '../service/lab.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configYaml } from '../../src/config/yaml.ts';
import { home, semtag } from './semtag.ts';

test('without a service: a dry run changes nothing, a pause is kept, twice is once, the end ends it', async () => {
  const dir = home();
  const none = await semtag(dir, 'open', '--print');
  expect([none.code, none.out]).toEqual([1, '']);
  expect(none.err).toContain('`semtag run` starts one');
  openStore(join(dir, 'data')).close();
  const pause = (...args: string[]) => semtag(dir, 'pause', '--instrument', 'SEM 1', '--reason', 'service visit', '--by', 'Mia', ...args); // prettier-ignore
  expect((await pause('--dry-run')).out).toBe('forwarding and publishing of SEM 1 would be paused\n');
  const done = await pause('--json');
  expect(JSON.parse(done.out)).toMatchObject({ scope: 'instrument', name: 'SEM 1', pauses: [{ by: 'Mia', reason: 'service visit' }] }); // prettier-ignore
  expect((await pause()).out).toMatch(
    /^forwarding and publishing of SEM 1 are paused already\n {2}Forwarding and publishing of SEM 1 are paused since \S+ by Mia: service visit\n$/,
  );
  expect((await semtag(dir, 'status')).out).toContain('forwarding of SEM 1 is paused: service visit (Mia');
  const resumed = await semtag(dir, 'resume', '--instrument', 'SEM 1', '--by', 'Mia');
  expect(resumed.out).toBe('forwarding and publishing of SEM 1 go on, from the next start on\n');
});

test(
  'beside the service: images of the paused instrument stay owed, the others arrive, the end sends all',
  { timeout: 90_000 },
  async () => {
    const h = makeHome({ one: { mode: 'observe' }, two: { mode: 'observe' } });
    const service = await h.start();
    writeFileSync(
      join(h.home, 'semtag.yaml'),
      configYaml({ dataDir: 'data', instruments: ['one', 'two'].map((name) => ({ name, root: name })) }),
    );
    const [opened, paused] = await Promise.all([
      semtag(h.home, 'open', '--print'),
      semtag(h.home, 'pause', '--instrument', 'one', '--reason', 'visit', '--by', 'Mia'),
    ]);
    expect(opened.out).toContain(`${service.url}\nThere is no manager yet`);
    expect(paused.out).toMatch(/^forwarding and publishing of one are paused; everything stays owed\n/);
    const save = (instrument: string, n: number) => {
      writeFileSync(join(h.home, instrument, `${n}.tif`), tinyTiff(n, 64));
      return sha256(tinyTiff(n, 64));
    };
    const held = [save('one', 1), save('one', 2)];
    const free = [save('two', 3), save('two', 4)];
    for (const sha of free) await h.reaches(sha, 'forwarded');
    for (const sha of held) await h.reaches(sha, 'tagged');
    expect(h.repository().filter((name) => name.startsWith('one/'))).toEqual([]);
    expect(await h.post('/api/pauses/end', { scope: 'instrument', name: 'one', by: 'Mia' })).toBe(200);
    for (const sha of held) await h.reaches(sha, 'forwarded');
    await until('nothing is owed', () => service.store.deliveries.backlog().length === 0);
  },
);
