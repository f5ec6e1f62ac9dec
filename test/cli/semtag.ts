// Runs `semtag` as people do: another process, its output and exit code. Directories are temporary and removed with the test.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { configYaml } from '../../src/config/yaml.ts';

export const project = fileURLToPath(new URL('../..', import.meta.url));

export type Ended = { code: number; out: string; err: string };

/** `cwd`: where ./semtag.yaml is looked for. */
export function semtag(cwd: string, ...args: string[]): Promise<Ended> {
  return end([...program, ...args], cwd);
}

/** Built where the build is newer than every source, as after `npm test` has built; else from source, so that no build can be stale. */
export const program = isBuilt()
  ? [join(project, 'dist/main.js')]
  : ['--import', join(project, 'node_modules/tsx/dist/esm/index.mjs'), join(project, 'src/main.ts')];

function isBuilt(): boolean {
  const built = statSync(join(project, 'dist/main.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return readdirSync(join(project, 'src'), { recursive: true, withFileTypes: true }).every(
    (entry) => !entry.isFile() || statSync(join(entry.parentPath, entry.name)).mtimeMs < built,
  );
}

export function end(args: string[], cwd: string): Promise<Ended> {
  const env = { ...process.env, SEMTAG_CONFIG: '', SUDO_USER: '', NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env, timeout: 60_000 }, (error, out, err) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, err });
    });
  });
}

export function temporary(): string {
  const dir = mkdtempSync(join(tmpdir(), 'semtag-cli-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** `acquired/`, `repository/` and a `semtag.yaml` over them; the data directory is `data/`, made when something runs. */
export function home(more: Record<string, unknown> = {}, instrument: Record<string, unknown> = {}): string {
  const dir = temporary();
  for (const name of ['acquired', 'repository']) mkdirSync(join(dir, name));
  writeConfig(dir, more, instrument);
  return dir;
}

export function writeConfig(
  dir: string,
  more: Record<string, unknown> = {},
  instrument: Record<string, unknown> = {},
): void {
  const values = {
    dataDir: 'data',
    instruments: [{ name: 'SEM 1', root: 'acquired', ...instrument }],
    targets: [{ name: 'repository', type: 'folder', path: 'repository' }],
    spool: { reserve: 0.01, quota: 0.1 },
    serve: { port: 0 },
    ...more,
  };
  writeFileSync(join(dir, 'semtag.yaml'), configYaml(values));
}
