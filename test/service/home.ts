// A home for the real service: directories, a config, fixtures to drop in, and what its users see through the API. Stops and removes everything in the end.

import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import pino from 'pino';
import { onTestFinished } from 'vitest';
import { checkConfig } from '../../src/config/load.ts';
import type { ImageView } from '../../src/serve/image-view.ts';
import { startService, type Service } from '../../src/service.ts';
import { until } from './lab.ts';

export type Home = ReturnType<typeof makeHome>;

export type Detail = {
  image: ImageView;
  deliveries: { state: string; place: string; revision: number }[];
  files: { path: string; state: string }[];
};

/** `more` is laid over the config; instruments by name with what differs from a quick one. */
export function makeHome(instruments: Record<string, object>, more: object = {}) {
  const home = mkdtempSync(join(tmpdir(), 'semtag-home-'));
  for (const dir of ['data', 'repository', ...Object.keys(instruments)]) mkdirSync(join(home, dir));
  const config = checkConfig({
    dataDir: join(home, 'data'),
    instruments: Object.entries(instruments).map(([name, rest]) => ({ name, root: join(home, name), quiet: 0.3, scan: 1, atFirstStart: 'take', ...rest })), // prettier-ignore
    targets: [{ name: 'repository', type: 'folder', path: join(home, 'repository'), layout: '{instrument}/{category}/{stem}{ext}' }], // prettier-ignore
    ask: { hold: 0 },
    spool: { reserve: 0.01 },
    serve: { port: 0 },
    ...more,
  });
  let service: Service | undefined;
  onTestFinished(async () => {
    await service?.stop();
    rmSync(home, { recursive: true, force: true });
  });
  return {
    home,
    async start(): Promise<Service> {
      service = await startService(config, pino({ level: process.env['LOG'] ?? 'silent' }));
      return service;
    },
    async stop(): Promise<void> {
      await service?.stop();
      service = undefined;
    },
    /** Appears at once and whole, as from a program that renames. */
    drop(source: string, instrument: string, name = basename(source)): string {
      const path = join(home, instrument, name);
      copyFileSync(source, `${path}.tmp`);
      renameSync(`${path}.tmp`, path);
      return path;
    },
    async get<T>(path: string): Promise<T> {
      const response = await fetch(service!.url + path);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    async bytes(path: string): Promise<Buffer> {
      const response = await fetch(service!.url + path);
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return Buffer.from(await response.arrayBuffer());
    },
    /** As the command line does: a manager. */
    async post(path: string, body: object): Promise<number> {
      const { secret } = JSON.parse(readFileSync(join(home, 'data', 'service.json'), 'utf8')) as { secret: string };
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
      const response = await fetch(service!.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      return response.status;
    },
    /** The image once it is in this state. */
    reaches(sha256: string, state: string, seconds = 90): Promise<Detail> {
      return until(
        `${sha256.slice(0, 8)} is ${state}`,
        async () => {
          if (service?.store.images.get(sha256)?.state !== state) return undefined;
          return this.get<Detail>(`/api/images/${sha256}`);
        },
        seconds,
      );
    },
    repository: () =>
      readdirSync(join(home, 'repository'), { recursive: true, withFileTypes: true })
        .filter((e) => !e.isDirectory() && !e.name.startsWith('.'))
        .map((e) => join(e.parentPath, e.name).slice(join(home, 'repository').length + 1))
        .sort(),
  };
} // prettier-ignore
