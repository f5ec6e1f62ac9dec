// The fuzzer of the proof `access`: schemathesis from the Python index, kept in the cache directory. Never part of semtag.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VERSION = '4.32.5';

const LEFT_OUT = {
  positive_data_acceptance: 'names, reasons and moments have rules that are said in words, not by a schema',
  ignored_auth: 'this machine is let in without a token; the table of roles above asks each caller',
};
export const leftOut = Object.entries(LEFT_OUT).map(([check, why]) => `${check} (${why})`).join('; '); // prettier-ignore

/** Path of the program: $SCHEMATHESIS, else from the cache, where it is put the first time. Undefined where it cannot be had. */
export function findFuzzer(): string | undefined {
  const given = process.env['SCHEMATHESIS'];
  if (given) return given;
  const { SEMTAG_CACHE, XDG_CACHE_HOME } = process.env;
  const cache = SEMTAG_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'semtag');
  const home = join(cache, `schemathesis-${VERSION}`);
  const program = join(home, 'bin', 'schemathesis');
  const works = () => existsSync(program) && spawnSync(program, ['--version']).status === 0;
  if (works()) return program;
  const made = spawnSync('python3', ['-m', 'venv', home]).status === 0;
  const put = made && spawnSync(join(home, 'bin', 'pip'), ['install', '-q', `schemathesis==${VERSION}`]).status === 0; // prettier-ignore
  if (put && works()) return program;
  rmSync(home, { recursive: true, force: true });
  return undefined;
}

export type Fuzzed = { ok: boolean; cases: number; text: string };

/** `seconds`: it ends by then. */
export async function fuzz(program: string, url: string, token: string, size: { examples: number; seconds: number }): Promise<Fuzzed> {
  const args = [
    'run', `${url}/api/openapi.json`, '-H', `Authorization: Bearer ${token}`,
    '--exclude-path', '/api/events', // it never ends
    '--checks', 'all', '--exclude-checks', Object.keys(LEFT_OUT).join(','),
    '--phases', 'examples,coverage,fuzzing', '-n', String(size.examples), '--max-time', String(size.seconds),
    '--continue-on-failure', '--no-color', '--generation-database', 'none', '--seed', '1', '--warnings', 'off',
  ];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.on('exit', done));
  return { ok: code === 0, cases: Number(/(\d+) generated/.exec(text)?.[1] ?? 0), text };
} // prettier-ignore
