// `semtag compare DIR`: backbones beside each other on a folder of labelled images, as Table 3 of the paper. Writes nothing but the report asked for.

import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { allBackbones, backboneKey, findBackbone, loadBackbone } from '../classify/backbones.ts';
import { DEFAULT_LIMITS } from '../config/schema.ts';
import { SemtagError } from '../errors.ts';
import { compareBackbone, type Compared, type Mean } from '../learn/compare.ts';
import { compareReport } from '../learn/report/compare-report.ts';
import { readDataset, type Example } from '../learn/dataset.ts';
import { DEFAULT_SETTINGS } from '../learn/fit.ts';
import { createPool } from '../worker/pool.ts';
import { withBar } from './progress.ts';
import { jsonOption, wholeNumber } from './options.ts';
import { fail, print } from './report.ts';
import { table } from './table.ts';
import { writeResult } from './write-result.ts';

type Options = {
  backbones?: string;
  runs: number;
  folds: number;
  timed: number;
  children: number;
  html?: string;
  json?: boolean;
};

const EXAMPLES = `
Examples:
  $ semtag compare labelled/
  $ semtag compare labelled/ --backbones efficientnet-lite0,inception-v3 --runs 10 --html table3.html

The folder is that of \`semtag train\`. Each run deals the groups to the folds anew, trains a head a fold and judges it on the fold it did not see.
The standard error is that over the runs: it says how much the dealing matters, not how the model would do on another facility's images.
Times are those of this machine: a bottleneck is reading an image and its two views, made afresh, with one thread; a fold is training a head and judging it on its fold.
Bottlenecks are kept, so that a second time costs minutes only; the first time takes 15 network runs an image and backbone.`;

export function register(program: Command): void {
  program
    .command('compare')
    .description('compare backbones on a folder of labelled images')
    .argument('<dir>', 'folder of labelled images')
    .option('--backbones <a,b>', 'names as in `semtag model list`; else all whose file is here')
    .option('--runs <n>', 'how often the groups are dealt anew', wholeNumber(1), 3)
    .option('--folds <n>', 'parts of the grouped cross-validation', wholeNumber(2), DEFAULT_SETTINGS.folds)
    .option('--timed <n>', 'images that the time of a bottleneck is measured on', wholeNumber(1), 20)
    .option(
      '--children <n>',
      'processes that make bottlenecks at the same time',
      wholeNumber(1),
      Math.max(1, availableParallelism() - 1),
    )
    .option('--html <file>', 'the table and a plot as one HTML file')
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async (dir: string, options: Options) => {
      try {
        await compare(resolve(dir), options);
      } catch (error) {
        fail(error, options.json === true);
      }
    });
}

async function compare(dir: string, options: Options): Promise<void> {
  const names = options.backbones
    ? options.backbones.split(',').map((name) => backboneKey(findBackbone(name.trim())))
    : await thoseHere();
  const examples = readDataset(dir);
  if (new Set(examples.map(({ group }) => group)).size < options.folds)
    throw new SemtagError('training_data', `${dir}: fewer groups than ${options.folds} folds; --folds N`);
  const compared: Compared[] = [];
  for (const name of names) compared.push(await one(name, examples, options));
  const value = { from: basename(dir), runs: options.runs, folds: options.folds, backbones: compared };
  if (options.html) await writeResult(resolve(options.html), compareReport(value));
  print(value, options.json === true, () => report(compared, options));
}

async function thoseHere(): Promise<string[]> {
  const names: string[] = [];
  for (const backbone of allBackbones())
    await loadBackbone(backbone).then(
      () => names.push(backboneKey(backbone)),
      (error: Error) => process.stderr.write(`left out: ${error.message}\n`),
    );
  return names;
}

async function one(name: string, examples: Example[], options: Options): Promise<Compared> {
  const { runs, folds, timed, children } = options;
  const pool = createPool({ size: children, ...DEFAULT_LIMITS });
  try {
    return await withBar(basename(name), 'images and runs', examples.length + runs, (at) =>
      compareBackbone(examples, name, {
        ...{ runs, folds, timed, children },
        run: (job) => pool.run(job),
        onProgress: at,
        onRun: (run) => at(examples.length + run),
      }),
    );
  } finally {
    pool.close();
  }
}

function report(compared: Compared[], { runs, folds }: Options): string {
  const shown = ({ mean, error }: Mean, digits = 3) =>
    `${mean.toFixed(digits)}${error === undefined ? '' : ` ± ${error.toFixed(digits)}`}`;
  const rows = compared.map((c) => [
    c.backbone,
    c.length,
    shown(c.top1),
    shown(c.top2),
    shown(c.macroRecall),
    `${c.bottleneckMs.toFixed(1)} (${c.readMs.toFixed(1)})`,
    shown(c.foldSeconds, 2),
  ]);
  const skipped = compared[0]?.skipped ?? [];
  return [
    ...skipped.map(({ file, reason }) => `left out: ${file}: ${reason}`),
    table(rows, [
      'backbone',
      'numbers',
      'top-1',
      'top-2',
      'macro recall',
      'bottleneck ms (reading)',
      'fold s',
    ]),
    '',
    `${compared[0]?.images ?? 0} images, ${folds} folds with groups kept together, ${runs} runs; mean ± standard error over the runs`,
  ].join('\n');
}
