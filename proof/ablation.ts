// Claim: the shipped way to train a head is the best of those tried, on series that a head has not seen, and reaches the first trial.

import { resolve } from 'node:path';
import { DEFAULT_BACKBONE } from '../src/classify/backbones.ts';
import { trainingBottlenecks, type TrainingBottlenecks } from '../src/learn/bottlenecks.ts';
import { crossValidate, type CrossValidation } from '../src/learn/crossval.ts';
import { readDataset } from '../src/learn/dataset.ts';
import { namedPairs, nearDuplicates, type NearDuplicates } from '../src/learn/near-duplicates.ts';
import { DEFAULT_SETTINGS } from '../src/learn/fit.ts';
import { appliedTo, plainSetting, settingsOf, shippedSetting, type Setting } from './lib/settings.ts';
import { headSpeed } from './lib/head-speed.ts';
import { sampled } from './lib/sampled.ts';
import { printTable } from './lib/table.ts';
import type { Proof } from './run.ts';

const DEFAULT_DIR = '../shared/sem-images';

/** The first trial on the default data, known to two decimals; its coverage of 0.45 belongs to a precision of 0.94. */
const TRIAL = { top1: 0.7, macroRecall: 0.47, precision: 0.94, coverage: 0.45 };
const twoDecimals = (v: number) => Math.round(v * 100) / 100;

/**
 * Ways to deal the groups to the folds: one way alone favours one setting or another by a point or two. Settings were chosen by looking at
 * deals below 1000; the same images, but folds that no choice has seen.
 */
const DEALS = 4;
const FIRST_DEAL = 1000;
/** For the comparison with the trial: the mean over four still moves by a point of coverage. */
const TRIAL_DEALS = 8;
/** Less than this much below the best setting counts as as good: about what the deals differ by. */
const AS_GOOD = 0.02;
const SHORT_IMAGES = 40;

type Row = {
  name: string;
  top1: number;
  top2: number;
  macroRecall: number;
  precision: number;
  coverage: number;
  /** the largest coverage at which the precision of the trial is reached; the score for it is read off the same images */
  coverageAt: number;
  ece: number;
  /** the largest difference of top-1 between two deals */
  spread: number;
};

