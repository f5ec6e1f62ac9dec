// `semtag open`: prints the address of the page of the running service, and opens it where there is a screen. Starts no service.

import type { Command } from 'commander';
import { SemtagError } from '../errors.ts';
import { configOf, configOption, jsonOption, type CommonOptions } from './options.ts';
import { print } from './report.ts';
import { runningService } from './running.ts';

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
      '\nExamples:\n  $ semtag open\n  $ semtag open --print\n\nOn a machine without a screen, and with --json, it only prints.',
    )
    .action(async (options: Options) => {
      const { dataDir } = configOf(options);
      const service = await runningService(dataDir);
      if (!service)
        throw new SemtagError('not_found', `no service runs over ${dataDir}; \`semtag run\` starts one`);
      // where nobody is manager yet, this is the place for the one-time link
      const url = service.url;
      const opened = !options.print && !options.json && hasScreen() && (await opens(url));
      print({ url, opened }, options.json === true, () => url);
    });
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
