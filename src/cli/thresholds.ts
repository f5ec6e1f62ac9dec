// `semtag thresholds`: the ones in force, what others would have done, a new version, an old one again. Works beside a running service and without one.

import { readFileSync } from 'node:fs';
import { InvalidArgumentError, type Command } from 'commander';
import { personName } from '../decide/answers.ts';
import { rollBack, saveThresholds, type Why } from '../decide/thresholds.ts';
import { ALL_SIGHT } from '../domain/access.ts';
import { CATEGORIES } from '../domain/categories.ts';
import { thresholdsProblem, type ThresholdsValue } from '../domain/decision.ts';
import type { Config } from '../config/schema.ts';
import { SemtagError } from '../errors.ts';
import { parseCalibration } from '../learn/calibration-file.ts';
import { confirmedHistory } from '../learn/confirmed-history.ts';
import { thresholdChoice } from '../learn/threshold-choice.ts';
import { errorWords, historyWords, percent, SAVED_MEANS, valueWords, waitingWords, WAYS } from '../serve/threshold-words.ts'; // prettier-ignore
import { pairsOf } from '../serve/thresholds-query.ts';
import { takeRunLock } from '../store/lock.ts';
import { openReader, type Reader } from '../store/reader.ts';
import { openStore, type Store } from '../store/store.ts';
import type { ThresholdsVersion } from '../store/thresholds.ts';
import { byOption, configOf, configOption, dryRunOption, jsonOption, type CommonOptions } from './options.ts';
import { print } from './report.ts';
import { callService, runningService } from './running.ts';
import { table } from './table.ts';

type Setting = { auto?: number; prompt?: number; perCategory?: string; from?: string };
type Saving = CommonOptions & { reason: string; by: string; dryRun?: boolean };

const MEANS = `
What is not named stays as it is in force. --per-category names the categories that have a pair of their own, auto before prompt, and
"none" takes all of them back. --from reads what \`semtag calibrate\` proposed; a proposal without enough data changes nothing.`;

export function register(program: Command): void {
  const verb = program
    .command('thresholds')
    .description('Shows the thresholds in force and all versions; tries out, saves and rolls back.')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag thresholds\n  $ semtag thresholds what-if --auto 0.7\n  $ semtag thresholds save --auto 0.7 --reason "fewer questions" --by Mia\n  $ semtag thresholds save --from heads/ours.calibration.json --reason "calibrated on our images"\n  $ semtag thresholds compare 1 3\n  $ semtag thresholds roll-back 1 --reason "too many wrong"',
    )
    .action((options: CommonOptions) => show(options));
  const merged = (command: Command) => command.optsWithGlobals<CommonOptions>();

  setting(verb.command('what-if').description('what these would have done to the confirmed history'))
    .addOption(jsonOption())
    .addHelpText('after', `${MEANS}\n\nExample:\n  $ semtag thresholds what-if --per-category Tips:0.9:0.4`)
    .action((given: Setting, command: Command) => tryOut(given, merged(command)));
  setting(verb.command('save').description('save these as the next version'))
    .requiredOption('--reason <text>', 'why; stays in the history')
    .addOption(byOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `${MEANS}\n\nExample:\n  $ semtag thresholds save --auto 0.75 --reason "fewer questions"`,
    )
    .action((given: Setting & Saving, command: Command) => save(given, { ...given, ...merged(command) }));
  verb
    .command('compare')
    .description('two versions on the confirmed history')
    .argument('<version>', '', version)
    .argument('[other]', 'else the one in force', version)
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ semtag thresholds compare 1 3')
    .action((one: number, other: number | undefined, _: object, command: Command) =>
      compare(one, other, merged(command)),
    );
  verb
    .command('roll-back')
    .description('the values of an old version as the next one, which names it')
    .argument('<version>', '', version)
    .requiredOption('--reason <text>', 'why; stays in the history')
    .addOption(byOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ semtag thresholds roll-back 1 --reason "too many wrong"')
    .action((to: number, given: Saving, command: Command) => back(to, { ...given, ...merged(command) }));
}

