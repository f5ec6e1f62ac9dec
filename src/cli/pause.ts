// `semtag pause`: forwarding and publishing wait, for everything, an instrument or a project, through the running service when there is one. Intake goes on.

import type { Command } from 'commander';
import { stoppedWords } from '../domain/pause.ts';
import { byOption, configOption, dryRunOption, jsonOption } from './options.ts';
import { changePause, whatOf, type PauseOptions } from './pausing.ts';

export function register(program: Command): void {
  program
    .command('pause')
    .description('Pauses forwarding and publishing; images are taken and labelled meanwhile.')
    .option('--instrument <name>', 'only of this instrument')
    .option('--project <name>', 'only of this project')
    .requiredOption('--reason <text>', 'why; operators read it, and it stays in the history')
    .addOption(byOption())
    .addOption(configOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag pause --reason "the repository moves"\n  $ semtag pause --instrument Merlin --reason "service visit" --by Mia\n  $ semtag pause --project 2211 --reason "its folder is sorted anew" --dry-run\n\n`semtag resume` ends it; `semtag status` says what is paused. An embargo is no pause: publish.withhold in the config.',
    )
    .action((options: PauseOptions & { reason: string }) =>
      changePause(options, whatOf(options), {
        would: (what) => `${stoppedWords(what)} would be paused`,
        already: (what) => `${stoppedWords(what)} are paused already`,
        done: (what) => `${stoppedWords(what)} are paused; everything stays owed`,
        paused: true,
        work: (hands, what) => hands.pause(what, options.by, options.reason),
      }),
    );
}
