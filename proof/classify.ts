// Claim: what surrounds the network costs next to nothing: `semtag classify` against a bare loop of the same calls, and the memory of all its processes.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_BACKBONE, findBackbone, loadBackbone } from '../src/classify/backbones.ts';
import { headText } from '../src/classify/head.ts';
import { SHIPPED_HEAD } from '../src/classify/model.ts';
import { imageFiles } from '../src/cli/image-files.ts';
import type { Line } from '../src/cli/classified.ts';
import { CATEGORIES } from '../src/domain/categories.ts';
import { watchMemory, type Memory } from './lib/memory.ts';
import { ROOT } from './lib/service.ts';
import { median, printTable } from './lib/table.ts';
import type { Proof } from './run.ts';

const MOST_OVERHEAD_MS = 3;
const MOST_PSS_MB = 600;
const ROUNDS = 5;
const WARM_UP = 24;
const INCEPTION = 'inception-v3';
/** ten times slower: fewer images tell as much */
const INCEPTION_IMAGES = 60;
const SHORT = { rounds: 1, images: 40, inception: 6 };

/** Milliseconds an image, warm; `startUp` until the first image is done. `scores`: SHA-256 over files and scores. */
type Bare = { ms: number; hash: number; startUp: number; scores: string };
type Verb = { ms: number; startUp: number; scores: string; lines: number };
type Round = { bare: Bare; verb: Verb };

