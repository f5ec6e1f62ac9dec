// Claim: on folds that no fit has seen the temperature lowers the calibration error, and conformal sets hold the truth as often as they promise, to 2 points.

import { DEFAULT_BACKBONE } from '../src/classify/backbones.ts';
import { table } from '../src/cli/table.ts';
import { PAPER_THRESHOLDS } from '../src/domain/decision.ts';
import { CATEGORIES } from '../src/domain/categories.ts';
import { bootstrapByGroup, type Interval } from '../src/learn/bootstrap.ts';
import { trainingBottlenecks } from '../src/learn/bottlenecks.ts';
import { DEALS } from '../src/learn/calibration.ts';
import { conformalQuantile, conformalSet, coverageOf, type Labelled } from '../src/learn/conformal.ts';
import { crossCoverage, scoredAt, temperatureOf } from '../src/learn/cross-fit.ts';
import { readDataset } from '../src/learn/dataset.ts';
import { calibrationError } from '../src/learn/figures.ts';
import { DEFAULT_SETTINGS } from '../src/learn/fit.ts';
import { nestedFolds, type NestedFold } from '../src/learn/nested.ts';
import { resultOf } from '../src/learn/outcome.ts';
import { meanLoss } from '../src/learn/temperature.ts';
import { sampled } from './lib/sampled.ts';
import type { Proof } from './run.ts';

const SHORT_IMAGES = 200;
/** Nested folds train thirty heads: with the two views of classification alone that takes minutes. `--n 15` takes the views of a real head. */
const VIEWS = 2;
const ALPHA = 0.1;
const POINTS = 0.02;
const { auto } = PAPER_THRESHOLDS;

/** Sets are for images that a person is asked about, and promised for all images together too. */
const ASKED = ({ scores }: Labelled) => Math.max(...Object.values(scores)) <= auto;
const PICKS = { all: () => true, 'asked about': ASKED } as const;
type Pick = keyof typeof PICKS;
const NAMES = Object.keys(PICKS) as Pick[];

type Judged = {
  temperature: number;
  before: Labelled[];
  after: Labelled[];
  loss: { before: number; after: number };
  quantile: Record<Pick, number>;
};

export const proof: Proof = {
  claim: `temperature lowers the calibration error and conformal sets hold the truth for ${1 - ALPHA} of the images, on folds that no fit has seen`,
  defaultDir: '../shared/sem-images',
  async prove({ dir, short, n }) {
    const examples = sampled(readDataset(dir), short ? SHORT_IMAGES : undefined, ({ file }) => file);
    const { all, skipped } = await trainingBottlenecks(examples);
    for (const { file, reason } of skipped) console.log(`left out: ${file}: ${reason}`);
    const settings = { ...DEFAULT_SETTINGS, backbone: DEFAULT_BACKBONE, views: n ?? VIEWS };
    const nested = nestedFolds(all, settings);
    const folds = nested.map(judge);
    console.log(assumed(settings.folds));
    console.log(foldTable(nested, folds));

    const [before, after] = [folds.flatMap((f) => f.before), folds.flatMap((f) => f.after)];
    const [errorBefore, errorAfter] = [before, after].map(errorOf);
    const strict = NAMES.map((name) => strictCoverage(folds, name));
    const dealt = crossCoverage(
      nested.flatMap(({ judging }) => judging),
      ALPHA,
      { deals: DEALS, folds: settings.folds },
      NAMES.map((name) => PICKS[name]),
    );
    console.log(
      table(
        NAMES.map((name, k) => {
          const { coverage, interval } = strict[k]!;
          return [name, dealt[k]?.coverage.toFixed(3) ?? '-', dealt[k]?.size.toFixed(2) ?? '-', coverage.toFixed(3), interval ? `[${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]` : '-']; // prettier-ignore
        }),
        ['images', `coverage, ${DEALS} deals`, 'categories in a set', 'coverage, nested', '95 % by groups'],
      ),
    );
    const near = dealt.every((c) => c === null || Math.abs(c.coverage - (1 - ALPHA)) <= POINTS);
    const within = strict.every(({ interval }) => interval === null || (interval.low <= 1 - ALPHA && interval.high >= 1 - ALPHA)); // prettier-ignore
    const lower = errorAfter! < errorBefore!;
    return {
      ok: lower && near && within,
      figures:
        `${after.length} images: calibration error ${errorBefore!.toFixed(3)} before, ${errorAfter!.toFixed(3)} after${lower ? '' : ' (NOT LOWER)'}; ` +
        `conformal coverage for ${1 - ALPHA}: ${NAMES.map((name, k) => `${name} ${dealt[k]?.coverage.toFixed(3) ?? '-'}`).join(', ')} over ${DEALS} deals${near ? '' : ` (OFF BY MORE THAN ${POINTS})`}; ` +
        `nested ${strict.map(({ coverage }) => coverage.toFixed(3)).join(', ')}, ${within ? 'the wanted one within its interval' : 'THE WANTED ONE OUTSIDE ITS INTERVAL'}`,
    };
  },
};

