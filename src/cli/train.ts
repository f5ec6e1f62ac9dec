// `semtag train DIR`: a head from labelled images, with what it is worth and where it comes from. Never replaces a file without --force.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { DEFAULT_BACKBONE, findBackbone } from '../classify/backbones.ts';
import { SemtagError } from '../errors.ts';
import { trainingBottlenecks, type Skipped } from '../learn/bottlenecks.ts';
import { readDataset } from '../learn/dataset.ts';
import type { CategoryFigures, Figures } from '../learn/figures.ts';
import { DEFAULT_SETTINGS } from '../learn/fit.ts';
import { provenanceOf, trainHead, type Trained } from '../learn/train.ts';
import { publish } from '../publish.ts';
import { dryRunOption, jsonOption, wholeNumber } from './options.ts';
import { fail, print } from './report.ts';
import { table } from './table.ts';

type Options = {
  out: string;
  backbone: string;
  seed: number;
  folds: number;
  json?: boolean;
  dryRun?: boolean;
  force?: boolean;
};

const EXAMPLES = `
Examples:
  $ semtag train labelled/ --out heads/ours.json
  $ semtag train labelled/ --dry-run          what it is worth, without writing a head

The folder has one folder a category, or files named by label (L2_....jpg). The column "group" of a MANIFEST.tsv in it
(tab-separated, with "file") keeps images of one series together; without it every image is a series of its own and
the figures look better than they are. Beside the head lies NAME.provenance.json: data, settings, figures, hashes.`;

export function register(program: Command): void {
  program
    .command('train')
    .description('train a head on a folder with one folder a category')
    .argument('<dir>', 'folder of labelled images')
    .option('-o, --out <file>', 'the head', 'head.json')
    .option('--backbone <name>', 'name in the backbone catalogue', DEFAULT_BACKBONE)
    .option(
      '--seed <n>',
      'the same seed gives the same head bit for bit',
      wholeNumber(1),
      DEFAULT_SETTINGS.seed,
    )
    .option('--folds <n>', 'parts of the grouped cross-validation', wholeNumber(1), DEFAULT_SETTINGS.folds)
    .option('--force', 'replace a head that is there')
    .addOption(jsonOption())
    .addOption(dryRunOption())
    .addHelpText('after', EXAMPLES)
    .action(async (dir: string, options: Options) => {
      try {
        await train(resolve(dir), options);
      } catch (error) {
        fail(error, options.json === true);
      }
    });
}

async function train(dir: string, options: Options): Promise<void> {
  if (options.folds < 2)
    throw new SemtagError('training_data', '--folds: two or more are needed to test on what was not seen');
  const out = resolve(options.out);
  if (!options.dryRun && !options.force && existsSync(out))
    throw new SemtagError('bad_request', `${out}: is there already; --force replaces it`);
  const backbone = findBackbone(options.backbone).name;
  const settings = { ...DEFAULT_SETTINGS, backbone, seed: options.seed, folds: options.folds };
  const examples = readDataset(dir);
  const { all, skipped } = await withBar('bottlenecks', examples.length, (at) =>
    trainingBottlenecks(examples, { backbone, onProgress: at }),
  );
  if (new Set(all.map(({ example }) => example.group)).size < 2)
    throw new SemtagError(
      'training_data',
      `${dir}: all images are of one group; two are needed to test on what was not seen`,
    );
  // how many steps a fit takes is not known before; most take 30 to 60
  const parts = settings.folds + 2;
  const trained = await withBar('training   ', parts * 100, async (at) =>
    trainHead(all, basename(out).replace(/\.json$/, ''), settings, (part, step) =>
      at(part * 100 + Math.min(step, 99)),
    ),
  );
  const provenance = provenanceOf(trained, all, skipped, settings, basename(dir));
  if (!options.dryRun) {
    await write(out, trained.text);
    await write(out.replace(/(\.json)?$/, '.provenance.json'), `${JSON.stringify(provenance, null, 2)}\n`);
  }
  const written = options.dryRun ? {} : { out };
  print({ ...written, ...provenance }, options.json === true, () =>
    report(trained, skipped, all.length, options.dryRun ? undefined : out),
  );
}

/** A head that is half written must never be found. */
async function write(path: string, text: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.part`;
  writeFileSync(part, text);
  await publish(part, path);
}

/** A progress bar on a terminal's stderr; nothing elsewhere. */
async function withBar<T>(
  name: string,
  total: number,
  run: (at: (done: number) => void) => Promise<T>,
): Promise<T> {
  const bar = new SingleBar({
    format: `${name} {bar} {percentage} %  {duration_formatted}`,
    stream: process.stderr,
    clearOnComplete: true,
  });
  if (process.stderr.isTTY) bar.start(total, 0);
  try {
    return await run((done) => bar.update(done));
  } finally {
    bar.stop();
  }
}

function report(
  { head, validation, heldOut }: Trained,
  skipped: Skipped[],
  images: number,
  out?: string,
): string {
  const { figures, categories, folds } = validation;
  const lines = skipped.map(({ file, reason }) => `left out: ${file}: ${reason}`);
  return [
    ...lines,
    figureTable(figures, categories),
    '',
    `${images} images, ${folds}-fold cross-validation with groups kept together, temperature ${head.temperature.toFixed(2)}`,
    heldOut
      ? `split 80/10/10 by hash: top-1 ${heldOut.figures.top1.toFixed(2)} on ${heldOut.parts.test} images that took no part`
      : 'split 80/10/10 by hash: one of the parts is empty, no figure from it',
    out ? `${out}  SHA-256 ${head.sha256}` : `not written (dry run); SHA-256 ${head.sha256}`,
  ].join('\n');
}

/** One row a category and one for all. Also printed by the proof of the same figures. */
export function figureTable(figures: Figures, categories: CategoryFigures[]): string {
  const row = (name: string, f: Figures): (string | number)[] =>
    [name, f.n, f.top1, f.top2, f.autoPrecision, f.autoCoverage, f.ece].map((v) =>
      typeof v === 'number' && v !== f.n ? (Number.isNaN(v) ? '-' : v.toFixed(2)) : v,
    );
  return table(
    [
      ...categories.map((c) => row(c.category, c)),
      row(`all (macro recall ${figures.macroRecall.toFixed(2)})`, figures),
    ],
    ['category', 'images', 'top-1', 'top-2', 'precision > 0.8', 'coverage', 'ECE'],
  );
}
