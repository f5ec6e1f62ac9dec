// An image that kills its child again and again goes aside after three attempts, the others go on, and a retry on request begins anew.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { makeFixtures } from '../../fixtures/generate.ts';
import { writeTiff } from '../../fixtures/tiff-writer.ts';
import { makeHome } from './home.ts';
import { sha256 } from './lab.ts';

const MB = 1e6;
const resident = (pid: number) => {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096;
  } catch {
    return 0;
  }
};

test.runIf(process.platform === 'linux')('three attempts that end the child put the image aside; the others and a retry go on', { timeout: 400_000 }, async () => {
  const made = mkdtempSync(join(tmpdir(), 'semtag-made-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  const fixtures = (await makeFixtures(made, { seed: 23, n: 9, size: 256 })).filter((f) => !f.frame && !f.sidecar);
  const h = makeHome({ sem: { mode: 'ask' } });
  const service = await h.start();
  h.drop(join(made, fixtures[0]!.file), 'sem');
  await h.reaches(fixtures[0]!.sha256, 'asked');
  const base = Math.max(...service.pids().map(resident));

  // large enough that its child can be caught while it decodes: as the kernel does when memory is short
  const side = 9000;
  const samples = Uint8Array.from({ length: side * side }, (_, i) => ((i >> 3) ^ (i >> 12)) & 255);
  const killer = writeTiff([{ width: side, height: side, samples, compression: 'deflate', rowsPerStrip: 300 }]);
  writeFileSync(join(made, 'killer.tif'), killer);
  const hash = sha256(killer);
  let hunting = true;
  let kills = 0;
  const hunter = (async () => {
    while (hunting) {
      for (const pid of service.store.images.get(hash)?.state === 'settled' ? service.pids() : [])
        if (resident(pid) > base + 60 * MB) {
          process.kill(pid, 'SIGKILL');
          kills++;
        }
      await sleep(5);
    }
  })();
  h.drop(join(made, 'killer.tif'), 'sem');
  await h.reaches(hash, 'settled');
  h.drop(join(made, fixtures[1]!.file), 'sem', 'after.tif');
  await h.reaches(fixtures[1]!.sha256, 'asked', 200); // it did not have to wait for the end of the other
  const { image } = await h.reaches(hash, 'quarantined', 200);
  hunting = false;
  await hunter;
  expect(kills).toBeGreaterThanOrEqual(3);
  expect(image.error).toMatchObject({ code: 'too_many_attempts', message: expect.stringContaining('killer.tif') as string });
  const aside = await h.get<{ images: { sha256: string }[] }>('/api/quarantine');
  expect(aside.images.map((one) => one.sha256)).toEqual([hash]);

  expect(await h.post(`/api/images/${hash}/retry`, { by: 'Anna' })).toBeLessThan(300);
  await h.reaches(hash, 'asked', 200);
  expect(service.store.history.of('image', hash).map((line) => line.who)).toContain('Anna');
}); // prettier-ignore