const setting = (command: Command) =>
  command
    .option('--auto <score>', 'labelled by itself above it', score)
    .option('--prompt <score>', 'two suggestions from here on', score)
    .option('--per-category <pairs>', 'such as Tips:0.9:0.4,Fibres:0.7:0.3; none: no category has its own')
    .option('--from <file>', 'a calibration that `semtag calibrate` wrote');

function show(options: CommonOptions): Promise<void> {
  return reading(configOf(options), async ({ thresholds }, choice) => {
    const [inForce, versions] = [inForceOf(thresholds.current()), thresholds.versions()];
    const history = await choice.summary(ALL_SIGHT);
    print({ inForce, versions, history }, options.json === true, () =>
      [
        `Version ${inForce.version} is in force: ${valueWords(inForce)}`,
        ...historyWords(history),
        '',
        table(versions.map((one) => [one.version, one.at, one.author, valueWords(one), one.reason]), ['version', 'when', 'who', 'thresholds', 'why']), // prettier-ignore
      ].join('\n'),
    );
  });
}

function tryOut(given: Setting, options: CommonOptions): Promise<void> {
  return reading(configOf(options), async ({ thresholds }, choice) => {
    const inForce = inForceOf(thresholds.current());
    await printBoth(choice, ['these', changed(inForce, given)], inForce, options.json === true);
  });
}

function compare(one: number, other: number | undefined, options: CommonOptions): Promise<void> {
  return reading(configOf(options), async ({ thresholds }, choice) => {
    const against = other === undefined ? inForceOf(thresholds.current()) : thresholds.need(other);
    await printBoth(choice, [`version ${one}`, thresholds.need(one)], against, options.json === true);
  });
}

type Choice = ReturnType<typeof thresholdChoice>;

async function printBoth(choice: Choice, [name, value]: [string, ThresholdsValue], against: ThresholdsVersion, json: boolean) {
  const [candidate, other] = await choice.whatIf([value, against], ALL_SIGHT);
  const past = await choice.past(against.version, ALL_SIGHT);
  const waiting = [value, against].map((one) => choice.waiting(one, ALL_SIGHT));
  const found = {
    candidate: { thresholds: value, ...candidate! },
    against: { thresholds: against, ...other!, past: past.all, waiting: waiting[1] },
    waiting: waiting[0],
  };
  const both = [candidate!.all, other!.all];
  print(found, json, () =>
    [
      `${name}: ${valueWords(value)}`,
      `version ${against.version}: ${valueWords(against)}`,
      '',
      table(
        [
          ...WAYS.map(({ decision, words }) => [words, ...both.map(({ counts }) => counts[decision].first + counts[decision].second + counts[decision].neither)]),
          ['of these wrong', ...both.map(({ wrong }) => wrong)],
          ['of all images, label themselves about', ...both.map(({ shares }) => (shares ? percent(shares.auto) : '-'))],
        ],
        [`${both[0]!.images} confirmed`, name, `version ${against.version}`],
      ),
      '',
      `Expected with ${name}: ${errorWords(both[0]!.error)}`,
      `Expected with version ${against.version}: ${errorWords(both[1]!.error)}`,
      `Seen among the labels that version ${against.version} gave: ${errorWords(past.all)}`,
      // two versions that are compared are both looked at; what is tried out is held against what is in force
      ...(name === 'these' ? [waitingWords(waiting[0]!)] : waiting.map((one, i) => waitingWords(one, `the thresholds of ${[name, `version ${against.version}`][i]}`))),
    ].join('\n'),
  );
} // prettier-ignore

async function save(given: Setting, options: Saving): Promise<void> {
  const { config, inForce, why } = before(options);
  const value = changed(inForce, given);
  const word = (version: number) => `version ${version}: ${valueWords(value)}`;
  if (options.dryRun) return print({ ...value, dryRun: true }, options.json === true, () => `would be saved as ${word(inForce.version + 1)}`); // prettier-ignore
  const saved = await writing(config, '/api/thresholds', { ...value, ...why }, (store) => saveThresholds(store, value, why)); // prettier-ignore
  print(saved, options.json === true, () => `saved as ${word(saved.version)}\n${SAVED_MEANS}`);
}

