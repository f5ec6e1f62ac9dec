// `semtag demo`: the whole way on a temporary directory: files are dropped in at a human pace, and a live table tells what becomes of each.

import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { IMAGE_NAME } from '../domain/sidecar.ts';
import { loadConfig } from '../config/load.ts';
import { SemtagError } from '../errors.ts';
import { startService, type Service } from '../service.ts';
import {
  ASK,
  AUTO,
  EARLIER,
  FAILING,
  manager,
  playScene,
  PRIVATE,
  whatToLookAt,
  type Shows,
} from './demo-scene.ts';
import { demoTable } from './demo-table.ts';
import { createLogger } from './log.ts';
import { jsonOption } from './options.ts';
import { fail } from './report.ts';
import { untilAsked } from './run.ts';

type Options = { exit?: boolean; from?: string; pace: string; keep?: string; json?: boolean };

const EXAMPLES = `
Examples:
  $ semtag demo                     made-up images of ten kinds in the files of four vendors
  $ semtag demo --exit              ends by itself with a summary
  $ semtag demo --from DIR          the images of any folder, copied; the folder is only read
  $ semtag demo --exit --json       one object at the end instead of the table

There is no --dry-run: it writes to a temporary directory alone, which is removed, or to the one that --keep names.`;

export function register(program: Command): void {
  program
    .command('demo')
    .description('show the whole way on made-up images')
    .option('--exit', 'end by itself when every image has arrived, or waits for a person')
    .option('--from <dir>', 'drop the files of this folder instead')
    .option('--pace <seconds>', 'time between two files', '0.7')
    .option('--keep <dir>', 'work there and leave acquired/ and repository/ behind')
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(demo);
}

async function demo(options: Options): Promise<void> {
  const json = options.json === true;
  const home = options.keep ? resolve(options.keep) : await mkdtemp(join(tmpdir(), 'semtag-demo-'));
  let service: Service | undefined;
  try {
    const configPath = join(home, 'semtag.yaml');
    await writeFile(configPath, stringify(options.from ? plainConfig(home) : demoConfig(home)));
    const config = loadConfig(configPath);
    for (const { root } of config.instruments) await mkdir(root, { recursive: true });
    for (const dir of ['repository', 'incoming', 'earlier'])
      await mkdir(join(home, dir), { recursive: true });
    const made = options.from
      ? []
      : await Promise.all([fixtures(join(home, 'incoming'), 24), fixtures(join(home, 'earlier'), EARLIER, 256)]); // prettier-ignore
    const source = options.from ? resolve(options.from) : join(home, 'incoming');
    const names = await imagesIn(source);
    if (names.length === 0) throw new SemtagError('bad_request', `${source}: holds no files`);
    const started = performance.now();
    service = await startService(config, createLogger(process.env['SEMTAG_DEMO_LOG'] ?? 'silent'), configPath); // prettier-ignore
    const images = names.filter((name) => IMAGE_NAME.test(name)).length;
    const sidecars = names.length - images;
    const alone = options.from ? 0 : made[1].length + FAILING;
    const dropping = { files: names.length + alone, images: images + alone, sidecars };
    const mia = await manager(service);
    const table = demoTable(service.store, service.url, dropping, { json, synthetic: !options.from });
    if (!options.exit) table.say(mia);
    const stopped = untilAsked().then(() => 'stopped' as const);
    const paceMs = Number(options.pace) * 1000;
    const acted = options.from
      ? drop(source, names, join(home, 'acquired'), paceMs)
      : playScene(service, home, names, made.flat(), paceMs, drop);
    const ended = acted.then(() => untilIdle(service!)).then(() => 'done' as const);
    if ((await Promise.race([stopped, ended])) === 'done' && !options.exit) {
      table.say(`All files are dropped. Answer what waits at ${service.url}, Ctrl-C ends the demo.`);
      if (!options.from) table.say(whatToLookAt(service.url, mia));
      await stopped;
    }
    table.end((performance.now() - started) / 1000);
    if (options.keep && !json)
      table.say(`Acquired files: ${join(home, 'acquired')}\nRepository: ${join(home, 'repository')}`);
  } catch (error) {
    fail(error, json);
  } finally {
    await service?.stop();
    if (!options.keep) await rm(home, { recursive: true, force: true });
  }
  process.exit();
}

