// `semtag forget TARGET`: lets go of what a target that is gone was owed. Deletes nothing; only while no service runs.

import type { Command } from 'commander';
import { SemtagError } from '../errors.ts';
import type { Backlog } from '../store/deliveries.ts';
import { takeRunLock } from '../store/lock.ts';
import { openReader } from '../store/reader.ts';
import { openStore } from '../store/store.ts';
import { byOption, configOf, configOption, dryRunOption, jsonOption, type CommonOptions } from './options.ts';
import { print } from './report.ts';

type Options = CommonOptions & { by: string; dryRun?: boolean };

export function register(program: Command): void {
  program
    .command('forget')
    .description('Lets go of what a target was owed that the config does not name any more.')
    .argument('<target>', 'its name, as the config had it')
    .addOption(byOption())
    .addOption(configOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag forget old-nas --dry-run\n  $ semtag forget old-nas\n\n' +
        'A service does not start while a target is owed images that its config does not name. An image that every other target\n' +
        'holds is forwarded from then on; one that none holds stays in the data directory. What the target holds already stays there.',
    )
    .action((target: string, options: Options) => {
      const config = configOf(options);
      if (config.targets.some(({ name }) => name === target))
        throw new SemtagError(
          'bad_request',
          `the config names the target ${target}: only one that is gone from it can be forgotten`,
        );
      const found = backlogOf(config.dataDir).find((one) => one.target === target);
      const owed = (found?.owed ?? 0) + (found?.withheld ?? 0);
      if (owed === 0)
        throw new SemtagError('not_found', `${target}: nothing is owed to a target of this name`);
      const dryRun = options.dryRun === true;
      if (!dryRun) forget(config.dataDir, target, options.by);
      const images = `${owed} ${owed === 1 ? 'image' : 'images'}`;
      print({ target, owed, dryRun }, options.json === true, () =>
        dryRun ? `${target}: ${images} would not be owed any more` : `${target}: ${images} let go`,
      );
    });
}

function backlogOf(dataDir: string): Backlog[] {
  const reader = openReader(dataDir);
  try {
    return reader.deliveries.backlog();
  } finally {
    reader.close();
  }
}

function forget(dataDir: string, target: string, by: string): void {
  const lock = takeRunLock(dataDir);
  if (!lock)
    throw new SemtagError(
      'already_running',
      `${dataDir}: a semtag is using it; stop it, then forget ${target}`,
    );
  try {
    const store = openStore(dataDir);
    store.deliveries.forget(target, by, new Date().toISOString());
    store.close();
  } finally {
    lock.release();
  }
}
