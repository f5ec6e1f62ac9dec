// `semtag label`: answers for an image or corrects its label, through the running service when there is one. The functions are those of the page.

import type { Command } from 'commander';
import { personName } from '../decide/answers.ts';
import { CATEGORIES, categoryNamed, type Category } from '../domain/categories.ts';
import { labelTitle, type Answer } from '../domain/label.ts';
import { SemtagError } from '../errors.ts';
import type { Image } from '../store/images.ts';
import { openReader } from '../store/reader.ts';
import { connect } from './connect.ts';
import { findImage } from './find-image.ts';
import { nearest } from '../config/nearest.ts';
import { byOption, configOf, configOption, dryRunOption, jsonOption, type CommonOptions } from './options.ts';
import { print } from './report.ts';

type Options = CommonOptions & {
  second?: string;
  none?: boolean;
  unusable?: boolean;
  by: string;
  note?: string;
  notForTraining?: boolean;
  dryRun?: boolean;
};

export function register(program: Command): void {
  program
    .command('label')
    .description('Answers for an image that asks, or corrects a label that was given.')
    .argument('<image>', 'SHA-256, its first digits, or a file that holds the image')
    .argument('[category]', `one of ${CATEGORIES.join(', ')}`)
    .option('--second <category>', 'the image shows a second category too')
    .option('--none', 'none of the ten categories')
    .option('--unusable', 'not usable as an image of a sample')
    .addOption(byOption())
    .option('--note <text>', 'a remark that stays with the label')
    .option('--not-for-training', 'nothing is learned from it: an odd one out, a guess')
    .addOption(configOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag label 3fa9 Nanowires --by Anna\n  $ semtag label 3fa9 Tips --second Nanowires --dry-run\n  $ semtag label 3fa9 --none',
    )
    .action(async (what: string, category: string | undefined, options: Options) => {
      const answer = answerOf(category, options);
      personName(options.by);
      const config = configOf(options);
      const reader = openReader(config.dataDir);
      let image: Image;
      let hangs: { given: string[]; parts: string[]; resting: string[] };
      try {
        image = await findImage(reader, what);
        const parts = reader.along.parts(image.sha256, answer.kind);
        hangs = { ...reader.along.hanging(image.sha256), parts };
      } finally {
        reader.close();
      }
      const before = image.label ? labelTitle(image.label) : 'no label';
      const after = labelTitle(answer);
      if (options.dryRun) {
        const { given, parts, resting } = hangs;
        const hanging = { together: [...new Set([...given, ...parts])], resting };
        const plan = { sha256: image.sha256, state: image.state, before, answer, ...hanging, dryRun: true };
        const words = `${image.name} (${image.state}): ${before} would become ${after}${hangingWords(hangs, answer.kind)}`;
        print(plan, options.json === true, () => words);
        return;
      }
      const hands = await connect(config);
      try {
        const { by, note, notForTraining } = options;
        const more = { ...(note ? { note } : {}), ...(notForTraining ? { notForTraining } : {}) };
        const done = await hands.label(image.sha256, { answer, by, ...more });
        const waits = hands.url ? '' : '; no service runs: it is tagged and forwarded at the next start';
        const untaught = done.label?.teaches === false ? '; nothing is learned from it' : '';
        const { length } = done.together;
        const along =
          length === 0 ? '' : `; so are ${length} more of the same acquisition or answered with it`;
        print(
          done,
          options.json === true,
          () => `${done.name}: ${before} -> ${after}, now ${done.state}${along}${untaught}${waits}`,
        );
      } finally {
        hands.close();
      }
    });
}

/** What else a correction changes. What is said of one picture only does not go to others: they are asked again. */
function hangingWords(
  { given, parts, resting }: { given: string[]; parts: string[]; resting: string[] },
  kind: Answer['kind'],
): string {
  const images = (n: number) => (n === 1 ? '1 image' : `${n} images`);
  const waiting = parts.filter((part) => !given.includes(part)).length;
  const follow = kind === 'unusable' ? 'follows or is asked again' : 'follows';
  return [
    ...(given.length ? [`\n${images(given.length)} that got the answer too: each ${follow}`] : []),
    ...(waiting ? [`\n${images(waiting)} of the same acquisition would be labelled with it`] : []),
    ...(resting.length ? [`\n${restingWords(resting.length)}`] : []),
  ].join('');
}

const restingWords = (n: number): string =>
  n === 1 ? '1 label rests on the answer to it and would be judged anew' : `${n} labels rest on the answer to it and would be judged anew`; // prettier-ignore

/** Throws bad_request. */
export function answerOf(
  category: string | undefined,
  { second, none, unusable }: Pick<Options, 'second' | 'none' | 'unusable'>,
): Answer {
  const given = [category, none, unusable].filter((one) => one !== undefined);
  if (given.length !== 1) throw new SemtagError('bad_request', 'give one of: a category, --none, --unusable');
  if (second !== undefined && category === undefined)
    throw new SemtagError('bad_request', '--second goes with a category');
  if (none) return { kind: 'none_of_these' };
  if (unusable) return { kind: 'unusable' };
  const first = categoryOf(category!);
  if (second === undefined) return { kind: 'category', category: first };
  const other = categoryOf(second);
  if (other === first) throw new SemtagError('bad_request', `--second: ${other} is the first one already`);
  return { kind: 'category', category: first, second: other };
}

function categoryOf(typed: string): Category {
  const found = categoryNamed(typed);
  if (found) return found;
  const near = nearest(typed, CATEGORIES);
  const which = near ? `; did you mean ${near}?` : `: ${CATEGORIES.join(', ')}`;
  throw new SemtagError('bad_request', `${typed}: not one of the ten categories${which}`);
}
