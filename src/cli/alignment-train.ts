// `semtag alignment train LIST`: an alignment head from images labelled aligned or not, with what it is worth. Never replaces a file without --force.

import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { backboneKey, findBackbone } from '../classify/backbones.ts';
import { DEFAULT_LIMITS } from '../config/schema.ts';
import { readAlignmentList, type AlignmentExample } from '../learn/alignment-list.ts';
import {
  ALIGNMENT_SETTINGS,
  alignmentProvenance,
  refuseUnjudgeable,
  trainAlignment,
  type AlignmentSet,
  type AlignmentSettings,
  type TrainedAlignment,
} from '../learn/alignment.ts';
import { trainingBottlenecks, type Skipped } from '../learn/bottlenecks.ts';
import { createPool } from '../worker/pool.ts';
import { dryRunOption, jsonOption, wholeNumber } from './options.ts';
import { fail, print } from './report.ts';
import { table } from './table.ts';
import { withBar } from './progress.ts';
import { refuseToReplace, writeResult } from './write-result.ts';

type Options = {
  out: string;
  images?: string;
  backbone: string;
  children: number;
  force?: boolean;
  json?: boolean;
  dryRun?: boolean;
};

const EXAMPLES = `
Examples:
  $ semtag alignment train LIST.tsv --out heads/ours-aligned.json
  $ semtag alignment train LIST.tsv --images labelled/ --dry-run     what it is worth, without writing a head

LIST.tsv is tab-separated, with the columns file (below --images) and alignment (aligned or not_aligned), and where known category and group.
Images of one group are never judged by a head that saw the group. Beside the head lies NAME.provenance.json.`;

export function registerTrain(verb: Command): void {
  verb
    .command('train')
    .description('train an alignment head on images labelled aligned or not')
    .argument('<list>', 'tab-separated list of images')
    .option('-o, --out <file>', 'the head', 'aligned.json')
    .option('--images <dir>', 'where the files lie; else beside the list, or in sem-images beside its folder')
    .option(
      '--backbone <name>',
      'name as in `semtag model list`, or the folder of one',
      ALIGNMENT_SETTINGS.backbone,
    )
    .option('--children <n>', 'processes that read images at the same time', wholeNumber(1), 1)
    .option('--force', 'replace a head that is there')
    .addOption(jsonOption())
    .addOption(dryRunOption())
    .addHelpText('after', EXAMPLES)
    .action(async (list: string, _: object, command: Command) => {
      // options that `alignment` has too are read there
      const options = command.optsWithGlobals<Options>();
      try {
        await train(list, options);
      } catch (error) {
        fail(error, options.json === true);
      }
    });
}

async function train(list: string, options: Options): Promise<void> {
  const out = resolve(options.out);
  if (!options.dryRun) refuseToReplace([out], options.force === true);
  const settings: AlignmentSettings = {
    ...ALIGNMENT_SETTINGS,
    backbone: backboneKey(findBackbone(options.backbone)),
  };
  const examples = readAlignmentList(list, options.images);
  refuseUnjudgeable(examples); // before minutes go into bottlenecks
  const { set, skipped } = await bottlenecksOf(examples, settings, options.children);
  const groups = new Set(set.map(({ example }) => example.group)).size;
  const trained = await withBar('training   ', 'fits', groups, async (at) =>
    trainAlignment(set, basename(out).replace(/\.json$/, ''), settings, at),
  );
  const from = basename(dirname(resolve(list)));
  const provenance = alignmentProvenance(trained, set, skipped, settings, from);
  if (!options.dryRun) {
    await writeResult(out, trained.text);
    await writeResult(
      out.replace(/(\.json)?$/, '.provenance.json'),
      `${JSON.stringify(provenance, null, 2)}\n`,
    );
  }
  print({ ...(options.dryRun ? {} : { out }), ...provenance }, options.json === true, () =>
    report(trained, set, skipped, options.dryRun ? undefined : out),
  );
}

async function bottlenecksOf(
  examples: AlignmentExample[],
  { backbone }: AlignmentSettings,
  children: number,
): Promise<{ set: AlignmentSet; skipped: Skipped[] }> {
  const pool = createPool({ size: children, ...DEFAULT_LIMITS });
  const run = pool.run.bind(pool);
  try {
    const { all, skipped } = await withBar('bottlenecks', 'images', examples.length, (onProgress) =>
      trainingBottlenecks(examples, { backbone, run, children, onProgress }),
    );
    // what goes in as an example comes out as the same one
    return { set: all as AlignmentSet, skipped };
  } finally {
    pool.close();
  }
}

function report(
  { head, validation }: TrainedAlignment,
  set: AlignmentSet,
  skipped: Skipped[],
  out?: string,
): string {
  const aligned = set.filter(({ example }) => example.aligned).length;
  const { within } = validation;
  return [
    ...skipped.map(({ file, reason }) => `left out: ${file}: ${reason}`),
    `${set.length} images, ${aligned} aligned, of ${validation.groups} groups; each group judged by a head that did not see it:`,
    `AUC ${validation.auc.toFixed(3)}, right ${validation.accuracy.toFixed(3)}, temperature ${head.temperature.toFixed(2)}`,
    within.length
      ? table(within.map((w) => [w.source, w.aligned, w.notAligned, w.auc.toFixed(3)]), ['within the source', 'aligned', 'not', 'AUC']) // prettier-ignore
      : 'no source has both kinds: the head may tell sources apart instead of alignment',
    out ? `${out}  SHA-256 ${head.sha256}` : `not written (dry run); SHA-256 ${head.sha256}`,
  ].join('\n');
}
