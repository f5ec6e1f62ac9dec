// Claim: the report of Tables 2 to 4 and Figures 4 to 6 holds no number that a second, independent path does not find too. `--keep OUT` writes it there.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DEFAULT_BACKBONE } from '../src/classify/backbones.ts';
import { picturesOf } from '../src/cli/pictures.ts';
import { PAPER_THRESHOLDS } from '../src/domain/decision.ts';
import { trainingBottlenecks } from '../src/learn/bottlenecks.ts';
import { calibrate } from '../src/learn/calibration.ts';
import { crossValidate, type OutOfFold } from '../src/learn/crossval.ts';
import { readDataset } from '../src/learn/dataset.ts';
import { evaluateImages } from '../src/learn/evaluate.ts';
import { DEFAULT_SETTINGS } from '../src/learn/fit.ts';
import { figuresReport } from './lib/figures-report.ts';
import { compareReport, readReport } from './lib/read-report.ts';
import { expectedTables, expectedTiles, type Given } from './lib/recompute.ts';
import { nearDuplicates } from '../src/learn/near-duplicates.ts';
import { sampled } from './lib/sampled.ts';
import type { Proof } from './run.ts';

const SHORT = { images: 200, views: 2, deals: 2 };
const DEALS = 3;
const ERROR = 0.05;
const ALPHA = 0.1;
/** A series of so many images gets a row in Table 4 where the folder has no sub-categories. */
const LONG_SERIES = 5;

export const proof: Proof = {
  claim:
    'every number in the report of Tables 2 to 4 and Figures 4 to 6 is found again by a second, independent path',
  defaultDir: '../shared/sem-images',
  async prove({ dir, short, n, keep }) {
    const examples = sampled(readDataset(dir), short ? SHORT.images : undefined, ({ file }) => file);
    const { all, skipped } = await trainingBottlenecks(examples);
    for (const { file, reason } of skipped) console.log(`left out: ${file}: ${reason}`);
    const settings = {
      ...DEFAULT_SETTINGS,
      backbone: DEFAULT_BACKBONE,
      ...(short ? { views: SHORT.views } : {}),
    };
    const pairs = nearDuplicates(all);
    const deals = Array.from({ length: n ?? (short ? SHORT.deals : DEALS) }, (_, deal) => {
      console.log(`cross-validation, deal ${deal + 1} of the groups to ${settings.folds} folds`);
      return crossValidate(all, settings, undefined, deal, pairs).judged;
    });
    const { images, what } = withSubCategories(
      deals[0]!,
      new Map(examples.map((e) => [e.file, e.subCategory])),
    );
    const { auto, prompt } = PAPER_THRESHOLDS;
    const evaluation = evaluateImages(images, auto);
    const calibration = calibrate(images, { error: ERROR, alpha: ALPHA, auto, asGiven: false });
    const paths = new Map(examples.map(({ file, path }) => [file, path]));
    const accuracies = deals.map((judged) => evaluateImages(judged, auto).top1);
    const html = figuresReport({
      from: basename(dir),
      backbone: DEFAULT_BACKBONE,
      evaluation,
      calibration,
      accuracies,
      what,
      inForce: { auto, prompt },
      pictures: await picturesByFile(evaluation, paths),
    });
    const out = keep ?? mkdtempSync(join(tmpdir(), 'semtag-figures-'));
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'figures.html'), html);

    const given = images.map(plainly);
    const setup = { auto, prompt, error: ERROR, alpha: ALPHA, deals: deals.map((d) => d.map(plainly)), backbone: DEFAULT_BACKBONE, what }; // prettier-ignore
    const compared = compareReport(readReport(html), expectedTables(given, setup), expectedTiles(given));
    for (const wrong of compared.wrong.slice(0, 20)) console.log(`not the same: ${wrong}`);
    return {
      ok: compared.wrong.length === 0 && compared.numbers > 0,
      figures: `${images.length} images of ${evaluation.groups} groups, ${compared.numbers} numbers of the report recomputed, ${compared.wrong.length} cells not the same; ${join(out, 'figures.html')}`,
    };
  },
};

type Named = OutOfFold & { subCategory?: string };

/** Where the folder has no sub-categories, its long series take their place, and the table says so. */
function withSubCategories(
  judged: OutOfFold[],
  named: Map<string, string | undefined>,
): { images: Named[]; what: 'sub-category' | 'series' } {
  const known = judged.some(({ file }) => named.get(file) !== undefined);
  const sizes = new Map<string, number>();
  for (const { group } of judged) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const nameOf = ({ file, group }: OutOfFold) =>
    known ? named.get(file) : sizes.get(group)! >= LONG_SERIES ? group : undefined;
  const images = judged.map((image): Named => {
    const subCategory = nameOf(image);
    return { ...image, ...(subCategory === undefined ? {} : { subCategory }) };
  });
  return { images, what: known ? 'sub-category' : 'series' };
}

function plainly({ file, truth, group, fold, logits, subCategory }: Named): Given {
  return {
    file,
    truth,
    group,
    fold,
    logits: [...logits],
    ...(subCategory === undefined ? {} : { subCategory }),
  };
}

async function picturesByFile(
  { misclassified, twoCategories }: { misclassified: { file: string }[]; twoCategories: { file: string }[] },
  paths: Map<string, string>,
): Promise<Map<string, string>> {
  const files = [misclassified, twoCategories].flatMap((list) => list.slice(0, 60).map(({ file }) => file));
  const byPath = await picturesOf(files.map((file) => paths.get(file)!), 1); // prettier-ignore
  return new Map(
    files.flatMap((file) => {
      const picture = byPath.get(paths.get(file)!);
      return picture === undefined ? [] : [[file, picture] as const];
    }),
  );
}
