// `semtag tag FILE...`: a tagged copy of each file and its record, without a service. Never opens the file itself for writing, and forwards nothing.

import { existsSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { personName } from '../decide/answers.ts';
import { SemtagError } from '../errors.ts';
import type { SemRecord } from '../record/record.ts';
import { writeTagged } from '../tag/write-tagged.ts';
import { noSuchFile, readable } from './classified.ts';
import { fileRecords } from './file-record.ts';
import { imageFiles, type ImageFile } from './image-files.ts';
import { answerOf } from './label.ts';
import {
  byOption,
  configIfThere,
  configOption,
  dryRunOption,
  jsonOption,
  type CommonOptions,
} from './options.ts';
import { fail, print, printError, WRONG } from './report.ts';

type Options = CommonOptions & {
  output: string;
  category?: string;
  second?: string;
  none?: boolean;
  unusable?: boolean;
  by: string;
  head?: string;
  force?: boolean;
  dryRun?: boolean;
};

const EXAMPLES = `
Examples:
  $ semtag tag image.tif --output tagged/                              labels it where the top score is above 0.8
  $ semtag tag --category Nanowires --by Anna image.tif -o tagged/     a person's label
  $ semtag tag --dry-run images/ -o tagged/                            says which label each would get

Each copy keeps its name and has its record beside it as NAME.json. An image whose top score is not above 0.8 goes unlabelled, with the
scores in its record, unless --category, --none or --unusable says what it is. \`semtag untag\` gives the acquired bytes back.
Facility, licence and ORCID iDs come from the config where there is one; none is needed.
What is tagged here is not known to a running service; drop the file into an acquisition directory for that.`;

export function register(program: Command): void {
  program
    .command('tag')
    .description('write a tagged copy of files and their records, without a service')
    .argument('<path...>', 'images, or folders of images')
    .requiredOption('-o, --output <dir>', 'write there; made when missing')
    .option('--category <category>', 'a person says what all of them show')
    .option('--second <category>', 'they show a second category too')
    .option('--none', 'none of the ten categories')
    .option('--unusable', 'not usable as images of a sample')
    .addOption(byOption())
    .option('--head <file>', 'a head made by `semtag train`; else the one in the config, or the shipped one')
    .option('--force', 'replace what lies there already')
    .addOption(configOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: Options) => {
      try {
        await tagAll(imageFiles(paths), options);
      } catch (error) {
        fail(error, options.json === true);
      }
    });
}

/** One file that cannot be tagged does not stop the others. */
async function tagAll(files: ImageFile[], options: Options): Promise<void> {
  const { category, none, unusable, head, json, dryRun, output } = options;
  const answered =
    category !== undefined || none === true || unusable === true || options.second !== undefined;
  const answer = answered ? answerOf(category, options) : undefined;
  const by = answer ? personName(options.by) : options.by;
  const inputs = files.map(({ file }) => file);
  const given = new Set<string>();
  const records = await fileRecords(configIfThere(options), head);
  try {
    for (const one of files) {
      try {
        if (one.missing) throw noSuchFile(one.file);
        const place = join(output, basename(one.file));
        refuseToReplace(place, one.file, inputs, given, options.force === true);
        given.add(place);
        const record = await records.of(one, 'tagged by hand', answer && { answer, by });
        if (!dryRun) {
          await mkdir(output, { recursive: true });
          await writeTagged(record, one.file, { image: place, json: `${place}.json` });
        }
        report(one.file, place, record, options);
      } catch (error) {
        const { code, message, advice } = readable(one.file, error);
        printError({ code, message, hint: advice }, json === true);
        process.exitCode = WRONG;
      }
    }
  } finally {
    records.close();
  }
}

/** Never one of the files that are tagged, never a copy that this call has made; other things only with --force. Throws bad_request. */
function refuseToReplace(
  place: string,
  file: string,
  inputs: string[],
  given: ReadonlySet<string>,
  force: boolean,
): void {
  const elsewhere = { advice: 'Name another folder with --output.' };
  const record = `${place}.json`;
  const input = inputs.find((one) => isSame(place, one) || isSame(record, one));
  if (input !== undefined)
    throw new SemtagError('bad_request', `${input}: the copy would replace it`, elsewhere);
  if (given.has(place))
    throw new SemtagError(
      'bad_request',
      `${file}: another file of that name was tagged to ${place}`,
      elsewhere,
    );
  const there = [place, record].find((path) => existsSync(path));
  if (there !== undefined && !force)
    throw new SemtagError('bad_request', `${there}: it is there already`, {
      advice: 'Replace it with --force, or name another folder with --output.',
    });
}

/** The same file under another path: through a link, or letter case. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [a, b].map((path) => statSync(path, { throwIfNoEntry: false, bigint: true }));
  return one !== undefined && one.dev === other?.dev && one.ino === other.ino;
}

function report(file: string, place: string, record: SemRecord, { dryRun, json }: Options): void {
  const { label, classification, acquired } = record;
  const line = {
    file,
    tagged: dryRun ? null : place,
    label,
    score: classification?.score ?? null,
    sha256: acquired.sha256,
  };
  const what = label.category ?? label.kind.replaceAll('_', ' ');
  const score = classification
    ? `  top score ${classification.score.toFixed(2)} ${classification.category}`
    : '';
  print(
    line,
    json === true,
    () => `${dryRun ? 'would write' : 'written'} ${place}  ${what} (${label.basis})${score}`,
  );
}