/** The embedded defaults: the full routing, a short quiet time, a free port. */
function plainConfig(home: string, more: object = {}): object {
  return {
    dataDir: join(home, 'data'),
    instruments: [{ name: 'demo', root: join(home, 'acquired'), mode: 'auto', ...QUICK }],
    targets: [{ name: 'repository', type: 'folder', path: join(home, 'repository') }],
    settle: { giveUp: 5 },
    spool: { reserve: 0.2 },
    ask: { hold: 3 },
    teach: { hold: 3 },
    serve: { port: 0 },
    ...more,
  };
}

const QUICK = { quiet: 1, scan: 2, atFirstStart: 'take' };

/** Two instruments, projects by folder, one of them private, and every automatic label to be checked. */
function demoConfig(home: string): object {
  const facts = { path: '{project}/{sample}/*', ...QUICK };
  return plainConfig(home, {
    instruments: [
      { name: AUTO, root: join(home, 'acquired', AUTO), mode: 'auto', ...facts },
      { name: ASK, root: join(home, 'acquired', ASK), mode: 'ask', ...facts },
    ],
    projects: { private: [PRIVATE] },
    teach: { hold: 3, check: 1 },
  });
}

/** The generator is part of the sources and needs their loader; an installed package shows other people's files instead. Gives what each shows. */
async function fixtures(dir: string, n: number, size?: number): Promise<Shows[]> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const more = size === undefined ? [] : ['--size', String(size), '--seed', '2'];
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(root, 'fixtures', 'generate.ts'), dir, '--n', String(n), ...more],
    { cwd: root, stdio: 'ignore' },
  );
  const code = await new Promise<number | null>((done) =>
    child.on('exit', done).on('error', () => done(null)),
  );
  if (code !== 0)
    throw new SemtagError(
      'bad_request',
      'the generator of made-up images is not installed here; name a folder with --from DIR',
    );
  return JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8')) as Shows[];
}

async function imagesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true }).catch(
    ({ code }: NodeJS.ErrnoException) => {
      const how = code === 'ENOENT' ? 'there is no such folder' : `cannot be read as a folder (${code})`;
      throw new SemtagError('bad_request', `--from ${dir}: ${how}`);
    },
  );
  return entries
    .filter((e) => e.isFile() && /\.(tiff?|png|jpe?g|bmp|txt|hdr)$/i.test(e.name) && e.name !== 'LICENSE.txt')
    .map((e) => relative(dir, join(e.parentPath, e.name)))
    .sort();
}

/** As microscope software does it: written under another name, renamed into place. A sidecar comes together with its image. `below`: the folder of each. */
async function drop(
  source: string,
  names: string[],
  acquired: string,
  paceMs: number,
  below: (name: string) => string = () => '',
): Promise<void> {
  for (const name of names) {
    const dest = join(acquired, below(name), name);
    await mkdir(join(dest, '..'), { recursive: true });
    const temp = join(dest, '..', `.${basename(name)}.tmp`);
    await copyFile(join(source, name), temp);
    await rename(temp, dest);
    if (IMAGE_NAME.test(name)) await sleep(paceMs);
  }
}

async function untilIdle(service: Service): Promise<void> {
  await sleep(2500); // a scan that sees the last file
  while (!isIdle(service)) await sleep(200);
}

/** What is paused stays tagged: nobody waits for it. */
function isIdle({ store }: Service): boolean {
  const { settled, read, labelled } = store.images.counts();
  const moving = settled + read + labelled + store.files.counts().seen;
  return moving === 0 && store.deliveries.sendableSince('repository') === undefined;
}
