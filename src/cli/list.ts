// `semtag list`: images, newest first, one line each. Reads only.

import type { Command } from 'commander';
import { categoryTitle } from '../domain/categories.ts';
import { DECISION_WORDS } from '../domain/decision.ts';
import { leavesAt, type Hold } from '../domain/hold.ts';
import { labelTitle } from '../domain/label.ts';
import { becauseWords } from '../domain/teaching.ts';
import { filesAside } from './aside.ts';
import type { Image } from '../store/images.ts';
import { openReader, type Reader } from '../store/reader.ts';
import { doubtWords } from './doubt-words.ts';
import { configOf, configOption, type CommonOptions } from './options.ts';
import { found, searchOptions, type SearchOptions } from './search-options.ts';
import { table } from './table.ts';

type Options = CommonOptions & SearchOptions;

const HEADING = ['sha256', 'state', 'label', 'top score', 'as auto', 'series', 'instrument', 'name', ''];

export function register(program: Command): void {
  searchOptions(program.command('list').description('Lists images, newest first.'), 50)
    .addOption(configOption())
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag list --state asked\n  $ semtag list --aligned 0.8                          wires and fibres that lie in one direction\n  $ semtag list --doubted                              what a person should look at\n  $ semtag list --state aside                          what is aside, and why\n  $ semtag list --state quarantined --json | jq -r .sha256 | xargs semtag retry\n\n"top score" is the category that the machine sees and its score; "as auto" is what mode auto does with it\n(in mode observe: would have done). With --json: category, score and decision.\nBehind the name: the answers that a label rests on, what speaks against it, and when a held image leaves (UTC).',
    )
    .action((options: Options) => {
      const config = configOf(options);
      const reader = openReader(config.dataDir);
      try {
        show(reader, options, { answer: config.ask.hold, because: config.teach.hold });
      } finally {
        reader.close();
      }
    });
}

function show(reader: Reader, options: Options, hold: Hold): void {
  const rows: string[][] = [];
  let count = 0;
  for (const image of found(reader, options)) {
    count++;
    const leaves = leavesAt(image, hold, Date.now());
    if (options.json)
      process.stdout.write(`${JSON.stringify({ ...image, ...(leaves ? { leavesAt: leaves } : {}) })}\n`);
    else rows.push(row(image, leaves));
  }
  const aside = options.state === 'aside' ? filesAside(reader, options) : [];
  if (options.json) {
    for (const file of aside) process.stdout.write(`${JSON.stringify(file)}\n`);
    return;
  }
  if (rows.length) process.stdout.write(`${table(rows, HEADING)}\n`);
  for (const { instrument, path, error } of aside)
    process.stdout.write(`file ${instrument}: ${path}\n  ${error.message}\n  ${error.advice}\n`);
  process.stderr.write(
    count === options.limit
      ? `the newest ${count}; --limit 0 lists all\n`
      : `${count} image${count === 1 ? '' : 's'}${aside.length ? `, ${aside.length} incomplete files` : ''}\n`,
  );
}

function row(image: Image, leaves: string | undefined): string[] {
  const { label, category, score, decision, error } = image;
  const what = error ? error.message : label?.category ? categoryTitle(label.category) : withFrame(image);
  return [
    image.sha256.slice(0, 12),
    image.state,
    what,
    score === undefined ? '' : `${categoryTitle(category!)} ${score.toFixed(3)}`,
    decision ? DECISION_WORDS[decision] : '',
    String(image.series ?? ''),
    image.instrument,
    image.name,
    remarks(image, leaves).join('; '),
  ];
}

/** What teaching has to do with its label, and when it leaves: for people. */
function remarks({ label, doubt }: Image, leaves: string | undefined): string[] {
  return [
    ...(label?.because ? [becauseWords(label.because)] : []),
    ...(doubt ? [`doubted: ${doubtWords(doubt)}`] : []),
    ...(label?.teaches === false ? ['nothing is learned from it'] : []),
    ...(leaves ? [`leaves ${leaves}`] : []),
  ];
}

/** `unlabelled`; of what shows no sample which kind it is. */
function withFrame({ label, picture }: Image): string {
  const frame = label?.basis === 'not_a_sample' ? picture?.frame : undefined;
  return frame ? `no sample: ${frame.replaceAll('_', ' ')}` : label ? labelTitle(label) : '';
}
