// `semtag calibrate DIR`: what the scores mean on a folder of labelled images, and the thresholds they allow. Never changes a head, a config or a running service.

import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { backboneKey, DEFAULT_BACKBONE, findBackbone } from '../classify/backbones.ts';
import { parseHead, type Head } from '../classify/head.ts';
import { loadModel } from '../classify/model.ts';
import { CATEGORIES } from '../domain/categories.ts';
import { PAPER_THRESHOLDS } from '../domain/decision.ts';
import { SemtagError } from '../errors.ts';
import { hashFile } from '../hash-file.ts';
import { trainingBottlenecks, type Skipped } from '../learn/bottlenecks.ts';
import { calibrationFile, calibrationText, type CalibrationSource } from '../learn/calibration-file.ts'; // prettier-ignore
import { calibrate } from '../learn/calibration.ts';
import type { Unscored } from '../learn/cross-fit.ts';
import { crossValidate } from '../learn/crossval.ts';
import { readDataset } from '../learn/dataset.ts';
import { DEFAULT_SETTINGS } from '../learn/fit.ts';
import { nearDuplicates } from '../learn/near-duplicates.ts';
import { calibrationSections } from '../learn/report/calibration.ts';
import { page } from '../learn/report/page.ts';
import { groupedFolds } from '../learn/split.ts';
import { DEFAULT_LIMITS } from '../config/schema.ts';
import { createPool } from '../worker/pool.ts';
import { calibrationSummary } from './calibration-summary.ts';
import { classifiedExamples } from './classified-examples.ts';
import { configOption, dryRunOption, jsonOption, wholeNumber } from './options.ts';
import { withBar } from './progress.ts';
import { keptReport, reportOption } from './kept-report.ts';
import { fail, print } from './report.ts';
import { refuseToReplace, writeResult } from './write-result.ts';

type Options = {
  head?: string;
  unseen?: boolean;
  backbone: string;
  folds: number;
  error: number;
  coverage: number;
  children: number;
  out?: string;
  html?: string;
  report?: boolean;
  config?: string;
  json?: boolean;
  dryRun?: boolean;
  force?: boolean;
};

const EXAMPLES = `
Examples:
  $ semtag calibrate labelled/ --html scores.html
  $ semtag calibrate labelled/ --error 0.1 --out heads/ours.calibration.json
  $ semtag calibrate new-images/ --head heads/ours.json --unseen

Without --head, heads are trained on parts of the folder and judged on the others, groups kept together, with the settings of \`semtag train\`:
what comes out is for a head trained on this folder. With --head FILE --unseen the folder must hold no image, and no image of a series, that
the head was trained on: its own scores are judged. Figures on images that it knows would be flattery, so --unseen must be said.
Written: NAME.calibration.json (format semtag-calibration/1): temperature, thresholds, conformal quantiles, hash of the data, figures.

\`semtag thresholds save --from NAME.calibration.json\` puts what was proposed to use, of all categories and of single ones;
\`semtag thresholds what-if --from\` says before what it would have done to the images that people answered.`;

export function register(program: Command): void {
  program
    .command('calibrate')
    .description('say what the scores mean, and which thresholds they allow')
    .argument('<dir>', 'folder of labelled images')
    .option('--head <file>', 'judge the scores of this head (with --unseen)')
    .option('--unseen', 'the head was trained on none of these images and series')
    .option('--backbone <name>', 'name in the backbone catalogue (without --head)', DEFAULT_BACKBONE)
    .option('--folds <n>', 'parts of the grouped cross-validation', wholeNumber(2), DEFAULT_SETTINGS.folds)
    .option('--error <share>', 'share of the images labelled by themselves that may be wrong', shareOf, 0.05)
    .option('--coverage <share>', 'share of sets that are to hold the right category', shareOf, 0.9)
    .option('--children <n>', 'processes that read images at the same time', wholeNumber(1), 1)
    .option(
      '-o, --out <file>',
      'default: NAME.calibration.json beside the head; without --head in this folder',
    )
    .option('--html <file>', 'a report with plots; replaces one of that name')
    .addOption(reportOption())
    .addOption(configOption())
    .option('--force', 'replace a calibration that is there')
    .addOption(jsonOption())
    .addOption(dryRunOption())
    .addHelpText('after', EXAMPLES)
    .action(async (dir: string, options: Options) => {
      try {
        const html = options.report ? keptReport('calibration', dir, options.config) : options.html;
        await calibrateFolder(resolve(dir), { ...options, ...(html === undefined ? {} : { html }) });
      } catch (error) {
        fail(error, options.json === true);
      }
    });
}

type Judged = {
  images: (Unscored & { fold: number })[];
  skipped: Skipped[];
  source: Omit<CalibrationSource, 'auto'>;
};

