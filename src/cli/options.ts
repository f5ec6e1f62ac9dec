// The options that verbs share, and where the config is looked for. Reads the config; opens nothing else.

import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { SemtagError } from '../errors.ts';

export type CommonOptions = { config?: string; json?: boolean };

export const SYSTEM_CONFIG = '/etc/semtag/semtag.yaml';

export const configOption = (): Option =>
  new Option('-c, --config <file>', `the config; else $SEMTAG_CONFIG, ./semtag.yaml or ${SYSTEM_CONFIG}`);

export const jsonOption = (): Option => new Option('--json', 'print JSON, errors too');

export const dryRunOption = (): Option => new Option('--dry-run', 'say what would be done and do nothing');

/** Every label and every retry says who: the person at the keyboard unless told. */
export const byOption = (): Option => new Option('--by <name>', 'who does it').default(loginName());

/** Parses the value of an option. */
export function wholeNumber(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d{1,9}$/.test(text) || value < minimum)
      throw new InvalidArgumentError(`It must be a whole number from ${minimum} on.`);
    return value;
  };
}

export function loginName(): string {
  try {
    return process.env['SUDO_USER'] || userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`; // in a container the number may have no name
  }
}

const found = (): string | undefined => ['semtag.yaml', SYSTEM_CONFIG].find((path) => existsSync(path));
const named = (option?: string): string | undefined => option ?? process.env['SEMTAG_CONFIG'];

/** Path of the config that a verb works with. Throws config_invalid where there is none. */
export function configPath(option?: string): string {
  const path = named(option) || found();
  if (!path)
    throw new SemtagError('config_invalid', `there is no ./semtag.yaml and no ${SYSTEM_CONFIG}`, {
      advice: '`semtag init` writes one; --config names one that is elsewhere.',
    });
  return resolve(path);
}

export function configOf(options: CommonOptions): Config {
  return loadConfig(configPath(options.config));
}

/** Of verbs that work without one as well: undefined where none is named and none is found. */
export function configIfThere(options: CommonOptions): Config | undefined {
  return named(options.config) || found() ? configOf(options) : undefined;
}
