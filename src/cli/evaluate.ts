// `semtag evaluate DIR`: what the model in use is worth on a folder of labelled images. Trains nothing and writes nothing but the report that was asked for.

import { basename, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { loadModel } from '../classify/model.ts';
import { ENGINE_NAMES, type EngineName } from '../domain/job.ts';
import { SemtagError } from '../errors.ts';
import { readDataset } from '../learn/dataset.ts';
import { evaluateImages, type FullEvaluation } from '../learn/evaluate.ts';
import { evaluationSections, SHOWN } from '../learn/report/evaluation.ts';
import { page } from '../learn/report/page.ts';
import { classifiedExamples } from './classified-examples.ts';
import { evaluationText } from './evaluation-text.ts';
import { modelInUse } from './model-in-use.ts';
import { configOption, dryRunOption, jsonOption, wholeNumber } from './options.ts';
import { picturesOf } from './pictures.ts';
import { keptReport, reportOption } from './kept-report.ts';
import { fail, print } from './report.ts';
import { writeResult } from './write-result.ts';

type Options = {
  head?: string;
  config?: string;
  engine: EngineName;
  children: number;
  html?: string;
  report?: boolean;
  json?: boolean;
  dryRun?: boolean;
};

const EXAMPLES = `
Examples:
  $ semtag evaluate labelled/
  $ semtag evaluate --html report.html labelled/
  $ semtag evaluate --json --head heads/ours.json labelled/ | jq .macroRecall

The folder has one folder a category, or files named by label (L2_....jpg), as for \`semtag train\`; folders below that of a category are
sub-categories. Nothing in it is trained on; images that the head was trained on make it look better than it is. The column "group" of a
MANIFEST.tsv in it (tab-separated, with "file") says which images are of one series: intervals are made of whole series.
Without --head the model is that of the config where there is one, else the shipped one.
--json prints one object: {n, top1, top2, macroRecall, autoPrecision, autoCoverage, ece, perCategory, confusion, macroF1, macroPrecision,
groups, intervals, subCategories, twoCategories, misclassified, skipped, model}; autoPrecision is null where no score is above the threshold.
--html writes one file with plots and the images to look at; it replaces one of that name.`;

export function register(program: Command): void {
  program
    .command('evaluate')
    .description('judge the model in use on a folder of labelled images')
    .argument('<dir>', 'folder of labelled images')
    .option('--head <file>', "a head made by `semtag train`; else the config's, else the shipped one")
    .addOption(configOption())
    .addOption(new Option('--engine <name>', 'what runs it').choices(ENGINE_NAMES).default('onnx'))
    .option('--children <n>', 'processes that read images at the same time', wholeNumber(1), 1)
    .option('--html <file>', 'a report with plots and the misclassified images')
    .addOption(reportOption())
    .addOption(jsonOption())
    .addOption(dryRunOption())
    .addHelpText('after', EXAMPLES)
    .action(async (dir: string, options: Options) => {
      try {
        const html = options.report ? keptReport('evaluation', dir, options.config) : options.html;
        await evaluateFolder(resolve(dir), { ...options, ...(html === undefined ? {} : { html }) });
      } catch (error) {
        fail(error, options.json === true);
      }
    });
}

async function evaluateFolder(dir: string, options: Options): Promise<void> {
  const { thresholds, ...config } = modelInUse(options);
  const model = await loadModel(config);
  const examples = readDataset(dir);
  const { images, skipped } = await classifiedExamples(examples, model, { ...options, thresholds });
  if (images.length === 0)
    throw new SemtagError('training_data', `${dir}: none of ${examples.length} images could be classified`);
  const found = evaluateImages(images, thresholds.auto);
  const { name } = model.reference;
  if (options.html && !options.dryRun) {
    const paths = new Map(examples.map(({ file, path }) => [file, path]));
    await writeReport(resolve(options.html), found, {
      dir,
      name,
      auto: thresholds.auto,
      paths,
      children: options.children,
    });
  }
  const written = options.html && !options.dryRun ? { html: options.html } : {};
  print({ ...found, skipped, model: name, ...written }, options.json === true, () =>
    evaluationText(found, skipped, { ...options, name, auto: thresholds.auto }),
  );
}

type Where = { dir: string; name: string; auto: number; paths: Map<string, string>; children: number };

async function writeReport(html: string, found: FullEvaluation, where: Where): Promise<void> {
  const { dir, name, auto, paths, children } = where;
  const shown = [found.misclassified, found.twoCategories].flatMap((list) => list.slice(0, SHOWN));
  const byPath = await picturesOf(shown.map(({ file }) => paths.get(file)!), children); // prettier-ignore
  const pictures = new Map(
    shown.flatMap(({ file }) => {
      const picture = byPath.get(paths.get(file)!);
      return picture === undefined ? [] : [[file, picture] as const];
    }),
  );
  const intro = [
    `The head ${name} on the images of ${basename(dir)}. Nothing in the folder was trained on here; if the head was trained on images of it or of the same series, these figures are better than the truth.`,
  ];
  const sections = evaluationSections(found, auto, pictures);
  await writeResult(html, page({ title: `Evaluation of ${name}`, intro, sections }));
}
