// `semtag classify PATH...`: category, score and decision of images, without a service. Writes nothing and labels nothing.

import { InvalidArgumentError, Option, type Command } from 'commander';
import { loadModel } from '../classify/model.ts';
import { categoryTitle } from '../domain/categories.ts';
import { decide, DECISION_WORDS, PAPER_THRESHOLDS, type Thresholds } from '../domain/decision.ts';
import { ENGINE_NAMES, type EngineName } from '../domain/job.ts';
import type { Scores } from '../domain/scores.ts';
import { lines, noSuchFile, type Line } from './classified.ts';
import { imageFiles, type ImageFile } from './image-files.ts';
import { jsonOption, wholeNumber } from './options.ts';
import { progressBar } from './progress.ts';
import { CANNOT_START, fail, WRONG } from './report.ts';
import { table } from './table.ts';

type Options = {
  jsonl?: boolean;
  json?: boolean;
  header?: boolean;
  head?: string;
  backbone?: string;
  engine: EngineName;
  children: number;
  threads: number;
  thresholds: Thresholds;
};

const EXAMPLES = `
Examples:
  $ semtag classify image.tif
  $ semtag classify --jsonl images/ > scores.jsonl
  $ semtag classify --jsonl --header --children 4 images/

One image alone is followed by all ten categories with their scores in percent, and the decision in words.
--jsonl prints one object a line, in the order of the paths: {file, category, score, scores, decision, header?, error?}.
Folders are looked through with all folders below them; sidecars beside the images are found and read.
An image that fails, or is not there, has a line with its error, the others go on, and the exit code is 1 in the end;
2 where nothing that was named is there.
A frame that shows no sample (navigation camera, chamber view, screenshot, blank) is not classified: error not_a_sample, which is no failure.`;

export function register(program: Command): void {
  program
    .command('classify')
    .description('classify files or folders without a service')
    .argument('<path...>', 'images, or folders of images')
    .option('--jsonl', 'one line of JSON an image')
    .option('--header', 'the instrument header too (with --jsonl)')
    .option('--head <file>', 'a head made by `semtag train`; else the shipped one')
    .option('--backbone <name>', "name of a backbone, or the folder of one; else the head's own")
    .addOption(new Option('--engine <name>', 'what runs it').choices(ENGINE_NAMES).default('onnx'))
    .option('--children <n>', 'processes that read images at the same time', wholeNumber(1), 1)
    .option('--threads <n>', 'threads of the engine in each of them', wholeNumber(1), 1)
    .addOption(
      new Option('--thresholds <auto,prompt>', 'scores from which it decides otherwise')
        .argParser(thresholds)
        .default(PAPER_THRESHOLDS, `${PAPER_THRESHOLDS.auto},${PAPER_THRESHOLDS.prompt}`),
    )
    .addOption(jsonOption().hideHelp())
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: Options) => {
      try {
        await classify(paths, options);
      } catch (error) {
        fail(error, asJson(options));
      }
    });
}

function asJson({ jsonl, json }: Options): boolean {
  return jsonl === true || json === true;
}

async function classify(paths: string[], options: Options): Promise<void> {
  const files = imageFiles(paths);
  if (files.length > 0 && files.every((one) => one.missing)) return nothingThere(files, options);
  if (files.length === 0) process.stderr.write(`semtag: no images in ${paths.join(', ')}\n`);
  const { head, backbone } = options;
  const model = await loadModel({ ...(head ? { head } : {}), ...(backbone ? { backbone } : {}) });
  const json = asJson(options);
  // the rows themselves go to the terminal: nothing to wait for there
  const bar = process.stdout.isTTY ? undefined : progressBar(files.length, 'classifying');
  let done = 0;
  const counts = new Map<string, number>();
  for await (const line of lines(files, model, options)) {
    const kind = kindOf(line);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (kind === 'failed') process.exitCode = WRONG;
    process.stdout.write(`${json ? JSON.stringify(line) : row(line)}\n`);
    if (!json && files.length === 1 && line.scores)
      process.stdout.write(`\n${scoreTable(line.scores, options.thresholds)}\n`);
    bar?.at(++done);
  }
  bar?.stop();
  if (!json && files.length > 1)
    process.stdout.write(`${[...counts].map(([kind, n]) => `${n} ${kind}`).join(', ')}\n`);
}

/** Wrong usage: nothing that was named is there. */
function nothingThere(files: ImageFile[], options: Options): void {
  for (const { file } of files) fail(noSuchFile(file), asJson(options));
  process.exitCode = CANNOT_START;
}

function kindOf({ decision, error }: Line): string {
  if (decision) return decision;
  return error?.code === 'not_a_sample' ? 'no sample' : 'failed';
}

function row(line: Line): string {
  const { file, category, score, error } = line;
  const kind = kindOf(line).padEnd(9);
  if (error) return `${kind}  ${error.message}\n           ${error.advice}`;
  return `${kind}  ${score!.toFixed(2)}  ${categoryTitle(category!).padEnd(27)}  ${file}`;
}

/** All ten, best first, and what the service would do with it, for a person who asks about one image. */
function scoreTable(scores: Scores, thresholds: Thresholds): string {
  const { decision, suggestions } = decide(scores, thresholds);
  const width = 30;
  const rows = suggestions.map(({ category, score }) => [
    categoryTitle(category),
    `${(100 * score).toFixed(1).padStart(5)} %`,
    '#'.repeat(Math.round(width * score)),
  ]);
  const { auto, prompt } = thresholds;
  return `${table(rows, ['category', '  score', ''])}\n\n${decision}: ${DECISION_WORDS[decision]} (by itself above ${auto}, two suggestions from ${prompt})`;
}

function thresholds(text: string): Thresholds {
  const [auto, prompt] = text.split(',').map((part) => (part.trim() ? Number(part) : NaN));
  const valid = (v: number | undefined): v is number => v !== undefined && v >= 0 && v <= 1;
  if (!valid(auto) || !valid(prompt) || prompt > auto)
    throw new InvalidArgumentError('two scores from 0 to 1, the higher first, as in 0.8,0.35');
  return { version: 0, auto, prompt };
}