export const proof: Proof = {
  claim: `semtag classify, one child and one engine thread, takes at most ${MOST_OVERHEAD_MS} ms an image more than a bare loop, in less than ${MOST_PSS_MB} MB`,
  defaultDir: '../shared/sem-images',
  async prove({ dir, n, short }) {
    const rounds = short ? SHORT.rounds : ROUNDS;
    const images = spread(imageFiles([dir]).map(({ file }) => file), n ?? (short ? SHORT.images : Infinity)); // prettier-ignore
    if (images.length === 0) return { ok: false, figures: `no images in ${dir}` };
    const home = mkdtempSync(join(tmpdir(), 'semtag-proof-'));
    try {
      const parts = [await compare(DEFAULT_BACKBONE, SHIPPED_HEAD, images, rounds)];
      const fewer = spread(images, short ? SHORT.inception : INCEPTION_IMAGES);
      if (existsSync(join(ROOT, 'node_modules', 'nsfwjs')))
        parts.push(await compare(INCEPTION, await headOfZeros(INCEPTION, home), fewer, rounds));
      else console.log(`${INCEPTION}: left out, the development dependency nsfwjs is not installed`);
      return {
        ok: parts.every((p) => p.same && (short || p.overhead <= MOST_OVERHEAD_MS) && (short || !(p.memory.pss >= MOST_PSS_MB))), // prettier-ignore
        figures: parts.map((p) => p.figures).join('; '),
      };
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};

async function compare(backbone: string, head: string, images: string[], rounds: number) {
  await loadBackbone(findBackbone(backbone)); // converted now where it has to be, not while the clock runs
  const warmUp = Math.min(WARM_UP, images.length);
  const paths = [...spread(images, warmUp), ...images];
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    // who goes first changes: what drifts in the machine must not favour one
    const run = { bare: () => bareLoop(head, warmUp, paths), verb: () => verb(head, warmUp, paths) };
    const bareFirst = round % 2 === 0 ? await run.bare() : undefined;
    const verbRun = await run.verb();
    measured.push({ bare: bareFirst ?? (await run.bare()), verb: verbRun });
  }
  printTable(
    [`${backbone}, ms an image`, 'bare loop', 'of it SHA-256', 'classify', 'overhead', 'start-up bare', 'start-up classify'], // prettier-ignore
    measured.map((r, i) => [`round ${i + 1}`, r.bare.ms, r.bare.hash, r.verb.ms, overheadOf(r), r.bare.startUp, r.verb.startUp]), // prettier-ignore
  );
  const overhead = median(measured.map(overheadOf));
  const { memory } = await verb(head, warmUp, paths, true);
  const same = measured.every((r) => r.bare.scores === r.verb.scores && r.verb.lines === paths.length);
  const of = (figure: (r: Round) => number) => median(measured.map(figure)).toFixed(1);
  return {
    overhead,
    memory: memory!,
    same,
    figures:
      `${backbone}: ${images.length} images, ${of((r) => r.verb.ms)} ms an image against ${of((r) => r.bare.ms - r.bare.hash)} bare ` +
      `(SHA-256, which the verb does not need, left out), overhead ${overhead.toFixed(2)} ms, start-up ${of((r) => r.verb.startUp)} ms, ` +
      `scores ${same ? 'equal' : 'DIFFERENT'}, PSS ${memory!.pss.toFixed(0)} MB (at most ${memory!.bound.toFixed(0)})`,
  };
}

/** The verb needs no SHA-256: it is not allowed to win by that. */
function overheadOf({ bare, verb }: Round): number {
  return verb.ms - (bare.ms - bare.hash);
}

async function bareLoop(head: string, warmUp: number, paths: string[]): Promise<Bare> {
  const script = join(ROOT, 'proof', 'lib', 'bare-loop.mjs');
  const { lines, at } = await run([script, head, String(warmUp), ...paths]);
  const took = JSON.parse(lines[1] ?? '') as { hash: number; all: number; images: number; scores: string };
  const ms = took.all / took.images;
  return { ms, hash: took.hash / took.images, startUp: at[0]! - ms, scores: took.scores };
}

/** From the arrival of the last line of the warm-up to that of the last line of all. */
async function verb(
  head: string,
  warmUp: number,
  paths: string[],
  withMemory = false,
): Promise<Verb & { memory?: Memory }> {
  const options = ['--jsonl', '--children', '1', '--threads', '1', '--head', head];
  const main = join(ROOT, 'dist', 'main.js');
  const { lines, at, memory } = await run([main, 'classify', ...options, ...paths], withMemory);
  const ms = (at.at(-1)! - at[warmUp - 1]!) / (lines.length - warmUp);
  const scores = createHash('sha256');
  for (const text of lines.slice(warmUp)) {
    const line = JSON.parse(text) as Line;
    scores.update(line.scores ? `${line.file} ${JSON.stringify(line.scores)}\n` : `${line.file}\n`);
  }
  const made = { ms, startUp: at[0]! - ms, scores: scores.digest('hex'), lines: lines.length };
  return memory ? { ...made, memory } : made;
}

/** Lines of stdout, and the milliseconds after the start when each was there. */
async function run(
  args: string[],
  withMemory = false,
): Promise<{ lines: string[]; at: number[]; memory?: Memory }> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: ROOT });
  const watch = withMemory ? watchMemory(child.pid!) : undefined;
  const chunks: Buffer[] = [];
  const at: number[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    const now = performance.now() - start;
    chunks.push(chunk);
    for (const byte of chunk) if (byte === 10) at.push(now);
  });
  await new Promise((done, failed) => child.on('close', done).on('error', failed));
  const memory = watch?.stop();
  const lines = Buffer.concat(chunks).toString().trimEnd().split('\n');
  return { lines, at, ...(memory ? { memory } : {}) };
}

/** `n` of the list, evenly spread over it, in its order. */
function spread(list: string[], n: number): string[] {
  if (n >= list.length) return list;
  return Array.from({ length: n }, (_, i) => list[Math.floor((i * list.length) / n)]!);
}

/** A head that says nothing: only time and memory are asked for. */
async function headOfZeros(name: string, home: string): Promise<string> {
  const { sha256, preprocessing, length } = findBackbone(name);
  const zeros = (n: number) => new Float32Array(n);
  const path = join(home, 'zeros.json');
  const backbone = { name, sha256 };
  const weights = zeros(length * CATEGORIES.length);
  const rest = { mean: zeros(length), scale: zeros(length), weights, bias: zeros(CATEGORIES.length) };
  writeFileSync(
    path,
    headText({ name: 'zeros', backbone, preprocessing, length, roots: false, temperature: 1, ...rest }),
  );
  return path;
}
