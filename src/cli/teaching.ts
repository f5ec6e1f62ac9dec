// `semtag teaching`: how teaching does, from the running service; a manager sets it aside or puts it to use again. Says of people only where to look.

import type { Command } from 'commander';
import { Option } from 'commander';
import { personName } from '../decide/answers.ts';
import { SemtagError } from '../errors.ts';
import type { Teaching } from '../serve/routes/teaching.ts';
import {
  AGAIN_MEANS,
  ASIDE_MEANS,
  DRAWN,
  errorWords,
  FIRST,
  guardWords,
  oddMeans,
  oddWords,
  openWords,
  personWords,
  sideWords,
  useWords,
  wrongMeans,
  wrongWords,
} from '../serve/teaching-words.ts';
import { byOption, configOf, configOption, dryRunOption, jsonOption, type CommonOptions } from './options.ts';
import { print } from './report.ts';
import { callService, runningService } from './running.ts';

type Options = CommonOptions & { use?: 'yes' | 'no'; reason?: string; by: string; dryRun?: boolean };

export function register(program: Command): void {
  program
    .command('teaching')
    .description('Says how teaching does: in use or not, the error of automatic labels, answers to look at.')
    .addOption(
      new Option('--use <use>', 'no: the head alone decides; yes: answers teach again').choices([
        'yes',
        'no',
      ]),
    )
    .option('--reason <text>', 'why; stays in the history')
    .addOption(byOption())
    .addOption(configOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag teaching\n  $ semtag teaching --use no --reason "the samples of this week are odd" --by Mia\n  $ semtag teaching --use yes --reason "looked at the six images" --by Mia\n  $ semtag teaching --json | jq .checks.drawn\n\nThe service must run.',
    )
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { use: wanted, by, reason } = options;
  if ((wanted === undefined) !== (reason === undefined))
    throw new SemtagError('bad_request', '--use and --reason go together');
  if (options.dryRun && wanted === undefined)
    throw new SemtagError('bad_request', '--dry-run goes with --use');
  const config = configOf(options);
  const service = await runningService(config.dataDir);
  if (!service)
    throw new SemtagError('not_found', `no service runs over ${config.dataDir}; \`semtag run\` starts one`);
  const json = options.json === true;
  if (wanted === undefined) {
    const teaching = (await callService(service, '/api/teaching')) as Teaching;
    print(teaching, json, () => text(teaching, service.url));
    return;
  }
  const use = wanted === 'yes';
  const body = { use, by: personName(by), reason };
  if (options.dryRun) {
    const { teaching } = service.status as { teaching: Pick<Teaching, 'use'> };
    const words = use ? 'would be in use again' : 'would be set aside';
    const change = teaching.use === use ? `is ${use ? 'in use' : 'set aside'} already` : words;
    print({ ...body, now: teaching.use, dryRun: true }, json, () => `teaching ${change}`);
    return;
  }
  const done = (await callService(service, '/api/teaching', body)) as Teaching;
  print(done, json, () => `${useWords(done)}\n${use ? AGAIN_MEANS : ASIDE_MEANS}`);
}

function text(teaching: Teaching, url: string): string {
  const { use, since, checks, guard, odd } = teaching;
  const short = (images: { sha256: string; name: string }[]) =>
    images.map(({ sha256, name }) => `  ${sha256.slice(0, 12)}  ${name}`);
  type Checked = Teaching['checks']['wrong']['images'];
  const said = (images: Checked, words: (image: Checked[number]) => string) =>
    images.map((image) => `  ${image.sha256.slice(0, 12)}  ${image.name}: ${words(image)}`);
  return [
    `${useWords(teaching)}${since ? ` (since ${since})` : ''}`,
    ...(use ? [] : [ASIDE_MEANS]),
    '',
    errorWords(DRAWN, checks.drawn),
    errorWords(FIRST, checks.first),
    openWords(checks),
    ...(checks.wrong.all ? [wrongMeans(checks.wrong), ...said(checks.wrong.images, wrongWords)] : []),
    '',
    guardWords(guard),
    ...(guard.headRight.images.length ? ['The head alone was right:', ...said(guard.headRight.images, sideWords)] : []),
    ...(guard.taughtRight.images.length
      ? ['The taught head was right:', ...said(guard.taughtRight.images, sideWords)]
      : []),
    '',
    ...(odd.note ? [odd.note] : []),
    ...(odd.answers.length ? [`Answers to look at. ${oddMeans(odd)}`] : ['No answer stands against what looks like it.']),
    ...odd.answers.map(({ image, ...rest }) => `  ${image.sha256.slice(0, 12)}  ${image.name}: ${oddWords({ image, ...rest })}`),
    ...(odd.people ?? []).flatMap(({ by, images }) => [personWords(by), ...short(images)]),
    '',
    `With pictures: ${url}/#/teaching`,
  ].join('\n'); // prettier-ignore
}
