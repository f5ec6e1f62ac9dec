// `semtag resume`: ends a pause of forwarding and publishing, through the running service when there is one. What waited is due at once.

import type { Command } from 'commander';
import { stoppedWords } from '../domain/pause.ts';
import { byOption, configOption, dryRunOption, jsonOption } from './options.ts';
import { changePause, whatOf, type PauseOptions } from './pausing.ts';

export function register(program: Command): void {
  program
    .command('resume')
    .description('Ends a pause of forwarding and publishing; what waited is sent.')
    .option('--instrument <name>', 'the pause of this instrument')
    .option('--project <name>', 'the pause of this project')
    .addOption(byOption())
    .addOption(configOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag resume\n  $ semtag resume --instrument Merlin --by Mia\n  $ semtag resume --project 2211 --dry-run',
    )
    .action((options: PauseOptions) =>
      changePause(options, whatOf(options), {
        would: (what) => `${stoppedWords(what)} would go on`,
        already: (what) => `${stoppedWords(what)} are not paused`,
        done: (what) => `${stoppedWords(what)} go on`,
        paused: false,
        work: (hands, what) => hands.resume(what, options.by),
      }),
    );
}
