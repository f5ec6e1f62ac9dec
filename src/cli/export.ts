// `semtag export`: the records of any search as CSV, JSON lines, RO-Crates or a bag, complete or what is public of them. Reads only; beside a running service or without one.

import { once } from 'node:events';
import { createWriteStream, mkdirSync, rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Option, type Command } from 'commander';
import type { Config } from '../config/schema.ts';
import { publishRules, utcDay, whose, withheldWords } from '../domain/publish.ts';
import { asSemtagError, SemtagError } from '../errors.ts';
import { crates, type PutFile } from '../harvest/crates.ts';
import { bag, filled, folder, refuseFilled, type Payload } from '../harvest/payload.ts';
import { rowOf, type Row } from '../harvest/rows.ts';
import { refusePlace } from '../preflight/loops.ts';
import { publish } from '../publish.ts';
import { csvHeader, csvRow } from '../record/csv.ts';
import { packageVersion } from '../serve/version.ts';
import { openReader, type Reader } from '../store/reader.ts';
import { configOf, configOption, dryRunOption, jsonOption, type CommonOptions } from './options.ts';
import { progressBar, type Bar } from './progress.ts';
import { print, printError, WRONG } from './report.ts';
import { found, searchOptions, type SearchOptions } from './search-options.ts';
import { taggedCopies } from './tagged-copy.ts';
import { refuseToReplace } from './write-result.ts';

const FORMS = ['csv', 'jsonl', 'ro-crate', 'bagit'] as const;
type Form = (typeof FORMS)[number];

type Options = CommonOptions &
  SearchOptions & {
    as: Form;
    public?: boolean;
    withheld?: boolean;
    files?: boolean;
    force?: boolean;
    dryRun?: boolean;
  };

/** `withoutRecord`: not tagged yet; with --public: not public. `withheld`: not to leave this machine. */
type Counts = {
  records: number;
  withheld: number;
  withoutRecord: number;
  files: number;
  withoutFile: number;
};

const EXAMPLES = `
Examples:
  $ semtag export --category Nanowires > wires.csv
  $ semtag export --as jsonl --project "GaAs wires" --from 2026-01-01 wires.jsonl
  $ semtag export --as bagit --files --sample S12 bags/S12         what an archive takes, with the images
  $ semtag export --as ro-crate --public --limit 0 crates          only what is public, for anybody

Without --public records are complete: names of persons, paths and serial numbers stand in them, and those of private projects are
among them; images that must not leave this machine (forward: false in publish.withhold) come with --withheld only. With it they are what harvesters get: publish in the config says what that is. --files with --public needs publish.files.
A bag (BagIt 1.0) holds one RO-Crate for each day on which images were taken in; ro-crate is the same without the bag.
OUT of ro-crate and bagit is a folder that is not there yet, or empty. Without OUT csv and jsonl go to the standard output.`;

