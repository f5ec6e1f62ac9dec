// A stop ends the process in time, also when a share hangs under a scan that is running.

import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { home, project } from '../cli/semtag.ts';
import { until } from './lab.ts';

/** On SIGUSR2 every thread that does file work hangs in a pipe that nobody opens, as in a share whose server is gone. */
const HANG = `
  import { open } from 'node:fs/promises';
  process.on('SIGUSR2', () => { for (let i = 0; i < 4; i++) void open(process.env.PIPE); });
`;

test.runIf(process.platform === 'linux')(
  'a scan that hangs does not keep the service from stopping',
  async () => {
    const dir = home({ serve: { port: 0 } }, { scan: 1 });
    const [pipe, hang] = [join(dir, 'pipe'), join(dir, 'hang.mjs')];
    execFileSync('mkfifo', [pipe]);
    writeFileSync(hang, HANG);
    const tsx = join(project, 'node_modules/tsx/dist/esm/index.mjs');
    const args = ['--import', hang, '--import', tsx, join(project, 'src/main.ts'), 'run'];
    const env = { ...process.env, PIPE: pipe, UV_THREADPOOL_SIZE: '4', SEMTAG_CONFIG: '' };
    const service = spawn(process.execPath, args, { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => void service.kill('SIGKILL'));
    let out = '';
    for (const stream of [service.stdout, service.stderr]) stream.on('data', (text: Buffer) => (out += text.toString())); // prettier-ignore
    await until('it runs', () => out.includes('semtag is running'), 30);
    service.kill('SIGUSR2');
    await sleep(2500); // the next scan began
    const ended = new Promise((resolve) => service.on('exit', resolve));
    const asked = performance.now();
    service.kill('SIGTERM');
    await Promise.race([ended, sleep(20_000)]);
    expect(out).toContain('stopped');
    expect(service.exitCode ?? service.signalCode).toBe('SIGKILL');
    expect(performance.now() - asked).toBeLessThan(15_000); // systemd's TimeoutStopSec
  },
);