export const proof: Proof = {
  claim:
    'of the settings tried the shipped one is as good as the best on unseen series, and reaches the first trial',
  defaultDir: DEFAULT_DIR,
  async prove({ dir, short, n }) {
    const isDefault = !short && dir === resolve(import.meta.dirname, '..', DEFAULT_DIR);
    const examples = readDataset(dir);
    const chosen = sampled(examples, short ? SHORT_IMAGES : undefined, ({ file }) => file);
    const { all, skipped } = await trainingBottlenecks(chosen);
    for (const { file, reason } of skipped) console.log(`left out: ${file}: ${reason}`);
    const pairs = nearDuplicates(all);
    for (const { files, bits } of namedPairs(all, pairs)) console.log(`near-duplicates (${bits} bits): ${files.join(', ')}`); // prettier-ignore

    const deals = n ?? (short ? 1 : DEALS);
    const judge = (setting: Setting) => {
      const start = performance.now();
      const row = judged(setting, all, pairs, deals);
      process.stderr.write(`${setting.name}: ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
      return row;
    };
    const others = [plainSetting(DEFAULT_BACKBONE), ...settingsOf(DEFAULT_BACKBONE, 2)];
    const rows = others.map(judge);
    const shipped = judge(shippedSetting(DEFAULT_BACKBONE));
    print([...rows, shipped]);
    const tried = rows.slice(1);
    const sameViews = tried[0]!;
    console.log(`Means over ${deals} ways to deal the groups to ${DEFAULT_SETTINGS.folds} folds. The settings below the first two differ from "${sameViews.name}" in the one thing that is named.`); // prettier-ignore
    console.log(`Did not help (mean of top-1 and macro recall not above "${sameViews.name}" by a point): ${tried.slice(1).filter((row) => merit(row) <= merit(sameViews) + 0.01).map(({ name }) => name).join('; ')}.`); // prettier-ignore
    console.log(WHY);
    if (!short) await printSpeed(dir);

    const best = [...rows, shipped].reduce((a, b) => (merit(b) > merit(a) ? b : a));
    const longer = isDefault ? judged(shippedSetting(DEFAULT_BACKBONE), all, pairs, TRIAL_DEALS) : shipped;
    const reaches =
      twoDecimals(longer.top1) >= TRIAL.top1 &&
      twoDecimals(longer.macroRecall) >= TRIAL.macroRecall &&
      longer.precision >= TRIAL.precision &&
      twoDecimals(longer.coverageAt) >= TRIAL.coverage;
    const categories = new Set(all.map(({ example }) => example.category)).size;
    const asGood = merit(best) - merit(shipped) <= AS_GOOD;
    const ok = isDefault ? reaches && asGood : shipped.macroRecall > 1 / categories && (short || asGood);
    return { ok, figures: figures(longer, best, shipped, all, isDefault) };
  },
};

/** What is compared: all images count, and so do all categories. */
function merit({ top1, macroRecall }: Row): number {
  return (top1 + macroRecall) / 2;
}

function judged(setting: Setting, all: TrainingBottlenecks[], pairs: NearDuplicates[], deals: number): Row {
  const set = appliedTo(all, setting);
  const runs = Array.from({ length: deals }, (_, deal) =>
    crossValidate(set, setting.settings, undefined, FIRST_DEAL + deal, pairs),
  );
  const mean = (of: (run: CrossValidation) => number) => runs.reduce((sum, run) => sum + of(run), 0) / deals;
  const top1 = runs.map(({ figures: { top1: share } }) => share);
  return {
    name: setting.name,
    top1: mean(({ figures: f }) => f.top1),
    top2: mean(({ figures: f }) => f.top2),
    macroRecall: mean(({ figures: f }) => f.macroRecall),
    precision: mean(({ figures: f }) => f.autoPrecision),
    coverage: mean(({ figures: f }) => f.autoCoverage),
    coverageAt: mean((run) => coverageAt(run, TRIAL.precision)),
    ece: mean(({ figures: f }) => f.ece),
    spread: Math.max(...top1) - Math.min(...top1),
  };
}

/** Of the images in the order of their top scores: the longest beginning of which this share is right, as a share of all. */
function coverageAt({ judged: images }: CrossValidation, precision: number): number {
  const tops = images
    .map(({ truth, scores }) => {
      const [category, score] = Object.entries(scores).reduce((a, b) => (b[1] > a[1] ? b : a));
      return { score, right: category === truth };
    })
    .sort((a, b) => b.score - a.score);
  let [right, longest] = [0, 0];
  for (const [i, top] of tops.entries()) {
    if (top.right) right++;
    if (right / (i + 1) >= precision) longest = i + 1;
  }
  return longest / tops.length;
}

const WHY = `Shipped: C ${DEFAULT_SETTINGS.C}, because heads that are held back more than by 0.1 do better on series that they have not seen, while 0.01 is wrong more often above 0.8; class weights of ${DEFAULT_SETTINGS.balance} lie between
none (best top-1) and balanced (best for thin categories, at the cost of top-1); series weights, because images of one series tell little more than one
of them; equal taps, because 1280 numbers would else drown 112; roots of the bottlenecks, because a few strong features would else decide; ${DEFAULT_SETTINGS.views} views, because they cost training time alone.
Tried before without a gain: principal components (150), whitening, seven test views, two backbones joined, fine-tuning the backbone.`;

/** Printed, not judged here: what a machine that is busy otherwise takes says nothing. */
async function printSpeed(dir: string): Promise<void> {
  printTable(
    ['training a head', 'rows', 'seconds', 'CPU seconds', 'steps'],
    (await headSpeed(dir)).map(({ what, rows, seconds, cpu, steps }) => [what, rows, seconds.toFixed(1), cpu.toFixed(1), steps]),
  );
} // prettier-ignore

function print(rows: Row[]): void {
  printTable(
    ['setting', 'top-1', '+-', 'top-2', 'macro recall', 'precision > 0.8', 'coverage', `coverage at ${TRIAL.precision}`, 'ECE'],
    rows.map(({ name, top1, spread, top2, macroRecall, precision, coverage, coverageAt: at, ece }) => [
      name,
      ...[top1, spread / 2, top2, macroRecall, precision, coverage, at, ece].map((v) => v.toFixed(3)),
    ]),
  ); // prettier-ignore
}

function figures(
  judgedRow: Row,
  best: Row,
  compared: Row,
  all: TrainingBottlenecks[],
  isDefault: boolean,
): string {
  const three = (v: number) => v.toFixed(3);
  return (
    `${all.length} images, shipped${isDefault ? ` (${TRIAL_DEALS} deals)` : ''}: top-1 ${three(judgedRow.top1)}, top-2 ${three(judgedRow.top2)}, macro recall ${three(judgedRow.macroRecall)}, ` +
    `precision ${three(judgedRow.precision)} at coverage ${three(judgedRow.coverage)} above 0.8, coverage ${three(judgedRow.coverageAt)} at precision ${TRIAL.precision}, ECE ${three(judgedRow.ece)}; ` +
    `best of all: ${best.name} (${three(merit(best))} against ${three(merit(compared))}, mean of top-1 and macro recall)` +
    (isDefault
      ? `; first trial ${TRIAL.top1}, ${TRIAL.macroRecall}, precision ${TRIAL.precision} at coverage ${TRIAL.coverage}`
      : '; judged against chance and against the best setting')
  );
}
