// A blind check through the whole service: the label leaves without waiting for it, the answer follows as the next revision, and what a manager set aside stays so after a restart.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeFixtures } from '../../fixtures/generate.ts';
import type { Teaching } from '../../src/serve/routes/teaching.ts';
import type { Status } from '../../src/serve/status.ts';
import { makeHome } from './home.ts';
import { until } from './lab.ts';

it('is answered after the image was forwarded, and counts', { timeout: 240_000 }, async () => {
  const made = mkdtempSync(join(tmpdir(), 'semtag-made-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  const fixtures = await makeFixtures(made, { seed: 17, n: 9, size: 256 });
  const { file, sha256 } = fixtures.find((f) => !f.frame && !f.sidecar && f.file.endsWith('.tif'))!;
  const h = makeHome({ auto: { mode: 'auto' } }, { thresholds: { auto: 0, prompt: 0 } });
  await h.start();
  h.drop(join(made, file), 'auto');
  const { image } = await h.reaches(sha256, 'forwarded');
  expect((await h.get<Status>('/api/status')).teaching).toEqual({ use: true, checks: 1 });
  const { items } = await h.get<{ items: { sha256: string; promptVersion: number }[] }>('/api/checks');
  expect(items).toMatchObject([{ sha256 }]);

  const { category } = image.label!;
  const { promptVersion } = items[0]!;
  const answer = { answer: { kind: 'category', category }, by: 'Anna', promptVersion };
  const label = `/api/images/${sha256}/label`;
  expect([await h.post(label, answer), await h.post(label, { ...answer, by: 'Ben' })]).toEqual([200, 409]);
  await until('the next revision is there', async () => {
    const { deliveries } = await h.reaches(sha256, 'forwarded');
    return deliveries.some(({ revision, state }) => revision === 2 && state === 'received');
  }, 30); // prettier-ignore
  const teaching = await h.get<Teaching>('/api/teaching');
  expect(teaching).toMatchObject({ use: true, checks: { open: 0, share: 0.02, first: { checked: 1, wrong: 0 } } }); // prettier-ignore

  expect(await h.post('/api/teaching', { use: false, by: 'Mia', reason: 'a test' })).toBe(200);
  await h.stop();
  await h.start();
  expect((await h.get<Status>('/api/status')).teaching).toMatchObject({ use: false, by: 'Mia', reason: 'a test' }); // prettier-ignore
});