async function calibrateFolder(dir: string, options: Options): Promise<void> {
  if (options.head && !options.unseen)
    throw new SemtagError('bad_request', '--head needs --unseen: that it was trained on none of these images and series'); // prettier-ignore
  if (options.unseen && !options.head)
    throw new SemtagError('bad_request', '--unseen says something about a head: name it with --head');
  const out = resolve(
    options.out ?? (options.head ?? basename(dir)).replace(/(\.json)?$/, '.calibration.json'),
  );
  const writes = !options.dryRun;
  if (writes) refuseToReplace([out], options.force === true);
  const { images, skipped, source } = options.head ? await ofHead(dir, options.head, options) : await ofFolds(dir, options); // prettier-ignore
  if (new Set(images.map(({ group }) => group)).size < 2)
    throw new SemtagError(
      'training_data',
      `${dir}: two groups of images are needed to judge on what was not seen`,
    );
  const { auto, prompt } = PAPER_THRESHOLDS;
  const alpha = 1 - options.coverage;
  const figures = calibrate(images, {
    error: options.error,
    alpha,
    auto,
    asGiven: options.head !== undefined,
  });
  const file = calibrationFile(figures, { ...source, auto });
  if (writes) await writeResult(out, calibrationText(file));
  if (writes && options.html) {
    const title = options.head ? `Scores of ${basename(options.head)}` : 'What the scores mean';
    const intro = [introOf(dir, options)];
    await writeResult(
      resolve(options.html),
      page({ title, intro, sections: calibrationSections(figures, { auto, prompt }) }),
    );
  }
  print({ ...file, skipped, ...(writes ? { out } : {}) }, options.json === true, () =>
    calibrationSummary(file, skipped, { ...options, out }),
  );
}

/** Heads of the other folds judge each fold. */
async function ofFolds(dir: string, options: Options): Promise<Judged> {
  const examples = readDataset(dir);
  // an added backbone is found by its folder, here and in every child
  const backbone = backboneKey(findBackbone(options.backbone));
  const settings = { ...DEFAULT_SETTINGS, backbone, folds: options.folds };
  const { children } = options;
  const pool = createPool({ size: children, ...DEFAULT_LIMITS });
  const { all, skipped } = await withBar('bottlenecks', 'images', examples.length, (at) =>
    trainingBottlenecks(examples, { backbone, children, run: (job) => pool.run(job), onProgress: at }),
  ).finally(() => pool.close());
  const pairs = nearDuplicates(all);
  const { judged, leftOut } = await withBar('training', 'heads', options.folds, async (at) =>
    crossValidate(all, settings, (_, fold) => at(fold ?? 0), 0, pairs),
  );
  const data = judged.map(({ sha256, truth, group }) => ({ sha256, category: truth, group }));
  const taught = leftOut.map((i) => ({
    file: all[i]!.example.file,
    reason: 'not judged: a near-duplicate of it in another fold was trained on',
  }));
  return { images: judged, skipped: [...skipped, ...taught], source: { data } };
}

/** The head's own scores. Their logarithms are its logits divided by its temperature, but for a constant that the softmax does not see. */
async function ofHead(dir: string, path: string, options: Options): Promise<Judged> {
  const model = await loadModel({ head: path });
  const head: Head = parseHead(readFileSync(path, 'utf8'), path);
  const examples = readDataset(dir);
  const { children } = options;
  const { images, skipped } = await classifiedExamples(examples, model, { engine: 'onnx', children, thresholds: PAPER_THRESHOLDS }); // prettier-ignore
  const fold = groupedFolds(
    images.map(({ group, truth }) => ({ group, category: truth })),
    options.folds,
  );
  const paths = new Map(examples.map((e) => [e.file, e.path]));
  const data = await Promise.all(
    images.map(async ({ file, truth, group }) => ({
      sha256: (await hashFile(paths.get(file)!)) ?? '',
      category: truth,
      group,
    })),
  );
  return {
    images: images.map(({ truth, group, scores }, i) => ({
      truth,
      group,
      fold: fold[i]!,
      logits: CATEGORIES.map((c) => Math.log(Math.max(scores[c], Number.MIN_VALUE))),
    })),
    skipped,
    source: { head: { sha256: head.sha256, temperature: head.temperature }, data },
  };
}

function introOf(dir: string, { head }: Options): string {
  return head
    ? `The head ${basename(head)} on the images of ${basename(dir)}, said to be of series that it was not trained on. All figures are of its own scores, as the service uses them; the temperature would make them better.`
    : `Heads trained on parts of ${basename(dir)} and judged on the others, groups kept together. Each score is at the temperature of the folds that its image is not in. What is found is for a head trained on this folder.`;
}

function shareOf(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('a share between 0 and 1, as in 0.05');
  return value;
}
