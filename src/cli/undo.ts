// `semtag undo`: takes the answer to an image back, through the running service when there is one; anybody's, also after it was forwarded. Takes nothing back that no person said.

import type { Command } from 'commander';
import { personName } from '../decide/answers.ts';
import { SemtagError } from '../errors.ts';
import type { Image } from '../store/images.ts';
import { openReader } from '../store/reader.ts';
import { connect } from './connect.ts';
import { findImage } from './find-image.ts';
import { byOption, configOf, configOption, dryRunOption, jsonOption, type CommonOptions } from './options.ts';
import { print } from './report.ts';

type Options = CommonOptions & { by: string; dryRun?: boolean };

/** What hangs on the answer, each by its SHA-256. */
type Hangs = { together: string[]; resting: string[] };

export function register(program: Command): void {
  program
    .command('undo')
    .description(
      'Takes the answer to an image back: it is asked again, and what rested on it is judged anew.',
    )
    .argument('<image>', 'SHA-256, its first digits, or a file that holds the image')
    .addOption(byOption())
    .addOption(configOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag undo 3fa9 --by Anna\n  $ semtag undo wires_012.tif --dry-run\n  $ semtag undo 3fa9 --json | jq .resting\n\nWhat got the answer with it is asked again too. An image that was tagged already gets a new revision.',
    )
    .action(async (what: string, options: Options) => {
      personName(options.by);
      const config = configOf(options);
      const reader = openReader(config.dataDir);
      try {
        const image = await findImage(reader, what);
        const said = saidOf(image);
        const nameOf = (sha256: string) => `  ${sha256.slice(0, 12)}  ${reader.images.need(sha256).name}`;
        const lines = ({ together, resting }: Hangs, words: Words) =>
          [
            ...(together.length ? [words.together(together.length), ...together.map(nameOf)] : []),
            ...(resting.length ? [words.resting(resting.length), ...resting.map(nameOf)] : []),
          ].map((line) => `\n${line}`).join(''); // prettier-ignore
        const json = options.json === true;
        if (options.dryRun) {
          const { given, resting } = reader.along.hanging(image.sha256);
          const hangs = { together: given, resting };
          const plan = {
            sha256: image.sha256,
            state: image.state,
            label: image.label,
            ...hangs,
            dryRun: true,
          };
          print(plan, json, () => `${image.name}: ${said} would be taken back, and it would be asked again${lines(hangs, WOULD)}`); // prettier-ignore
          return;
        }
        const hands = await connect(config);
        try {
          const done = await hands.undo(image.sha256, options.by);
          const waits = hands.url || done.resting.length === 0 ? '' : '\nno service runs: they are judged at the next start'; // prettier-ignore
          print(done, json, () => `${done.name}: ${said} is taken back, now ${done.state}${lines(done, DONE)}${waits}`); // prettier-ignore
        } finally {
          hands.close();
        }
      } finally {
        reader.close();
      }
    });
}

/** Throws nothing_to_undo where its label is not a person's answer. */
function saidOf({ name, state, label }: Image): string {
  if (label?.basis !== 'answer' || !['labelled', 'tagged', 'forwarded'].includes(state))
    throw new SemtagError('nothing_to_undo', `${name} has no answer that can be taken back`);
  return `${label.category ?? label.kind} by ${label.by} (${label.at})`;
}

type Words = { together: (n: number) => string; resting: (n: number) => string };

const DONE: Words = {
  together: (n) => (n === 1 ? '1 image that got it too is asked again:' : `${n} images that got it too are asked again:`), // prettier-ignore
  resting: (n) => (n === 1 ? '1 image was labelled because of it and is judged anew:' : `${n} images were labelled because of it and are judged anew:`), // prettier-ignore
};

const WOULD: Words = {
  together: (n) => (n === 1 ? '1 image that got it too would be asked again:' : `${n} images that got it too would be asked again:`), // prettier-ignore
  resting: (n) => (n === 1 ? '1 image was labelled because of it and would be judged anew:' : `${n} images were labelled because of it and would be judged anew:`), // prettier-ignore
};
