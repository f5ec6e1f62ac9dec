// The verbs beside a real running service, on made-up instrument files: answers go through it, what it delivered is verified, and it stops when asked.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { makeFixtures } from '../../fixtures/generate.ts';
import { end, home, program, semtag, temporary } from './semtag.ts';

type Row = { sha256: string; name: string; state: string };

async function start(dir: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...program, 'run'], {
    cwd: dir,
    env: { ...process.env, SEMTAG_CONFIG: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (text: Buffer) => (log += text.toString()));
  onTestFinished(() => void child.kill('SIGKILL'));
  await until(() => existsSync(join(dir, 'data/service.json')), () => log); // prettier-ignore
  return child;
}

async function until(
  reached: () => boolean | Promise<boolean>,
  story: () => string,
  seconds = 60,
): Promise<void> {
  for (let i = 0; i < seconds * 5; i++) {
    if (await reached()) return;
    await sleep(200);
  }
  throw new Error(`not reached in ${seconds} s\n${story()}`);
}

async function rows(dir: string, state: string): Promise<Row[]> {
  const { out } = await semtag(dir, 'list', '--state', state, '--json', '--limit', '0');
  return out.trim() ? out.trim().split('\n').map((line) => JSON.parse(line) as Row) : []; // prettier-ignore
}

it('run, status, list, label, verify, check: one day in small', { timeout: 240_000 }, async () => {
  const made = temporary();
  const fixtures = (await makeFixtures(made, { seed: 7, n: 6, size: 256, byCategory: true })).slice(0, 4);
  const dir = home({ ask: { hold: 0 } }, { mode: 'ask', quiet: 0.5, scan: 1, atFirstStart: 'take' });
  const service = await start(dir);
  for (const { file, sidecar } of fixtures)
    for (const name of [sidecar, file])
      if (name) copyFileSync(join(made, name), join(dir, 'acquired', name.replaceAll('/', '-')));
  const story = () => readdirSync(dir, { recursive: true }).join('\n');
  await until(async () => (await rows(dir, 'asked')).length === fixtures.length, story);

  // what is running
  const status = JSON.parse((await semtag(dir, 'status', '--json')).out) as Record<string, unknown>;
  expect(status).toMatchObject({ running: true, pid: service.pid, images: { asked: fixtures.length } });
  expect((await semtag(dir, 'status')).out).toContain(String(status['url']));
  const checked = await semtag(dir, 'check');
  expect(checked.code).toBe(0);
  expect(checked.out).toContain(`in use by the service that answers at ${String(status['url'])}`);
  expect(checked.out).not.toContain('is taken by another program');
  expect(await semtag(dir, 'run')).toMatchObject({ code: 2 });

  // answers go through the service, which alone holds the lock
  const asked = await rows(dir, 'asked');
  for (const { sha256 } of asked) expect(await semtag(dir, 'label', sha256, 'Powder', '--by', 'Anna')).toMatchObject({ code: 0 });
  expect(await semtag(dir, 'retry', asked[0]!.sha256)).toMatchObject({ code: 1 });
  await until(async () => (await rows(dir, 'forwarded')).length === fixtures.length, story);

  // what was delivered is there, also deeply
  const deep = await semtag(dir, 'verify', '--deep', '--json');
  expect(deep.code).toBe(0);
  expect(JSON.parse(deep.out)).toMatchObject({ images: fixtures.length, integrity: 'ok', mismatches: [] });
  // another one than is corrected below: that one's next revision is not at the target yet
  const corrected = asked[0]!.sha256;
  const places = readdirSync(join(dir, 'repository'), { recursive: true, encoding: 'utf8' });
  const image = places.find((name) => name.endsWith('.tif') && !name.includes(corrected.slice(0, 8)));
  const tagged = join(dir, 'repository', image!);
  expect((await semtag(dir, 'show', tagged)).out).toContain('Powder by Anna');

  // the service ends as asked, and leaves no address behind
  service.kill('SIGTERM');
  const [code] = (await once(service, 'exit')) as [number];
  expect(code).toBe(0);
  expect(existsSync(join(dir, 'data/service.json'))).toBe(false);

  // a correction without a service is the next revision
  expect((await semtag(dir, 'label', corrected, 'Tips')).out).toContain('Powder -> Tips, now labelled');

  // a changed byte, a missing file
  appendFileSync(tagged, 'x');
  const changed = await semtag(dir, 'verify', tagged.replace(/.*-([0-9a-f]{8})\.tif$/, '$1'));
  const all = await semtag(dir, 'verify');
  expect(all.code).toBe(1);
  expect(all.out).toMatch(/SHA-256 is [0-9a-f]{64}, the receipt says/);
  expect(changed.code).toBe(1);
  rmSync(tagged);
  expect((await semtag(dir, 'verify')).out).toContain('nothing is there');
  expect(readFileSync(join(dir, 'semtag.yaml'), 'utf8')).toContain('mode: ask');
  expect(await end([...program, 'check'], dir)).toMatchObject({ code: 0 });
}); // prettier-ignore
