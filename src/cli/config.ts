// `semtag config`: shows the config in force, explains a key, checks a file; exports and imports. Writes nothing itself: one file a sub-verb does.

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { effectiveKeys } from '../config/effective.ts';
import { configKeys, explainKey, type KeyInfo } from '../config/explain.ts';
import type { Config } from '../config/schema.ts';
import { loadConfig, placeInFile } from '../config/load.ts';
import type { Thresholds } from '../domain/decision.ts';
import { asSemtagError, SemtagError } from '../errors.ts';
import { refuseBind } from '../serve/bind.ts';
import { storedThreshold } from '../serve/threshold-words.ts';
import { openReader } from '../store/reader.ts';
import { exportSettings, type ExportOptions } from './config-export.ts';
import { importSettings, type ImportOptions } from './config-import.ts';
import {
  byOption,
  configOption,
  configPath,
  dryRunOption,
  jsonOption,
  type CommonOptions,
} from './options.ts';
import { print } from './report.ts';
import { table } from './table.ts';

export function register(program: Command): void {
  const config = program
    .command('config')
    .description(
      'Shows the config in force, explains a key, checks a file; moves settings to another SEM PC.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag config show\n  $ semtag config explain settle.giveUp\n  $ semtag config check /etc/semtag/semtag.yaml\n  $ semtag config export sem1.json\n  $ semtag config import sem1.json --dry-run',
    );

  config
    .command('show')
    .description('every value in force and where it comes from')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ semtag config show | grep file')
    .action((options: CommonOptions) => show(configPath(options.config), options.json === true));

  config
    .command('explain')
    .description('what a key means: type, unit, default and why; without a key all of them')
    .argument('[key]', 'such as settle.giveUp or instruments.quiet')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ semtag config explain instruments.quiet')
    .action((key: string | undefined, options: CommonOptions) => {
      if (key !== undefined) {
        const info = explainKey(key);
        print(info, options.json === true, () => explain(info));
      } else {
        const rows = () => configKeys().map((info) => [info.key, info.type, info.unit ?? '', given(info)]);
        print(configKeys(), options.json === true, () => table(rows(), ['key', 'type', 'unit', 'default']));
      }
    });

  config
    .command('check')
    .description(
      'whether a file is a config that can start: keys, values, head file, address; touches nothing else',
    )
    .argument('[file]', 'else the config that would be used')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ semtag config check semtag.yaml')
    .action((file: string | undefined, options: CommonOptions) => {
      const path = file === undefined ? configPath(options.config) : resolve(file);
      const { instruments, targets, model, serve } = loadConfig(path);
      const problems = [headProblem(path, model.head), hostProblem(path, serve)].filter(Boolean);
      if (problems.length) throw new SemtagError('config_invalid', problems.join('\n'));
      const counts = { path, valid: true, instruments: instruments.length, targets: targets.length };
      const words = `${path}: valid, ${count(instruments.length, 'instrument')}, ${count(targets.length, 'target')}`;
      print(counts, options.json === true, () => words);
    });

  config
    .command('export')
    .description(
      'config, thresholds and the head in use as one file for another SEM PC; no passwords or tokens',
    )
    .argument('<file>', 'to write; - is stdout')
    .option('--force', 'replace the file')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ semtag config export sem1.json')
    .action((file: string, options: ExportOptions) => exportSettings(file, options));

  config
    .command('import')
    .description(
      'take over what another SEM PC exported; directories, targets, address and dataDir of this machine stay',
    )
    .argument('<file>', 'that `semtag config export` wrote; - is stdin')
    .addOption(byOption())
    .addOption(dryRunOption())
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nThe service must be stopped. The old config stays beside the new one.\n\nExamples:\n  $ semtag config import sem1.json --dry-run\n  $ semtag config import sem1.json',
    )
    .action((file: string, options: ImportOptions) => importSettings(file, options));
}

/** What a start would refuse although the values are well formed. */
function headProblem(path: string, head: string | undefined): string | undefined {
  if (head === undefined || statSync(head, { throwIfNoEntry: false })?.isFile()) return undefined;
  return `${placeInFile(path, ['model', 'head'])}: model.head: there is no file ${head}`;
}

function hostProblem(path: string, serve: Config['serve']): string | undefined {
  try {
    refuseBind(serve, true); // whether there is a manager the database knows
    return undefined;
  } catch (error) {
    return `${placeInFile(path, ['serve', 'host'])}: ${asSemtagError(error).message}`;
  }
}

function show(path: string, json: boolean): void {
  const config = loadConfig(path);
  const current = thresholdsOf(config.dataDir);
  const values = effectiveKeys(path, config).map((one) => ({ ...one, ...storedThreshold(one.key, current) }));
  print({ path, values }, json, () =>
    [path, table(values.map(({ key, value, unit, origin }) => [key, shown(value, unit), origin]))].join('\n'),
  );
}

function thresholdsOf(dataDir: string): Thresholds | undefined {
  try {
    const reader = openReader(dataDir);
    const current = reader.thresholds.current();
    reader.close();
    return current;
  } catch {
    return undefined; // not started yet, or not readable for this account: then the file is what we know
  }
}

function shown(value: unknown, unit?: string): string {
  return `${typeof value === 'string' ? value : JSON.stringify(value)}${unit ? ` ${unit}` : ''}`;
}

const given = (info: KeyInfo): string =>
  info.default === undefined ? (info.required ? 'required' : '') : shown(info.default);

function explain(info: KeyInfo): string {
  const range = [
    ...(info.minimum === undefined ? [] : [`from ${info.minimum}`]),
    ...(info.maximum === undefined ? [] : [`to ${info.maximum}`]),
  ].join(' ');
  const none = info.required ? 'none: must be set' : 'none';
  const preset = info.default === undefined ? none : shown(info.default, info.unit);
  const rows = [
    ['type', info.type],
    ...(info.unit ? [['unit', info.unit]] : []),
    ...(info.choices ? [['one of', info.choices.join(', ')]] : []),
    ...(range ? [['range', range]] : []),
    ...(info.type.endsWith('section') || info.type === 'list of sections'
      ? [['keys', info.below.join(', ')]]
      : [['default', preset]]),
    ...(info.example === undefined ? [] : [['example', shown(info.example)]]),
  ];
  return [info.key, info.why, '', table(rows)].join('\n');
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
