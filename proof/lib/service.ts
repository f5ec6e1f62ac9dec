// Starts the real service as a process of its own on directories of a proof, and talks to it as its users do.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MAIN = join(ROOT, 'dist', 'main.js');

export type Lab = {
  home: string;
  acquired: string;
  repository: string;
  dataDir: string;
  config: string;
  remove(): void;
};

/** Directories and a config. `keep`: there, and they stay. `more` is merged over the config. */
export function makeLab(options: { keep?: string; instrument?: object; more?: object } = {}): Lab {
  const home = options.keep ?? mkdtempSync(join(tmpdir(), 'semtag-proof-'));
  const lab = {
    home,
    acquired: join(home, 'acquired'),
    repository: join(home, 'repository'),
    dataDir: join(home, 'data'),
    config: join(home, 'semtag.yaml'),
  };
  for (const dir of [lab.acquired, lab.repository, lab.dataDir]) mkdirSync(dir, { recursive: true });
  writeFileSync(
    lab.config,
    stringify({
      dataDir: lab.dataDir,
      instruments: [
        // what is proved here is the head and the house; what answers teach has proofs of its own
        {
          name: 'sem',
          root: lab.acquired,
          mode: 'auto',
          quiet: 1,
          scan: 2,
          teach: false,
          ...options.instrument,
        },
      ],
      targets: [{ name: 'repository', type: 'folder', path: lab.repository }],
      settle: { giveUp: 8 },
      spool: { reserve: 0.1 },
      ask: { hold: 0 },
      teach: { hold: 0 },
      serve: { port: 0 },
      ...options.more,
    }),
  );
  return { ...lab, remove: () => !options.keep && rmSync(home, { recursive: true, force: true }) };
}

export type Running = {
  url: string;
  /** what lets a proof in, for requests of its own */
  headers: Record<string, string>;
  child: ChildProcess;
  exited: Promise<number | string>;
  get<T = Record<string, unknown>>(path: string): Promise<T>;
  post<T = Record<string, unknown>>(path: string, body: unknown): Promise<{ status: number; body: T }>;
  /** SIGTERM, and its exit code */
  stop(): Promise<number | string>;
};

/** Resolves when it listens, rejects when it ends before. */
export async function startSemtag(
  lab: Pick<Lab, 'config' | 'dataDir'>,
  env: Record<string, string> = {},
  logTo?: string,
): Promise<Running> {
  const address = join(lab.dataDir, 'service.json');
  rmSync(address, { force: true });
  const child = spawn(process.execPath, [MAIN, 'run', '--config', lab.config], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-20_000);
    if (logTo) writeFileSync(logTo, chunk, { flag: 'a' });
  });
  const exited = new Promise<number | string>((done) =>
    child.on('exit', (code, signal) => done(signal ?? code ?? -1)),
  );
  let ended = false;
  void exited.then(() => (ended = true));
  const deadline = Date.now() + 30_000;
  while (!existsSync(address) || readFileSync(address).length === 0) {
    if (ended || Date.now() > deadline) throw new Error(`the service did not start:\n${log.slice(-2000)}`);
    await sleep(20);
  }
  const { url, secret } = JSON.parse(readFileSync(address, 'utf8')) as { url: string; secret: string };
  const headers = { authorization: `Bearer ${secret}` }; // as the command line: a manager who sees all
  return {
    url,
    headers,
    child,
    exited,
    async get<T>(path: string): Promise<T> {
      const response = await fetch(url + path, { headers });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    async post<T>(path: string, body: unknown) {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as T };
    },
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}
