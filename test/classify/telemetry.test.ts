// No engine leaves anything in the home of whoever runs it: no device id, no database of events.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { project } from '../cli/semtag.ts';
import { tinyTiff } from '../service/lab.ts';

const HERE = `
  const [, , src] = process.argv;
  const { createEngine } = await import(src + 'classify/engine.ts');
  const { findBackbone } = await import(src + 'classify/backbones.ts');
  const backbone = findBackbone();
  const engine = await createEngine('onnx', backbone);
  await engine.features([new Float32Array(backbone.side ** 2).fill(0.5)]);
  await engine.close();
`;

const IN_A_CHILD = `
  const [, , src, image] = process.argv;
  const { createPool } = await import(src + 'worker/pool.ts');
  const pool = createPool({ size: 1, jobTime: 60, childMemory: 4000, jobsPerChild: 10 });
  await pool.run({ path: image, name: 'a.tif', backbone: 'efficientnet-lite0', limits: { pixels: 1e6 } });
  pool.close();
`;

test.each([
  ['in this process', HERE],
  ['in a child of the pool', IN_A_CHILD],
])('an engine that runs %s writes nothing into the home directory', async (_, script) => {
  const dir = mkdtempSync(join(tmpdir(), 'semtag-home-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const [home, file, image] = [join(dir, 'home'), join(dir, 'run.mts'), join(dir, 'a.tif')];
  mkdirSync(home);
  writeFileSync(file, script);
  writeFileSync(image, tinyTiff(1, 64));
  const tsx = join(project, 'node_modules/tsx/dist/esm/index.mjs');
  const env = { PATH: process.env['PATH'], HOME: home, USERPROFILE: home };
  await promisify(execFile)(process.execPath, ['--import', tsx, file, join(project, 'src/'), image], { env });
  expect(readdirSync(home, { recursive: true })).toEqual([]);
});