export function register(program: Command): void {
  const command = program
    .command('export')
    .description('Writes the records of any search as a table, JSON lines, RO-Crates or a bag.')
    .argument('[out]', 'file, or folder for ro-crate and bagit; - is the standard output', '-')
    .addOption(new Option('--as <form>', 'what is written').choices(FORMS).default('csv'))
    .option('--public', 'only what harvesters are given, and of it only what is public')
    .option('--withheld', 'also images that must not leave this machine')
    .option('--files', 'put the tagged images into crate or bag')
    .option('--force', 'replace a file that is there');
  searchOptions(command, 0)
    .addOption(dryRunOption())
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(out: string, options: Options): Promise<void> {
  const config = configOf(options);
  if (out !== '-') await refusePlace(out, config);
  refuse(out, options, config);
  const reader = openReader(config.dataDir);
  try {
    const counts = await write(out, options, config, reader);
    if (counts.withoutFile > 0) process.exitCode = WRONG;
    const { dryRun = false } = options;
    // where the records themselves go to the standard output, nothing else does
    if (out !== '-' || dryRun) print({ out, ...counts, dryRun }, options.json === true, () => words(counts, out, dryRun)); // prettier-ignore
    else process.stderr.write(`${options.json ? JSON.stringify({ out, ...counts, dryRun }) : words(counts, out, dryRun)}\n`); // prettier-ignore
  } finally {
    reader.close();
  }
}

function refuse(out: string, { as, files, force, dryRun, ...options }: Options, config: Config): void {
  const isFolder = as === 'ro-crate' || as === 'bagit';
  if (files && !isFolder)
    throw new SemtagError('bad_request', `--files: ${as} holds no files; ro-crate and bagit do`);
  if (files && options.public && !config.publish.files)
    throw new SemtagError('bad_request', '--files with --public: publish.files in the config is off, so that files are not public'); // prettier-ignore
  if (dryRun) return;
  if (isFolder && out === '-')
    throw new SemtagError('bad_request', `${as} is a folder: say which, as in \`semtag export --as ${as} DIR\``); // prettier-ignore
  if (isFolder) refuseFilled(out);
  else if (out !== '-') refuseToReplace([out], force === true);
}

async function write(out: string, options: Options, config: Config, reader: Reader): Promise<Counts> {
  const counts: Counts = { records: 0, withheld: 0, withoutRecord: 0, files: 0, withoutFile: 0 };
  const bar = progressBar(
    Object.values(reader.images.counts()).reduce((sum, n) => sum + n, 0),
    'reading',
  );
  const rows = chosen(reader, config, options, counts, bar);
  const { as, dryRun } = options;
  try {
    if (dryRun) {
      while (!rows.next().done);
    } else if (as === 'csv' || as === 'jsonl') await writeLines(out, as, rows);
    else {
      const putFile = options.files ? copier(config, reader, counts) : undefined;
      const fill = async (payload: Payload) => {
        const all = crates({ payload, ...(putFile ? { putFile } : {}) });
        for (const row of rows) await all.add(row);
        all.close();
      };
      await filled(resolve(out), (made) =>
        as === 'bagit' ? bag(made, aboutBag(config), new Date(), fill) : fill(folder(made)),
      );
    }
    return counts;
  } finally {
    bar?.stop();
  }
}

function* chosen(
  reader: Reader,
  config: Config,
  options: Options,
  counts: Counts,
  bar: Bar | undefined,
): Generator<Row> {
  const rules = publishRules(config.publish, config.projects.private);
  const one = rowOf({ reader, rules, publish: config.publish, now: () => new Date() }, options.public === true); // prettier-ignore
  const today = utcDay(new Date());
  /** Public records leave out more than these. */
  const stays = ({ facts }: Row['image']): boolean =>
    !options.public &&
    !options.withheld &&
    withheldWords(whose(facts), config.publish.withhold, today) !== undefined;
  for (const image of found(reader, options)) {
    const held = stays(image);
    const row = held ? undefined : one(image);
    if (held) counts.withheld++;
    else if (row) {
      counts.records++;
      yield row;
    } else counts.withoutRecord++;
    bar?.at(counts.records + counts.withheld + counts.withoutRecord);
  }
}

async function writeLines(out: string, as: 'csv' | 'jsonl', rows: Iterable<Row>): Promise<void> {
  const part = out === '-' ? undefined : `${resolve(out)}.${process.pid}.part`;
  if (part) mkdirSync(resolve(out, '..'), { recursive: true });
  const stream = part ? createWriteStream(part) : process.stdout;
  try {
    if (as === 'csv') await put(stream, `${csvHeader}\r\n`);
    for (const { record, context } of rows)
      await put(stream, as === 'csv' ? `${csvRow(record, context)}\r\n` : `${JSON.stringify(record)}\n`);
    if (!part) return;
    stream.end();
    await finished(stream);
    await publish(part, resolve(out));
  } finally {
    if (part) rmSync(part, { force: true });
  }
}

async function put(stream: Writable, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

/** What one file can lack; a full disk, for one, is the matter of all of them. */
const LEFT_OUT = ['not_found', 'target_mismatch', 'target_unreachable', 'target_refused'];

/** Puts the tagged file of a row into the payload. */
function copier(config: Config, reader: Reader, counts: Counts) {
  const copy = taggedCopies(config, reader);
  return async (row: Row, path: string, payload: Payload): Promise<PutFile | undefined> => {
    const { taggedSha256 } = reader.deliveries.record(row.image.sha256, row.revision)!;
    try {
      let bytes = 0;
      await payload.file(path, taggedSha256, async (dest) => {
        await copy(row.image.sha256, row.revision, dest);
        bytes = statSync(dest).size;
      });
      counts.files++;
      return { sha256: taggedSha256, bytes };
    } catch (thrown) {
      // the others are worth having; it ends with exit code 1
      const { code, message } = asSemtagError(thrown);
      if (!LEFT_OUT.includes(code)) throw thrown;
      printError({ code, message: `${row.image.name}: left out: ${message}`, hint: '' }, false);
      counts.withoutFile++;
      return undefined;
    }
  };
}

const aboutBag = ({ facility }: Config): Record<string, string> => ({
  ...(facility.name === undefined ? {} : { 'Source-Organization': facility.name }),
  'Bag-Software-Agent': `semtag ${packageVersion()}`,
});

function words(
  { records, withheld, withoutRecord, files, withoutFile }: Counts,
  out: string,
  dryRun: boolean,
): string {
  const n = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  return [
    `${n(records, 'record')}${files ? ` and ${n(files, 'file')}` : ''} ${dryRun ? 'would be written' : out === '-' ? 'written' : `in ${out}`}`,
    ...(withheld ? [`${withheld} withheld left out`] : []),
    ...(withoutRecord ? [`${n(withoutRecord, 'image')} left out: no record, or none that is public`] : []),
    ...(withoutFile ? [`${n(withoutFile, 'file')} could not be had`] : []),
  ].join('; ');
}