async function back(to: number, options: Saving): Promise<void> {
  const { config, why } = before(options);
  if (options.dryRun) return print({ to, dryRun: true }, options.json === true, () => `the values of version ${to} would be in force again`); // prettier-ignore
  const saved = await writing(config, '/api/thresholds/roll-back', { to, ...why }, (store) => rollBack(store, to, why)); // prettier-ignore
  print(saved, options.json === true, () => `saved as version ${saved.version}: ${valueWords(saved)}\n${SAVED_MEANS}`); // prettier-ignore
}

function before(options: Saving): { config: Config; inForce: ThresholdsVersion; why: Why } {
  const config = configOf(options);
  const reader = openReader(config.dataDir);
  const inForce = inForceOf(reader.thresholds.current());
  reader.close();
  const why = { reason: options.reason, by: personName(options.by), version: inForce.version };
  return { config, inForce, why };
}

function inForceOf(current: ThresholdsVersion | undefined): ThresholdsVersion {
  if (current) return current;
  throw new SemtagError(
    'not_found',
    'there are no thresholds yet; the first start takes them from the config',
  );
}

/** What is in force with what was named. Throws bad_request. */
function changed(inForce: ThresholdsVersion, { auto, prompt, perCategory, from }: Setting): ThresholdsValue {
  const base = from === undefined ? inForce : proposed(inForce, from);
  const own =
    perCategory === undefined ? base.perCategory : pairsOf(perCategory === 'none' ? '' : perCategory);
  if (perCategory !== undefined && !own)
    throw new SemtagError('bad_request', `--per-category ${perCategory}: write Tips:0.9:0.4,Fibres:0.7:0.3`);
  const value: ThresholdsValue = { auto: auto ?? base.auto, prompt: prompt ?? base.prompt };
  if (own && Object.keys(own).length > 0) value.perCategory = own;
  const problem = thresholdsProblem(value);
  if (problem) throw new SemtagError('bad_request', problem);
  return value;
}

/** A category whose threshold was proposed gets it, with the prompt of all, never above it. */
function proposed(inForce: ThresholdsVersion, path: string): ThresholdsValue {
  const { thresholds } = parseCalibration(readFileSync(path, 'utf8'), path);
  const auto = thresholds.auto ?? inForce.auto;
  const prompt = Math.min(thresholds.prompt ?? inForce.prompt, auto);
  const perCategory: ThresholdsValue['perCategory'] = {};
  for (const name of CATEGORIES) {
    const own = thresholds.perCategory[name];
    if (own !== undefined) perCategory[name] = { auto: own, prompt: Math.min(prompt, own) };
  }
  return { auto, prompt, ...(Object.keys(perCategory).length ? { perCategory } : {}) };
}

async function reading(
  config: Config,
  use: (reader: Reader, choice: Choice) => Promise<void>,
): Promise<void> {
  const reader = openReader(config.dataDir);
  try {
    const { confirmed: store, teaching } = reader;
    const { instruments } = config;
    await use(reader, thresholdChoice({ store, history: confirmedHistory(store), instruments, teaching }));
  } finally {
    reader.close();
  }
}

/** By the service where one runs, else by this process under the lock. */
async function writing(config: Config, path: string, body: object, direct: (store: Store) => ThresholdsVersion): Promise<ThresholdsVersion> {
  const service = await runningService(config.dataDir);
  if (service) return (await callService(service, path, body)) as ThresholdsVersion;
  const lock = takeRunLock(config.dataDir);
  if (!lock) throw new SemtagError('already_running', `${config.dataDir}: another semtag holds the lock and answers at no address`); // prettier-ignore
  try {
    const store = openStore(config.dataDir);
    try {
      return direct(store);
    } finally {
      store.close();
    }
  } finally {
    lock.release();
  }
} // prettier-ignore

function score(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('a score from 0 to 1, as in 0.8');
  return value;
}

function version(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('the number of a version');
  return Number(text);
}
