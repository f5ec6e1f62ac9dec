// `semtag alignment PATH...`: how far the wires or fibres of images lie in one direction, without a service. Writes nothing but the report it is asked for.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { alignmentOf, loadAlignmentHead, type AlignmentHead } from '../classify/alignment-head.ts';
import { allBackbones, backboneKey } from '../classify/backbones.ts';
import { DEFAULT_LIMITS } from '../config/schema.ts';
import type { AlignmentMeasures } from '../domain/alignment.ts';
import { SemtagError } from '../errors.ts';
import { alignmentReport } from '../learn/report/alignment.ts';
import { createPool, type Pool } from '../worker/pool.ts';
import { registerTrain } from './alignment-train.ts';
import { noSuchFile, readable } from './classified.ts';
import { imageFiles, sidecarBytes, type ImageFile } from './image-files.ts';
import { jsonOption, wholeNumber } from './options.ts';
import { progressBar } from './progress.ts';
import { fail, print, printError, WRONG } from './report.ts';
import { table } from './table.ts';
import { writeResult } from './write-result.ts';

type Options = { html?: string; head?: string; children: number; json?: boolean };

/** One image, as `--json` prints it; what an image has not is null. */
type Line = { file: string; probability: number | null } & { [K in keyof AlignmentMeasures]: AlignmentMeasures[K] | null }; // prettier-ignore

const EXAMPLES = `
Examples:
  $ semtag alignment wires.tif
  $ semtag alignment --html report.html images/
  $ semtag alignment --json images/ | jq 'select(.probability > 0.5) | .file'
  $ semtag alignment train LIST.tsv --out aligned.json

"aligned" is the probability of the alignment head; "global" and "local" are coherencies of the structure tensor; "fraction" is the share of
the length of wires that lies along "direction" (degrees, anticlockwise from the rows). docs/alignment.md says which to trust when.
--json prints one object a line: {file, probability, globalCoherency, localCoherency, alignedFraction, orientation, histogram, measure}.`;

export function register(program: Command): void {
  const verb = program
    .command('alignment')
    .description('measure how far wires or fibres lie in one direction')
    .argument('<path...>', 'images, or folders of images')
    .option('--html <file>', 'a report with the images, best aligned first')
    .option('--head <file>', 'an alignment head made by `semtag alignment train`; else the shipped one')
    .option('--children <n>', 'processes that read images at the same time', wholeNumber(1), 1)
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: Options) => {
      try {
        await measure(imageFiles(paths), options);
      } catch (error) {
        fail(error, options.json === true);
      }
    });
  registerTrain(verb);
}

async function measure(files: ImageFile[], options: Options): Promise<void> {
  if (files.length === 0)
    throw new SemtagError('not_found', 'no images there', { advice: 'Check the path.' });
  const head = await loadAlignmentHead(options.head);
  const backbone = backboneOf(head);
  const pool = createPool({ size: options.children, ...DEFAULT_LIMITS });
  const pictures = options.html ? mkdtempSync(join(tmpdir(), 'semtag-alignment-')) : undefined;
  const bar = progressBar(files.length, 'measuring');
  let done = 0;
  const shown: Shown[] = [];
  try {
    // as many in hand as there are children; printed in the order of the paths
    const ahead: Promise<Shown>[] = [];
    const next = async () => {
      const one = await ahead.shift()!;
      bar?.at(++done);
      if (one.error) {
        const { code, message, advice } = one.error;
        printError({ code, message, hint: advice }, options.json === true);
        process.exitCode = WRONG;
      } else shown.push(one);
      if (options.json && !one.error) print(one.line, true, () => '');
    };
    for (const [i, file] of files.entries()) {
      ahead.push(measured(file, i, pool, { head, backbone }, pictures));
      if (ahead.length > 2 * options.children) await next();
    }
    while (ahead.length > 0) await next();
    bar?.stop();
    if (!options.json && shown.length > 0) process.stdout.write(`${rows(shown.map(({ line }) => line))}\n`);
    if (options.html) {
      await writeResult(resolve(options.html), alignmentReport(shown.map(picturesOf), head.name));
      if (!options.json) process.stdout.write(`\n${options.html}\n`);
    }
  } finally {
    pool.close();
    if (pictures) rmSync(pictures, { recursive: true, force: true });
  }
}

/** By its hash: a name may be taken twice, and the numbers of another network would say nothing. Errors: `model_missing`, and the reason. */
function backboneOf({ name, backbone }: AlignmentHead): string {
  const found = allBackbones().find(({ sha256 }) => sha256 === backbone.sha256);
  if (found) return backboneKey(found);
  throw new SemtagError('model_missing', `the alignment head ${name} is for the backbone ${backbone.name} (SHA-256 ${backbone.sha256.slice(0, 12)}...), which is not here`, {
    advice: '`semtag model add` it first, or name another head with --head.',
  });
} // prettier-ignore

type Shown = { line: Line; error?: SemtagError; thumb?: string; map?: string };

async function measured(
  file: ImageFile,
  number: number,
  pool: Pool,
  { head, backbone }: { head: AlignmentHead; backbone: string },
  pictures: string | undefined,
): Promise<Shown> {
  const empty = { probability: null, measure: null, globalCoherency: null, localCoherency: null, alignedFraction: null, orientation: null, histogram: null }; // prettier-ignore
  const line: Line = { file: file.file, ...empty };
  const [thumb, map] = ['thumb', 'map'].map((kind) => pictures && join(pictures, `${number}.${kind}.jpg`));
  try {
    if (file.missing) throw noSuchFile(file.file);
    const { alignment, bottlenecks, frame } = await pool.run({
      path: file.file,
      name: basename(file.file),
      ...sidecarBytes(file),
      backbone,
      limits: DEFAULT_LIMITS,
      alignment: map ? { map } : {},
      ...(thumb ? { thumb, thumbSize: 320 } : {}),
    });
    if (frame) throw new SemtagError('not_a_sample', `${file.file}: ${frame.replaceAll('_', ' ')}`);
    const probability = (bottlenecks && alignmentOf(head, bottlenecks)?.probability) ?? null;
    return { line: { ...line, probability, ...alignment }, ...(thumb && map ? { thumb, map } : {}) };
  } catch (thrown) {
    const error = readable(file.file, thrown);
    if (error.code === 'engine_missing' || error.code === 'model_missing') throw error;
    return { line, error };
  }
}

/** Read now: the folder that they lie in goes with the verb. */
function picturesOf({ line, thumb, map }: Shown) {
  const read = (path: string | undefined) => {
    try {
      return path ? readFileSync(path) : undefined;
    } catch {
      return undefined; // a picture of a few pixels has no map
    }
  };
  return { ...line, thumb: read(thumb), map: read(map) };
}

function rows(lines: Line[]): string {
  const text = (v: number | null, digits = 2) => (v === null ? '-' : v.toFixed(digits));
  return table(
    lines.map((l) => [
      l.file,
      ...[l.probability, l.globalCoherency, l.localCoherency, l.alignedFraction].map((v) => text(v)),
      text(l.orientation, 1),
    ]),
    ['file', 'aligned', 'global', 'local', 'fraction', 'direction'],
  );
}
