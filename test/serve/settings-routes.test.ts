// /api/settings and /api/reports: values with their line, no secret; reports by name only, as a page that can run nothing.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { settingsOf } from '../../src/config/settings.ts';
import { loadModel } from '../../src/classify/model.ts';
import { parseSettingsFile } from '../../src/serve/settings-file.ts';
import { makeWorld } from './world.ts';

test('every setting says its value, its line or that it is the default; a changed file is said so', async () => {
  const world = await makeWorld({ n: 0, webDir: '/nonexistent' });
  onTestFinished(() => world.close());
  const path = join(world.dir, 'semtag.yaml');
  writeFileSync(path, 'dataDir: data\nserve:\n  port: 8400\n');
  world.deps.settings = settingsOf(path, loadConfig(path));
  const app = await world.app('files');
  type View = { changed: boolean; values: { key: string; why: string }[] };
  const { changed, values } = (await app.inject('/api/settings')).json<View>();
  expect(changed).toBe(false);
  expect(values).toContainEqual(
    expect.objectContaining({ key: 'serve.port', value: 8400, origin: 'line 3' }),
  );
  expect(values).toContainEqual(expect.objectContaining({ key: 'settle.giveUp', value: 600, unit: 's', origin: 'default' })); // prettier-ignore
  expect(values.filter(({ why }) => why === '')).toEqual([]);
  world.store.thresholds.save({ auto: 0.6, prompt: 0.3 }, 'few are wrong', 'Mia', new Date().toISOString());
  const { values: later } = (await app.inject('/api/settings')).json<View>();
  expect(later).toContainEqual(expect.objectContaining({ key: 'thresholds.auto', value: 0.6, origin: 'database, version 2' })); // prettier-ignore
  writeFileSync(path, 'dataDir: data\n');
  expect((await app.inject('/api/settings')).json<View>().changed).toBe(true);
});

test('the export is a file to download, with the head in use; without a config file there is none', async () => {
  const world = await makeWorld({ n: 0, webDir: '/nonexistent' });
  onTestFinished(() => world.close());
  const app = await world.app('files');
  expect((await app.inject('/api/export')).statusCode).toBe(404);
  const path = join(world.dir, 'semtag.yaml');
  writeFileSync(path, 'dataDir: data\n');
  world.deps.settings = settingsOf(path, loadConfig(path));
  const { reference, headPath } = await loadModel({});
  world.deps.model = { ...reference, headPath };
  const { headers, body } = await (await world.app('files')).inject('/api/export');
  expect(headers['content-disposition']).toBe('attachment; filename="semtag-settings.json"');
  expect(parseSettingsFile(body, 'it')).toMatchObject({ config: { values: { dataDir: 'data' } }, head: { sha256: reference.head } }); // prettier-ignore
  expect((await (await world.app()).inject('/api/export')).statusCode).toBe(403);
});

test('reports: listed, sandboxed, and nothing outside the folder', async () => {
  const world = await makeWorld({ n: 0, webDir: '/nonexistent' });
  onTestFinished(() => world.close());
  const dir = join(world.dir, 'data/reports');
  const app = await world.app('files');
  expect((await app.inject('/api/reports')).json()).toEqual({ dir, reports: [] });
  mkdirSync(dir);
  writeFileSync(join(dir, 'ours.html'), '<!doctype html><p>µ</p><script>1</script>');
  writeFileSync(join(dir, '.hidden.html'), 'x');
  writeFileSync(join(world.dir, 'data/outside.html'), 'x');
  symlinkSync('../outside.html', join(dir, 'link.html'));
  expect((await app.inject('/api/reports')).json()).toMatchObject({ reports: [{ name: 'ours.html' }] });
  const { headers, body } = await app.inject('/api/reports/ours.html');
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers['content-security-policy']).toMatch(/^default-src 'none';.*sandbox$/);
  expect(body).toContain('<p>µ</p>');
  for (const name of ['..%2Foutside.html', 'link.html', '.hidden.html', 'none.html', '%2e%2e%2foutside.html'])
    expect((await app.inject(`/api/reports/${name}`)).statusCode, name).toBe(404);
});
