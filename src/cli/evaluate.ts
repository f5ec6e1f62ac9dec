// `semtag evaluate DIR`: what the model in use is worth on a folder of labelled images. Trains nothing and writes nothing.

import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { loadModel } from '../classify/model.ts';
import { CATEGORIES, categoryTitle } from '../domain/categories.ts';
import { PAPER_THRESHOLDS } from '../domain/decision.ts';
import { ENGINE_NAMES, type EngineName } from '../domain/job.ts';
import { SemtagError } from '../errors.ts';
import { readDataset } from '../learn/dataset.ts';
import { evaluate, type Evaluation } from '../learn/evaluate.ts';
import type { Judged } from '../learn/figures.ts';
import { lines, progress } from './classify.ts';
import { jsonOption, wholeNumber } from './options.ts';
import { fail, print } from './report.ts';
import { table } from './table.ts';

type Options = { head?: string; engine: EngineName; children: number; json?: boolean };
type Skipped = { file: string; reason: string };

const EXAMPLES = `
Examples:
  $ semtag evaluate labelled/
  $ semtag evaluate --json --head heads/ours.json labelled/ | jq .macroRecall

The folder has one folder a category, or files named by label (L2_....jpg), as for \`semtag train\`. Nothing in it is trained on; images that
the head was trained on make it look better than it is. --json prints one object: {n, top1, top2, macroRecall, autoPrecision, autoCoverage,
ece, macroF1, perCategory, confusion, skipped}; autoPrecision is null where no score is above 0.8.`;

export function register(program: Command): void {
  program
    .command('evaluate')
    .description('judge the model in use on a folder of labelled images')
    .argument('<dir>', 'folder of labelled images')
    .option('--head <file>', 'a head made by `semtag train`; else the shipped one')
    .addOption(new Option('--engine <name>', 'what runs it').choices(ENGINE_NAMES).default('onnx'))
    .option('--children <n>', 'processes that read images at the same time', wholeNumber(1), 1)
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async (dir: string, options: Options) => {
      try {
        await evaluateFolder(resolve(dir), options);
      } catch (error) {
        fail(error, options.json === true);
      }
    });
}

async function evaluateFolder(dir: string, { head, engine, children, json }: Options): Promise<void> {
  const truths = new Map(readDataset(dir).map(({ path, category }) => [path, category]));
  const model = await loadModel(head ? { head } : {});
  const files = [...truths.keys()].map((file) => ({ file }));
  const thresholds = PAPER_THRESHOLDS;
  const bar = progress(files.length, 'evaluating');
  const judged: Judged[] = [];
  const skipped: Skipped[] = [];
  for await (const { file, scores, error } of lines(files, model, {
    engine,
    children,
    threads: 1,
    thresholds,
  })) {
    if (scores) judged.push({ truth: truths.get(file)!, scores });
    else skipped.push({ file, reason: error?.message ?? 'not classified' });
    bar?.increment();
  }
  bar?.stop();
  if (judged.length === 0)
    throw new SemtagError('training_data', `${dir}: none of ${files.length} images could be classified`);
  const evaluation = evaluate(judged, thresholds.auto);
  print({ ...evaluation, skipped }, json === true, () => report(evaluation, skipped, model.reference.name));
}

function report(evaluation: Evaluation, skipped: Skipped[], name: string): string {
  const { n, top1, top2, macroRecall, macroF1, autoPrecision, autoCoverage, ece } = evaluation;
  const share = (v: number | null) => (v === null ? '-' : v.toFixed(2));
  const present = CATEGORIES.flatMap((category) => {
    const one = evaluation.perCategory[category];
    return one ? [[category, one] as const] : [];
  });
  const rows = present.map(([category, c]) => [
    categoryTitle(category),
    c.n,
    ...[c.recall, c.precision, c.f1, c.top2, c.autoPrecision, c.autoCoverage].map(share),
  ]);
  const confusion = present.map(([truth, { n: there }]) => [
    categoryTitle(truth),
    ...CATEGORIES.map((c) => ((100 * evaluation.confusion[truth]![c]) / there).toFixed(0)),
  ]);
  return [
    ...skipped.map(({ file, reason }) => `left out: ${file}: ${reason}`),
    table(rows, ['category', 'images', 'recall', 'precision', 'F1', 'top-2', 'precision > 0.8', 'coverage']),
    '',
    'Confusion in percent of the images of a row; columns in the order of the ten keys (1 to 9, 0)',
    table(confusion, ['truth', ...CATEGORIES.map((_, i) => String((i + 1) % 10))]),
    '',
    `${name} on ${n} images: top-1 ${share(top1)}, top-2 ${share(top2)}, macro recall ${share(macroRecall)}, macro F1 ${share(macroF1)}, ` +
      `precision ${share(autoPrecision)} at coverage ${share(autoCoverage)} above 0.8, ECE ${share(ece)}`,
  ].join('\n');
}
