// Readiness of the real service: what it cannot do now is a reason, and gone when it passes.

import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeHome, type Home } from './home.ts';
import { tinyTiff, until } from './lab.ts';

type Ready = { ready: boolean; reasons: { code: string; sentence: string }[] };
type Status = { files: { seen: number }; looking: { path: string; reason: string }[] };

async function ready(url: string): Promise<{ status: number } & Ready> {
  const response = await fetch(`${url}/health/ready`);
  return { status: response.status, ...((await response.json()) as Ready) };
}

const reason = (url: string, code: string) =>
  until(
    `a reason ${code}`,
    async () => {
      const said = await ready(url);
      const found = said.reasons.find((one) => one.code === code);
      return found && said.status === 503 ? found : undefined;
    },
    30,
  );
const save = (h: Home, name: string, bytes: Buffer) => writeFileSync(join(h.home, 'sem', name), bytes);

test(
  'not ready with an image owed to a target that is away, ready when it is back',
  { timeout: 90_000 },
  async () => {
    const h = makeHome({ sem: { mode: 'observe' } });
    const { url } = await h.start();
    expect(await ready(url)).toMatchObject({ status: 200, ready: true });
    renameSync(join(h.home, 'repository'), join(h.home, 'away'));
    save(h, 'a.tif', tinyTiff(1, 64));
    expect((await reason(url, 'target_waits')).sentence).toContain('1 owed to target repository');
    renameSync(join(h.home, 'away'), join(h.home, 'repository'));
    await until('ready', async () => (await ready(url)).ready, 60);
  },
);

test('an alignment head that is not there stops nothing', { timeout: 60_000 }, async () => {
  const h = makeHome({ sem: { mode: 'observe' } }, { model: { alignmentHead: 'gone.json' } });
  const { url } = await h.start();
  expect(await ready(url)).toMatchObject({ status: 200, ready: true });
});

test('status names a file that stands still and is not whole', { timeout: 60_000 }, async () => {
  const h = makeHome({ sem: { mode: 'observe' } });
  await h.start();
  save(h, 'half.tif', tinyTiff(2, 64).subarray(0, 2000));
  const { looking, files } = await until('it is looked at', async () => {
    const status = await h.get<Status>('/api/status');
    return status.looking.length ? status : undefined;
  }, 30);
  expect(files.seen).toBe(1);
  expect(looking[0]).toMatchObject({ path: 'half.tif' });
  expect(looking[0]!.reason.length).toBeGreaterThan(5);
}); // prettier-ignore