/** Temperature and quantiles from the other folds alone; scores of this fold with and without them. */
function judge({ fitting, judging }: NestedFold): Judged {
  const temperature = temperatureOf(fitting);
  const fitted = scoredAt(fitting, temperature);
  const labels = judging.map(({ truth }) => CATEGORIES.indexOf(truth));
  const logits = judging.map((i) => i.logits);
  return {
    temperature,
    before: scoredAt(judging, 1),
    after: scoredAt(judging, temperature),
    loss: { before: meanLoss(logits, labels, 1), after: meanLoss(logits, labels, temperature) },
    quantile: {
      all: conformalQuantile(fitted, ALPHA),
      'asked about': conformalQuantile(fitted.filter(ASKED), ALPHA),
    },
  };
}

function errorOf(images: Labelled[]): number {
  return calibrationError(
    images.map(resultOf).map(({ score, outcome }) => ({ score, first: outcome === 'top' })),
  );
}

/** Over all folds, each with the quantile of the others. */
function strictCoverage(folds: Judged[], name: Pick): { coverage: number; interval: Interval | null } {
  const hits = folds.flatMap(
    ({ after, quantile }) =>
    after.filter(PICKS[name]).map(({ truth, scores, group }) => ({ group, hit: conformalSet(scores, quantile[name]).includes(truth) ? 1 : 0 })), // prettier-ignore
  );
  const mean = (times: ArrayLike<number>) => {
    const [sum, n] = hits.reduce(([s, m], { hit }, i) => [s + times[i]! * hit, m + times[i]!], [0, 0] as [number, number]); // prettier-ignore
    return sum / n;
  };
  const [interval = null] = bootstrapByGroup(hits.map(({ group }) => group), (times) => [mean(times)]); // prettier-ignore
  return { coverage: mean(hits.map(() => 1)), interval };
}

function foldTable(nested: NestedFold[], folds: Judged[]): string {
  const covered = ({ after, quantile }: Judged, name: Pick) => {
    const own = after.filter(PICKS[name]);
    return own.length === 0 ? '-' : coverageOf(own, quantile[name]).coverage.toFixed(3);
  };
  return table(
    folds.map((fold, f) => [
      f + 1,
      fold.after.length,
      new Set(nested[f]!.judging.map(({ group }) => group)).size,
      fold.temperature.toFixed(2),
      errorOf(fold.before).toFixed(3),
      errorOf(fold.after).toFixed(3),
      fold.loss.before.toFixed(3),
      fold.loss.after.toFixed(3),
      ...NAMES.map((name) => covered(fold, name)),
    ]),
    ['fold', 'images', 'groups', 'temperature', 'error before', 'after', 'log loss before', 'after', 'coverage all', 'asked about'], // prettier-ignore
  );
}

function assumed(folds: number): string {
  return [
    `Nested: for each of ${folds} folds, temperature and quantiles from out-of-fold logits of the others, by heads that saw none of it; groups stay together.`,
    'Deals: the same logits, groups dealt anew by chance; the part judged gave nothing to temperature or quantile.',
    'Assumed: series to come are like the series here, drawn by the same hand. Images of a series need not be alike by chance: quantiles count images,',
    'which is exact for series of one image and else as series grow in number. One fold may be far off: it holds few series. Promised for all images',
    'together, not for a category.',
  ].join('\n');
}
