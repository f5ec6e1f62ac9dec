// `semtag retry`: tries again what went aside or was not delivered, through the running service when there is one.

import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Config } from '../config/schema.ts';
import { asSemtagError, SemtagError } from '../errors.ts';
import type { Image } from '../store/images.ts';
import { openReader, type Reader } from '../store/reader.ts';
import { fileAside, filesAside, type FileAside } from './aside.ts';
import { connect, type Hands } from './connect.ts';
import { fileAt, findImage } from './find-image.ts';
import { byOption, configOf, configOption, dryRunOption, jsonOption, type CommonOptions } from './options.ts';
import { print, WRONG } from './report.ts';

type Options = CommonOptions & { all?: boolean; by: string; dryRun?: boolean };
type Work = { image: Image } | { file: FileAside };
type Outcome = {
  sha256?: string;
  file?: number;
  name: string;
  state?: string;
  /** why it is aside */
  reason?: string;
  error?: string;
};

const PAGE = 200;

export function register(program: Command): void {
  program
    .command('retry')
    .description('Tries images again that are aside, and deliveries that wait after a failure.')
    .argument('[image...]', 'SHA-256s, first digits of them, or files that hold the images or went aside')
    .option('--all', 'everything that is aside, incomplete files too')
    .addOption(byOption())
    .addOption(configOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag retry 3fa9 77c0\n  $ semtag retry --all --dry-run\n\nExit code 1 when one of them could not be tried again.',
    )
    .action(async (what: string[], options: Options) => {
      if (what.length > 0 === (options.all === true))
        throw new SemtagError('bad_request', 'name images, or give --all');
      const config = configOf(options);
      const work = await gather(config, what);
      const { outcomes, waits } = options.dryRun
        ? { outcomes: work.map(plan), waits: false }
        : await retryAll(config, work, options.by);
      if (outcomes.some((one) => one.error)) process.exitCode = WRONG;
      print(outcomes, options.json === true, () => text(outcomes, options.dryRun === true, waits));
    });
}

async function gather(config: Config, what: string[]): Promise<Work[]> {
  const reader = openReader(config.dataDir);
  try {
    if (!what.length) return everythingAside(reader);
    const found: Work[] = [];
    for (const one of what) {
      const file = existsSync(one) ? fileAt(reader, one) : undefined;
      if (file?.state === 'incomplete') found.push({ file: fileAside(file) });
      else found.push({ image: await findImage(reader, one) });
    }
    return found;
  } finally {
    reader.close();
  }
}

function everythingAside(reader: Reader): Work[] {
  const work: Work[] = [];
  let before: Image | undefined;
  do {
    const page = reader.images.list({ state: 'quarantined' }, PAGE, before);
    work.push(...page.map((image) => ({ image })));
    before = page.at(-1);
  } while (before);
  return [...work, ...filesAside(reader).map((file) => ({ file }))];
}

function plan(work: Work): Outcome {
  if ('file' in work) {
    const { file, path, state, error } = work.file;
    return { file, name: path, state, reason: error.message };
  }
  const { sha256, name, state, error } = work.image;
  return { sha256, name, state, ...(error ? { reason: error.message } : {}) };
}

async function retryAll(
  config: Config,
  work: Work[],
  by: string,
): Promise<{ outcomes: Outcome[]; waits: boolean }> {
  if (!work.length) return { outcomes: [], waits: false };
  const hands = await connect(config);
  const outcomes: Outcome[] = [];
  try {
    for (const one of work) outcomes.push(await retryOne(hands, one, by));
  } finally {
    hands.close();
  }
  return { outcomes, waits: hands.url === undefined };
}

async function retryOne(hands: Hands, work: Work, by: string): Promise<Outcome> {
  try {
    if ('image' in work) return { ...plan(work), state: (await hands.retry(work.image.sha256, by)).state };
    await hands.retryFile(work.file.file, by);
    return { ...plan(work), state: 'seen' };
  } catch (error) {
    return { ...plan(work), error: asSemtagError(error).message };
  }
}

/** `waits`: no service runs that would do it now. */
function text(outcomes: Outcome[], dryRun: boolean, waits: boolean): string {
  if (!outcomes.length) return 'nothing is aside';
  return outcomes
    .map(({ name, state, reason, error }) => {
      if (error) return `${name}: ${error}`;
      return dryRun
        ? `${name} (${state}${reason ? `: ${reason}` : ''}) would be tried again`
        : `${name}: ${waits ? 'will be tried again at the next start' : 'is being tried again'}, now ${state}`;
    })
    .join('\n');
}
