// `semtag init`: writes a first config with comments, by asking or by options. Never overwrites one without --force; starts nothing.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Option, type Command } from 'commander';
import { checkConfig } from '../config/load.ts';
import { configYaml } from '../config/yaml.ts';
import { MODES, type Mode } from '../domain/label.ts';
import { isZone } from '../domain/zone.ts';
import { SemtagError } from '../errors.ts';
import { dryRunOption, jsonOption } from './options.ts';
import { print } from './report.ts';

type Options = {
  instrument?: string;
  root?: string;
  mode?: Mode;
  zone?: string;
  target?: string;
  dataDir?: string;
  yes?: boolean;
  force?: boolean;
  dryRun?: boolean;
  json?: boolean;
};

const OBSERVE = `
Modes:
  observe  classify and show what auto would have done; ask nobody, label nothing; the file is forwarded unchanged
           with its record beside it, under unlabelled/
  ask      every image is labelled by a person
  auto     label by itself above the threshold, ask below it
Begin with observe for some days: \`semtag list\` shows the category with its score and what auto would have done;
whether that is right, only people can say.`;

export function register(program: Command): void {
  program
    .command('init')
    .description('Writes a first config, with every key explained in it.')
    .argument('[file]', 'where to write it', 'semtag.yaml')
    .option('--instrument <name>', 'name of the instrument (SEM 1)')
    .option('--root <dir>', 'its acquisition directory')
    .addOption(new Option('--mode <mode>', 'how it is treated (observe)').choices(MODES))
    .option('--zone <zone>', 'IANA time zone of the instrument PC (that of this machine)')
    .option('--target <dir>', 'the directory that receives the images')
    .option('--data-dir <dir>', 'where semtag keeps its database and private copies')
    .option('-y, --yes', 'ask nothing: take what is not given from the proposals')
    .option('--force', 'overwrite a config that is there')
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `\nExamples:\n  $ semtag init\n  $ semtag init /etc/semtag/semtag.yaml --root /srv/acquisition/sem1 --target /srv/repository --yes\n${OBSERVE}`,
    )
    .action((file: string, options: Options) => init(resolve(file), options));
}

async function init(path: string, options: Options): Promise<void> {
  if (existsSync(path) && !options.force && !options.dryRun)
    throw new SemtagError('bad_request', `${path} is there already; --force overwrites it`);
  const { instrument, root, mode, zone, target, dataDir } = await answers(options);
  const values = {
    dataDir,
    instruments: [{ name: instrument, root, mode, ...(zone ? { zone } : {}) }],
    targets: target ? [{ name: 'repository', type: 'folder', path: target }] : [],
  };
  checkConfig(values, 'init');
  const text = configYaml(values);
  if (options.dryRun) {
    print({ path, text, dryRun: true }, options.json === true, () => text.trimEnd());
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { flag: options.force ? 'w' : 'wx' });
  print({ path }, options.json === true, () =>
    [`wrote ${path}`, `Next: semtag check --config ${path}, then semtag run --config ${path}`].join('\n'),
  );
}

type Answers = {
  instrument: string;
  root: string;
  mode: Mode;
  zone: string;
  target: string;
  dataDir: string;
};

const PROPOSALS: Answers = {
  instrument: 'SEM 1',
  root: '',
  mode: 'observe',
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  target: '',
  dataDir: './semtag-data',
};

const QUESTIONS: Record<keyof Answers, string> = {
  instrument: 'Name of the instrument',
  root: 'Its acquisition directory (only ever read)',
  mode: `Mode: ${MODES.join(', ')} (begin with observe)`,
  zone: 'Time zone of the instrument PC',
  target: 'Directory that receives the images (empty: none yet)',
  dataDir: 'Data directory of semtag, on a local disk',
};

/** Options first; what they leave open is asked on a terminal, else taken from the proposals where there is one. */
async function answers(options: Options): Promise<Answers> {
  const given = (name: keyof Answers) => options[name];
  const asks = process.stdin.isTTY && !options.yes;
  if (!asks) {
    if (!options.root)
      throw new SemtagError(
        'bad_request',
        '--root is missing: the acquisition directory, as in `semtag init --root /srv/acquisition/sem1 --yes`',
      );
    return { ...PROPOSALS, ...options };
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const found: Record<string, string> = { ...PROPOSALS };
  try {
    for (const name of Object.keys(QUESTIONS) as (keyof Answers)[])
      found[name] = given(name) ?? (await ask(terminal.question.bind(terminal), name));
  } finally {
    terminal.close();
  }
  return found as Answers;
}

/** Enter takes the proposal; a mode or zone that does not exist and a missing acquisition directory are asked again. */
async function ask(question: (text: string) => Promise<string>, name: keyof Answers): Promise<string> {
  const proposal = PROPOSALS[name];
  for (;;) {
    const typed = (await question(`${QUESTIONS[name]}${proposal ? ` [${proposal}]` : ''}: `)).trim();
    const value = typed || proposal;
    const valid = {
      mode: (MODES as readonly string[]).includes(value),
      root: value !== '',
      zone: isZone(value),
    };
    if (valid[name as keyof typeof valid] ?? true) return value;
  }
}
