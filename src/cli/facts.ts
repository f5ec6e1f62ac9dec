// `semtag facts`: corrects operator, project or sample of images, through the running service when there is one. All of them or none.

import type { Command } from 'commander';
import { personName, type FactValues } from '../decide/answers.ts';
import { FACT_NAMES } from '../domain/facts.ts';
import { SemtagError } from '../errors.ts';
import type { Image } from '../store/images.ts';
import { openReader } from '../store/reader.ts';
import { connect } from './connect.ts';
import { findImage } from './find-image.ts';
import { byOption, configOf, configOption, dryRunOption, jsonOption, type CommonOptions } from './options.ts';
import { print } from './report.ts';

type Options = CommonOptions & {
  operator?: string;
  project?: string;
  sample?: string;
  by: string;
  dryRun?: boolean;
};

/** As many as the service takes at once. */
const MOST = 1000;

export function register(program: Command): void {
  program
    .command('facts')
    .description('Corrects operator, project or sample of images.')
    .argument('<image...>', 'SHA-256s, first digits of them, or files that hold the images')
    .option('--operator <name>', 'who sat at the instrument; "" clears it')
    .option('--project <name>', 'the project; "" clears it')
    .option('--sample <name>', 'the sample; "" clears it')
    .addOption(byOption())
    .addOption(configOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag facts 3fa9 77c0 --sample GaAs-18 --by Anna\n  $ semtag list --name gaas --json | jq -r .sha256 | xargs semtag facts --project 2211 --dry-run\n\nAn image that was tagged already gets a new revision.',
    )
    .action(correct);
}

async function correct(what: string[], options: Options): Promise<void> {
  const values = valuesOf(options);
  personName(options.by);
  const config = configOf(options);
  const { images, resting } = await gather(config.dataDir, what);
  const json = options.json === true;
  if (options.dryRun) {
    const plan = images.map(({ sha256, name, facts }) => ({ sha256, name, facts, values, resting: resting.get(sha256), dryRun: true })); // prettier-ignore
    print(plan, json, () =>
      images.map((image) => planned(image, values, resting.get(image.sha256)!.length)).join('\n'),
    );
    return;
  }
  const hands = await connect(config);
  try {
    const sha256s = images.map((image) => image.sha256);
    const done = await hands.correctFacts(sha256s, values, options.by);
    print(done, json, () =>
      done
        .map(({ name, state, revision }) => `${name}: corrected, now ${state}, revision ${revision}`)
        .join('\n'),
    );
  } finally {
    hands.close();
  }
}

function valuesOf(options: Options): FactValues {
  const values: FactValues = {};
  for (const name of FACT_NAMES) {
    const given = options[name];
    if (given !== undefined) values[name] = given.trim() || null;
  }
  if (Object.keys(values).length === 0)
    throw new SemtagError('bad_request', 'give one or more of --operator, --project, --sample');
  return values;
}

/** With the labels that rest on the answers to them: in another series they are judged anew. */
async function gather(
  dataDir: string,
  what: string[],
): Promise<{ images: Image[]; resting: Map<string, string[]> }> {
  // prettier-ignore
  const reader = openReader(dataDir);
  try {
    const found = new Map<string, Image>();
    for (const one of what) {
      const image = await findImage(reader, one);
      found.set(image.sha256, image);
    }
    if (found.size > MOST)
      throw new SemtagError('bad_request', `${found.size} images: ${MOST} at most in one correction`);
    const images = [...found.values()];
    const resting = images.map(({ sha256 }) => [sha256, reader.along.hanging(sha256).resting] as const);
    return { images, resting: new Map(resting) };
  } finally {
    reader.close();
  }
}

function planned({ name, facts }: Image, values: FactValues, resting: number): string {
  const changes = FACT_NAMES.filter((fact) => values[fact] !== undefined).map(
    (fact) => `${fact} ${facts[fact]?.value ?? 'not known'} would become ${values[fact] ?? 'not known'}`,
  );
  const labels = resting === 1 ? '1 label rests' : `${resting} labels rest`;
  const rest =
    resting === 0
      ? ''
      : `; ${labels} on the answer to it and would be judged anew if it went into another series`;
  return `${name}: ${changes.join(', ')}${rest}`;
}
