// `semtag train DIR...`: a head from labelled images, with what it is worth and where it comes from. Never replaces a file without --force.

import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { backboneKey, DEFAULT_BACKBONE, findBackbone } from '../classify/backbones.ts';
import { ENGINE_NAMES } from '../domain/job.ts';
import { SemtagError } from '../errors.ts';
import { DEFAULT_SETTINGS, type FitSettings } from '../learn/fit.ts';
import { nearDuplicates } from '../learn/near-duplicates.ts';
import { stepsReport } from '../learn/steps-report.ts';
import { stepsSweep, type StepsSweep } from '../learn/steps-sweep.ts';
import { provenanceOf, trainHead } from '../learn/train.ts';
import { withBar } from './progress.ts';
import { configOption, dryRunOption, jsonOption, wholeNumber } from './options.ts';
import { fail, print } from './report.ts';
import { stepsTable, trainReport } from './train-report.ts';
import { trainingSet, type SetOptions, type TrainingSet } from './training-set.ts';
import { refuseToReplace, writeResult } from './write-result.ts';

type Options = SetOptions & {
  out: string;
  seed: number;
  folds: number;
  views: number;
  chooseC?: boolean;
  sweep?: boolean;
  html?: string;
  json?: boolean;
  dryRun?: boolean;
  force?: boolean;
};

const EXAMPLES = `
Examples:
  $ semtag train labelled/ --out heads/ours.json
  $ semtag train labelled/ --dry-run                   what it is worth, without writing a head
  $ semtag train --catalogue --config semtag.yaml      learns from what people answered in the service
  $ semtag train labelled/ more/ --catalogue --choose-c
  $ semtag train labelled/ --dry-run --sweep --html steps.html

A folder has one folder a category, or files named by label (L2_....jpg). The column "group" of a MANIFEST.tsv in it
(tab-separated, with "file") keeps images of one series together; without it every image is a series of its own and
the figures look better than they are. Near-duplicates are named; one whose copy was trained on is not judged.
--catalogue: images that a person labelled, with their stored bottlenecks; never what the machine labelled by itself.
Beside the head lies NAME.provenance.json: data, settings, figures, near-duplicates, hashes. More: docs/train.md`;

export function register(program: Command): void {
  const { seed, folds } = DEFAULT_SETTINGS;
  program
    .command('train')
    .description('train a head on folders with one folder a category, and on what people labelled')
    .argument('[dir...]', 'folders of labelled images')
    .option('--catalogue', 'learn from the labels that people gave in the service')
    .addOption(configOption())
    .option('-o, --out <file>', 'the head', 'head.json')
    .option('--backbone <name>', 'name as in `semtag model list`, or the folder of one', DEFAULT_BACKBONE)
    .addOption(new Option('--engine <name>', 'what runs it').choices(ENGINE_NAMES).default('onnx'))
    .addOption(
      new Option('--children <n>', 'processes that read images at the same time')
        .argParser(wholeNumber(1))
        .default(Math.max(1, availableParallelism() - 1), 'one less than there are cores'),
    )
    .option('--seed <n>', 'the same seed gives the same head bit for bit', wholeNumber(1), seed)
    .option('--folds <n>', 'parts of the grouped cross-validation', wholeNumber(1), folds)
    .option('--views <n>', 'views of an image that are learned from', wholeNumber(2), DEFAULT_SETTINGS.views)
    .option(
      '--choose-c',
      'choose the strength of L2 by grouped validation, for each fold anew: takes ten times as long',
    ) // prettier-ignore
    .option('--sweep', 'show accuracy and loss against the steps of training too')
    .option('--html <file>', 'with --sweep: as plots in one HTML file')
    .option('--force', 'replace files that are there')
    .addOption(jsonOption())
    .addOption(dryRunOption())
    .addHelpText('after', EXAMPLES)
    .action(async (dirs: string[], options: Options) => {
      try {
        await train(
          dirs.map((dir) => resolve(dir)),
          options,
        );
      } catch (error) {
        fail(error, options.json === true);
      }
    });
}

async function train(dirs: string[], options: Options): Promise<void> {
  const { json, dryRun } = options;
  if (options.folds < 2)
    throw new SemtagError('training_data', '--folds: two or more are needed to test on what was not seen');
  if (options.html && !options.sweep)
    throw new SemtagError('bad_request', '--html: shows the steps, which --sweep looks at');
  const out = resolve(options.out);
  const html = options.html && resolve(options.html);
  if (!dryRun) refuseToReplace([out, ...(html ? [html] : [])], options.force === true);
  const settings: FitSettings = {
    ...DEFAULT_SETTINGS,
    backbone: backboneKey(findBackbone(options.backbone)),
    seed: options.seed,
    folds: options.folds,
    views: options.views,
    ...(options.chooseC ? { chooseC: true } : {}),
  };
  const set = await trainingSet(dirs, options);
  if (set.all.length === 0)
    throw new SemtagError('training_data', `${set.from}: there are no labelled images with bottlenecks`);
  if (new Set(set.all.map(({ example }) => example.group)).size < 2)
    throw new SemtagError(
      'training_data',
      `${set.from}: all images are of one group; two are needed to test on what was not seen`,
    );
  const sweep = options.sweep ? await sweepOf(set, settings) : undefined;
  const trained = await withSteps('training', settings.folds + 2, (at) =>
    trainHead(set.all, basename(out).replace(/\.json$/, ''), settings, at),
  );
  const provenance = provenanceOf(trained, set.all, set.skipped, settings, set.from);
  if (!dryRun) {
    await writeResult(out, trained.text);
    await writeResult(
      out.replace(/(\.json)?$/, '.provenance.json'),
      `${JSON.stringify(provenance, null, 2)}\n`,
    );
    if (html && sweep) await writeResult(html, stepsReport(sweep, set.from));
  }
  const written = dryRun ? {} : { out };
  print({ ...written, ...provenance, ...(sweep ? { steps: sweep } : {}) }, json === true, () =>
    [
      trainReport(trained, set.all, set.skipped, options.chooseC === true, dryRun ? undefined : out),
      ...(sweep ? ['', stepsTable(sweep)] : []),
    ].join('\n'),
  );
}

async function sweepOf(set: TrainingSet, settings: FitSettings): Promise<StepsSweep> {
  const sweep = await withSteps('steps', 1, (at) =>
    stepsSweep(set.all, settings, nearDuplicates(set.all), (step) => at(0, step)),
  );
  if (!sweep)
    throw new SemtagError(
      'training_data',
      '--sweep: one of the parts of the split 80/10/10 is empty; it needs more images or groups',
    );
  return sweep;
}

/** How many steps a fit takes is not known before; most take 30 to 60. */
function withSteps<T>(name: string, fits: number, run: (at: (fit: number, step: number) => void) => T): Promise<T> {
  return withBar(name, 'steps', fits * 100, async (at) =>
    run((fit, step) => at(fit * 100 + Math.min(step, 99))),
  );
} // prettier-ignore
