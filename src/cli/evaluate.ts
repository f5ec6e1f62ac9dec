// `semtag evaluate DIR`: what the model in use is worth on a folder of labelled images. Trains nothing and writes nothing but the report that was asked for.

import { basename, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { loadModel } from '../classify/model.ts';
import { CATEGORIES, categoryTitle } from '../domain/categories.ts';
import type { Thresholds } from '../domain/decision.ts';
import { ENGINE_NAMES, type EngineName } from '../domain/job.ts';
import { SemtagError } from '../errors.ts';
import type { Interval } from '../learn/bootstrap.ts';
import { readDataset, type Example } from '../learn/dataset.ts';
import { evaluateImages, type EvaluatedImage, type FullEvaluation } from '../learn/evaluate.ts';
import { evaluationSections, SHOWN } from '../learn/report/evaluation.ts';
import { page } from '../learn/report/page.ts';
import { lines } from './classify.ts';
import { modelInUse } from './model-in-use.ts';
import { configOption, dryRunOption, jsonOption, wholeNumber } from './options.ts';
import { picturesOf } from './pictures.ts';
import { progressBar } from './progress.ts';
import { fail, print } from './report.ts';
import { table } from './table.ts';
import { writeWhole } from './write-whole.ts';

type Options = {
  head?: string;
  config?: string;
  engine: EngineName;
  children: number;
  html?: string;
  json?: boolean;
  dryRun?: boolean;
};
type Skipped = { file: string; reason: string };

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
    .addOption(jsonOption())
    .addOption(dryRunOption())
    .addHelpText('after', EXAMPLES)
    .action(async (dir: string, options: Options) => {
      try {
        await evaluateFolder(resolve(dir), options);
      } catch (error) {
        fail(error, options.json === true);
      }
    });
}

async function evaluateFolder(dir: string, options: Options): Promise<void> {
  const { thresholds, ...config } = modelInUse(options);
  const model = await loadModel(config);
  const examples = readDataset(dir);
  const { images, skipped } = await classified(examples, model, { ...options, thresholds });
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
    report(found, skipped, name, thresholds.auto, options),
  );
}

export type Scored = { images: EvaluatedImage[]; skipped: Skipped[] };

/** The images of a folder with the scores of a model, by child processes; what cannot be classified is named. */
export async function classified(
  examples: Example[],
  model: Awaited<ReturnType<typeof loadModel>>,
  { engine, children, thresholds }: { engine: EngineName; children: number; thresholds: Thresholds },
): Promise<Scored> {
  const bar = progressBar(examples.length, 'classifying');
  const images: EvaluatedImage[] = [];
  const skipped: Skipped[] = [];
  const files = examples.map(({ path }) => ({ file: path }));
  let i = 0;
  // lines come in the order of the files
  for await (const { scores, error } of lines(files, model, { engine, children, threads: 1, thresholds })) {
    const { file, group, category: truth, subCategory } = examples[i++]!;
    if (scores) images.push({ file, group, truth, scores, ...(subCategory ? { subCategory } : {}) });
    else skipped.push({ file, reason: error?.message ?? 'not classified' });
    bar?.at(i);
  }
  bar?.stop();
  return { images, skipped };
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
  await writeWhole(html, page({ title: `Evaluation of ${name}`, intro, sections }));
}

const share = (v: number | null) => (v === null ? '-' : v.toFixed(2));
const range = (v: Interval | null | undefined) => (v ? `[${v.low.toFixed(2)}, ${v.high.toFixed(2)}]` : '');

function report(
  found: FullEvaluation,
  skipped: Skipped[],
  name: string,
  auto: number,
  { html, dryRun }: Options,
): string {
  const { n, groups, top1, top2, macroRecall, macroPrecision, macroF1, autoPrecision, autoCoverage, ece, intervals } = found; // prettier-ignore
  const present = CATEGORIES.flatMap((category) => {
    const one = found.perCategory[category];
    return one ? [[category, one] as const] : [];
  });
  const rows = present.map(([category, c]) => [
    categoryTitle(category),
    c.n,
    `${share(c.recall)} ${range(intervals.perCategory[category]?.recall)}`,
    ...[c.precision, c.f1, c.top2, c.autoPrecision, c.autoCoverage].map(share),
  ]);
  const confusion = present.map(([truth, { n: there }]) => [
    categoryTitle(truth),
    ...CATEGORIES.map((c) => ((100 * found.confusion[truth]![c]) / there).toFixed(0)),
  ]);
  const below = found.subCategories.map(({ name: sub, category, images, readAs }) => [
    `${categoryTitle(category)}/${sub}`,
    images,
    readAs.map((r) => `${(100 * r.share).toFixed(0)} % ${categoryTitle(r.category)}`).join(', '),
  ]);
  const overall: [string, number | null, Interval | null][] = [
    ['accuracy (top-1)', top1, intervals.top1],
    ['top-2', top2, intervals.top2],
    ['recall@1, mean over categories', macroRecall, intervals.macroRecall],
    ['precision, mean over categories', macroPrecision, intervals.macroPrecision],
    ['F1, mean over categories', macroF1, intervals.macroF1],
    [`precision above ${auto}`, autoPrecision, intervals.autoPrecision],
    [`coverage above ${auto}`, autoCoverage, intervals.autoCoverage],
    ['calibration error', ece, intervals.ece],
  ];
  return [
    ...skipped.map(({ file, reason }) => `left out: ${file}: ${reason}`),
    table(rows, [
      'category',
      'images',
      'recall@1 [95 %]',
      'precision',
      'F1',
      'top-2',
      `precision > ${auto}`,
      'coverage',
    ]),
    '',
    'Confusion in percent of the images of a row; columns in the order of the ten keys (1 to 9, 0)',
    table(confusion, ['truth', ...CATEGORIES.map((_, i) => String((i + 1) % 10))]),
    '',
    ...(below.length > 0 ? [table(below, ['sub-category', 'images', 'read as']), ''] : []),
    table(overall.map(([what, value, interval]) => [what, share(value), range(interval)]), [`${name} on ${n} images of ${groups} groups`, '', '95 %']), // prettier-ignore
    '',
    `${found.misclassified.length} images misclassified, ${found.twoCategories.length} that seem to hold two categories` +
      (html ? `; ${dryRun ? 'not written (dry run)' : 'written'}: ${html}` : '; --html FILE shows them'),
  ].join('\n');
}
