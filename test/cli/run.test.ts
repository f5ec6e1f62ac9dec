// `semtag run`: one line of JSON when it is up, and a port that is taken said in words.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { home, program, semtag, writeConfig } from './semtag.ts';

it(
  '--json says url and pid once it is up, and logs JSON lines; ::1 stands in brackets',
  { timeout: 60_000 },
  async () => {
    const dir = home({ serve: { host: '::1', port: 0 } });
    const child = spawn(process.execPath, [...program, 'run', '--json'], {
      cwd: dir,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let log = '';
    child.stderr.on('data', (text: Buffer) => (log += text.toString()));
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url, pid } = JSON.parse(line) as { url: string; pid: number };
    expect(pid).toBe(child.pid);
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    child.kill('SIGTERM');
    await once(child, 'exit');
    for (const one of log.trim().split('\n')) expect(JSON.parse(one)).toHaveProperty('msg');
  },
);

it('a port that is taken: in words, exit 2', { timeout: 60_000 }, async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const ended = await semtag(home({ serve: { port } }), 'run', '--json');
  expect(ended.code).toBe(2);
  const error = JSON.parse(ended.err.trim().split('\n').at(-1)!) as object;
  expect(error).toMatchObject({
    code: 'port_taken',
    message: `serve.port: 127.0.0.1:${port} is taken by another program`,
  });
});

const target = (path: string) => ({ targets: [{ name: 'r', type: 'folder', path }] });
const data = { spool: { reserve: 0.01 } };

it.each<[string, (dir: string) => void, RegExp]>([
  ['a target in it', (dir) => (mkdirSync(join(dir, 'acquired/out')), writeConfig(dir, target('acquired/out'))), /target r: .*acquired again/],
  ['the target itself', (dir) => writeConfig(dir, target('acquired')), /target r: .*acquired again/],
  ['a target by a link', (dir) => (mkdirSync(join(dir, 'acquired/out')), symlinkSync(join(dir, 'acquired/out'), join(dir, 'link')), writeConfig(dir, target('link'))), /target r: .*acquired again/],
  ['the data directory, by a link and not made yet', (dir) => (symlinkSync(join(dir, 'acquired'), join(dir, 'link')), writeConfig(dir, { ...data, dataDir: 'link/data' })), /dataDir: .*acquired again/],
  ['a data directory above it', (dir) => writeConfig(dir, { ...data, dataDir: '.' }), /instrument SEM 1: .*lies in dataDir/],
])('does not start where what it writes would be acquired: %s', { timeout: 60_000 }, async (_, spoil, words) => {
  const dir = home();
  spoil(dir);
  const ended = await semtag(dir, 'run', '--json');
  expect(ended).toMatchObject({ code: 2, out: '' });
  const error = JSON.parse(ended.err.trim().split('\n').at(-1)!) as { code: string; message: string };
  expect(error.code).toBe('config_invalid');
  expect(error.message).toMatch(words);
  expect((await semtag(dir, 'check')).out).toContain(`FAIL  ${error.message}`);
}); // prettier-ignore
