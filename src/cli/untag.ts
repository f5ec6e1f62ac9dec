// `semtag untag FILE...`: gives back the acquired bytes of tagged files. Never changes the tagged file unless it is replaced with --force, and
// never writes what does not have the acquired SHA-256. Needs no config and no running service.

import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Command } from 'commander';
import { asSemtagError, SemtagError } from '../errors.ts';
import { checkRestorable, untag } from '../tag/untag.ts';
import { dryRunOption, jsonOption } from './options.ts';
import { fail, print, printError, WRONG } from './report.ts';

type Options = { output?: string; force?: boolean; dryRun?: boolean; json?: boolean };

const EXAMPLES = `
Examples:
  $ semtag untag image.tif                    writes image.acquired.tif beside it
  $ semtag untag --output restored/ *.tif     writes restored/NAME
  $ semtag untag --dry-run *.tif              only says whether it can be restored

The restored bytes must have the SHA-256 of the acquired file; otherwise nothing is written.`;

export function register(program: Command): void {
  program
    .command('untag')
    .description('give back the acquired bytes of tagged files, bit for bit')
    .argument('<file...>', 'files that semtag tagged (TIFF, PNG, JPEG)')
    .option('-o, --output <dir>', 'write there, under the name of the tagged file; made when missing')
    .option('--force', 'replace what lies there already')
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(untagAll);
}

/** One file that cannot be restored does not stop the others. */
async function untagAll(files: string[], options: Options): Promise<void> {
  const json = options.json === true;
  for (const file of files) {
    const restored = placeOf(file, options.output);
    if (existsSync(restored) && !options.force) {
      const hint = 'Replace it with --force, or name another folder with --output.';
      printError({ code: 'exists', message: `${restored}: it is there already`, hint }, json);
      process.exitCode = WRONG;
      continue;
    }
    try {
      const { sha256, size } = await untagOne(file, restored, options);
      const verb = options.dryRun ? 'would restore' : 'restored';
      print(
        { file, restored, bytes: size, sha256 },
        json,
        () => `${verb} ${restored}  ${size} bytes  sha256 ${sha256}`,
      );
    } catch (error) {
      fail(readable(file, error), json);
    }
  }
}

async function untagOne(
  file: string,
  restored: string,
  options: Options,
): Promise<{ sha256: string; size: number }> {
  if (options.dryRun) return checkRestorable(file);
  if (options.output) await mkdir(options.output, { recursive: true });
  return untag(file, restored);
}

function placeOf(file: string, output?: string): string {
  if (output) return join(output, basename(file));
  const extension = extname(file);
  return join(dirname(file), `${basename(file, extension)}.acquired${extension}`);
}

function readable(file: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return new SemtagError('not_found', `${file}: there is no such file`);
  if (code === 'EACCES' || code === 'EISDIR')
    return new SemtagError('unreadable', `${file}: ${(error as Error).message}`);
  return asSemtagError(error);
}
