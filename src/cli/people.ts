// `semtag people`: who is let in, and the changes to it, beside a running service and without one. Says what each sub-verb takes; the work is in people-change.ts.

import { InvalidArgumentError, Option, type Command } from 'commander';
import { ROLES } from '../domain/access.ts';
import {
  byOption,
  configOption,
  dryRunOption,
  jsonOption,
  wholeNumber,
  type CommonOptions,
} from './options.ts';
import type { PeopleOptions } from './people-change.ts';

export function register(program: Command): void {
  const verb = program
    .command('people')
    .description('Says who is let in: accounts, tokens of programs and paired stations; changes it.')
    .helpCommand(false)
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag people\n  $ semtag people add Mia --role manager\n  $ semtag people link --first-manager\n  $ semtag people token add harvest --role harvester --days 365\n  $ semtag people station add "PC 2" --instrument Merlin\n\nWho can read the data directory may do all of this: nobody is asked for a password.',
    )
    .action(async (options: CommonOptions) => (await import('./people-list.ts')).list(options));

  const change = () => import('./people-change.ts');
  type Work = (name: string, options: PeopleOptions) => Promise<void>;
  const sub = (parent: Command, words: string, description: string, example: string, work: Work) =>
    parent
      .command(words)
      .description(description)
      .addOption(byOption())
      .addOption(configOption())
      .addOption(dryRunOption())
      .addOption(jsonOption())
      .addHelpText('after', `\nExample:\n  $ semtag people ${example}`)
      .action((name: string, _: object, command: Command) => work(name, command.optsWithGlobals()));

  verb
    .command('list')
    .description('The same as without a sub-verb.')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ semtag people list --json | jq -r .users[].name')
    .action(async (_: object, command: Command) =>
      (await import('./people-list.ts')).list(command.optsWithGlobals()),
    );
  sub(
    verb,
    'add <name>',
    'Makes an account and prints the link that sets its password; it holds for three days.',
    'add Carla --role operator --project 2211',
    async (name, options) => (await change()).addUser(name, options),
  )
    .addOption(roleOption())
    .addOption(projectOption());
  sub(
    verb,
    'change <name>',
    'Changes role or private projects of an account; of projects those that are named stay.',
    'change Carla --role manager',
    async (name, options) => (await change()).changeUser(name, options),
  )
    .addOption(roleOption(false))
    .addOption(projectOption())
    .option('--no-projects', 'member of no private project');
  sub(
    verb,
    'link [name]',
    'Prints a new link that sets the password of an account, or makes the first manager.',
    'link Carla',
    async (name, options) => (await change()).link(name, options),
  ).option('--first-manager', 'while there is no manager yet; it holds for a day');
  sub(
    verb,
    'disable <name>',
    'Signs somebody out and lets nobody in under this name; the history stays.',
    'disable Carla',
    async (name, options) => (await change()).setDisabled(name, true, options),
  );
  sub(verb, 'enable <name>', 'Lets a disabled account in again.', 'enable Carla', async (name, options) =>
    (await change()).setDisabled(name, false, options),
  );

  const token = verb.command('token').description('Tokens of programs: add or revoke.').helpCommand(false);
  sub(
    token,
    'add <name>',
    'Makes a token and prints its secret, this once.',
    'token add harvest --role harvester --days 365',
    async (name, options) => (await change()).addToken(name, options),
  )
    .addOption(roleOption())
    .addOption(projectOption())
    .option('--days <n>', 'how long it holds; else until it is revoked', wholeNumber(1));
  sub(
    token,
    'revoke <name>',
    'The program is let in no more.',
    'token revoke harvest',
    async (name, options) => (await change()).revokeToken(name, options),
  );

  const station = verb.command('station').description('Browsers at an instrument: add or revoke.').helpCommand(false); // prettier-ignore
  sub(
    station,
    'add <name>',
    'Prints the link that pairs the browser which opens it; it holds for an hour.',
    'station add "PC 2" --instrument Merlin Supra',
    async (name, options) => (await change()).pair(name, options),
  ).requiredOption('--instrument <name...>', 'people answer there for these');
  sub(
    station,
    'revoke <name>',
    'The browser is let in no more.',
    'station revoke "PC 2"',
    async (name, options) => (await change()).revokeStation(name, options),
  );
}

const roleOption = (needed = true) =>
  new Option(
    '--role <role>',
    'a harvester is given what is public, an operator reads and answers, a manager also manages',
  )
    .choices([...ROLES])
    .makeOptionMandatory(needed);

const projectOption = () =>
  new Option('--project <name...>', 'private projects that it sees').argParser(
    (name: string, before: string[] = []) => {
      if (!name.trim()) throw new InvalidArgumentError('A project has a name.');
      return [...before, name];
    },
  );
