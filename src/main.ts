#!/usr/bin/env node
// argv -> one verb. Loads only the file of the verb that was asked for, so that `semtag --help` is quick. Does no work of its own.

import { Command, CommanderError } from 'commander';
import { nearest } from './config/nearest.ts';
import { CANNOT_START, fail, printError, WRONG } from './cli/report.ts';
import { VERBS } from './cli/verbs.ts';
import { packageVersion } from './serve/version.ts';

/** Below whatever was typed wrong. */
const NEXT = '  `semtag VERB --help` says what it takes, with an example.\n';

type VerbFile = { register: (program: Command) => void };

// `semtag list | head` closes our stdout early; that is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

await main(process.argv.slice(2));

async function main(argv: string[]): Promise<void> {
  const json = argv.includes('--json') || argv.includes('--jsonl');
  // `semtag help VERB` reads as `semtag VERB --help`
  const args = argv[0] === 'help' ? (argv[1] ? [argv[1], '--help'] : ['--help']) : argv;
  const [name = '--help'] = args;
  const program = makeProgram(json);
  try {
    if (!name.startsWith('-')) await registerVerb(program, name);
    else
      for (const verb of VERBS)
        program.command(verb.name).description(verb.summary).helpOption(false).allowExcessArguments();
    await program.parseAsync(args.length ? args : ['--help'], { from: 'user' });
  } catch (error) {
    // commander ends this way after --help and --version too
    if (!(error instanceof CommanderError)) fail(error, json);
    else if (error.exitCode !== 0) {
      if (json) printError({ code: 'usage', message: plain(error.message), hint: '' }, json);
      process.exitCode = CANNOT_START;
    }
  }
}

function makeProgram(json: boolean): Command {
  const program = new Command('semtag')
    .description('Classifies, tags and forwards the images of a scanning electron microscope as they arrive.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'say what a verb does and which options it takes')
    .helpCommand(false)
    .addHelpText(
      'after',
      `
A first config:  semtag init          What would not work:  semtag check
Start:           semtag run           Try it without a microscope:  semtag demo

Exit codes: 0 done, ${WRONG} something failed or was found wrong, ${CANNOT_START} wrong usage or cannot start.
\`semtag VERB --help\` has an example of each.`,
    )
    .exitOverride();
  program.configureOutput({
    outputError: (text, write) => {
      if (!json) write(`semtag: ${plain(text)}\n${/--help/.test(text) ? '' : NEXT}`);
    },
  });
  return program;
}

async function registerVerb(program: Command, name: string): Promise<void> {
  if (!VERBS.some((verb) => verb.name === name)) {
    const near = nearest(
      name,
      VERBS.map((verb) => verb.name),
    );
    program.error(
      `there is no verb ${name}.${near ? ` Did you mean ${near}?` : ''} \`semtag --help\` lists them.`,
    );
  }
  const { register } = (await import(`./cli/${name}.ts`)) as VerbFile;
  register(program);
}

function plain(text: string): string {
  return text.replace(/^error: /, '').trim();
}
