// `semtag open`: prints the address of the page of the running service, and opens it where there is a screen. Starts no service.

import type { Command } from 'commander';
import { SemtagError } from '../errors.ts';
import type { Code } from '../serve/auth/people.ts';
import type { PeopleView } from '../serve/routes/people.ts';
import { configOf, configOption, jsonOption, loginName, type CommonOptions } from './options.ts';
import { print } from './report.ts';
import { callService, runningService, type RunningService } from './running.ts';

type Options = CommonOptions & { print?: boolean };

export function register(program: Command): void {
  program
    .command('open')
    .description('Opens the page of the running service in the browser, and prints its address.')
    .option('--print', 'only print the address')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag open\n  $ semtag open --print\n\nWhile there is no manager it also makes the one-time link that makes one, and opens that.\n\nOn a machine without a screen, and with --json, it only prints.',
    )
    .action(async (options: Options) => {
      const { dataDir } = configOf(options);
      const service = await runningService(dataDir);
      if (!service)
        throw new SemtagError('not_found', `no service runs over ${dataDir}; \`semtag run\` starts one`);
      const url = service.page;
      const firstManager = await firstManagerLink(service);
      const opened = !options.print && !options.json && hasScreen() && (await opens(firstManager ?? url));
      print({ url, opened, ...(firstManager ? { firstManager } : {}) }, options.json === true, () =>
        firstManager
          ? `${url}\nThere is no manager yet: this link makes one, once, within a day; links made before, also the one in the log, are void.\n${firstManager}`
          : url,
      );
    });
}

/** Undefined where there is a manager. An older link is void, also the one in the log. */
async function firstManagerLink(service: RunningService): Promise<string | undefined> {
  const { users } = (await callService(service, '/api/people')) as PeopleView;
  if (users.some(({ role, disabled, hasPassword }) => role === 'manager' && !disabled && hasPassword))
    return undefined;
  const { code } = (await callService(service, '/api/people/first-manager', { by: loginName() })) as Code;
  return `${service.page}/#/sign-in?link=${code}`;
}

/** Windows and macOS open it themselves; elsewhere there is a display or there is none. */
function hasScreen({ platform, env } = process): boolean {
  const display = env['DISPLAY'] || env['WAYLAND_DISPLAY'];
  return platform === 'win32' || platform === 'darwin' || Boolean(display);
}

/** False, with a word, where it did not: the address was printed either way. */
async function opens(url: string): Promise<boolean> {
  try {
    const { default: open } = await import('open');
    const child = await open(url);
    child.on('error', () => undefined); // no browser there
    child.unref();
    return true;
  } catch (error) {
    process.stderr.write(`semtag: no browser could be opened (${(error as Error).message})\n`);
    return false;
  }
}
