// What scores mean: temperature, calibration error, score statistics, thresholds and conformal sets from images that the heads never saw. Pure.

import { CATEGORIES, type Category } from '../domain/categories.ts';
import { conformalQuantile } from './conformal.ts';
import { crossCoverage, crossFitted, scoredAt, temperatureOf, type CrossCoverage, type Unscored } from './cross-fit.ts'; // prettier-ignore
import { resultOf, type Result } from './outcome.ts';
import { probabilityGiven, type Curve } from './probability.ts';
import { reliabilityOf, type Reliability } from './reliability.ts';
import { riskCoverage, type RiskPoint } from './risk-coverage.ts';
import { spreadOf, type Spread } from './statistics.ts';
import { proposeThreshold, type Proposal } from './thresholds.ts';

export type CalibrationOptions = {
  /** share of wrong labels that is wanted at most */
  error: number;
  /** share of sets that may miss the truth */
  alpha: number;
  /** top scores up to it are asked about: sets are for those images */
  auto: number;
  /** the scores are used as the head gives them (logits at temperature 1 are its own); else at the temperature found here */
  asGiven: boolean;
};

export type Calibration = {
  images: number;
  groups: number;
  /** fitted on all images: the one to use. Logits are divided by it */
  temperature: number;
  /** of scores at temperature 1, and of scores at the temperature of the other folds */
  before: Reliability;
  after: Reliability;
  spread: Spread;
  curve: Curve;
  risk: { points: RiskPoint[]; area: number };
  thresholds: { error: number; all: Proposal; perCategory: Record<Category, Proposal> };
  conformal: {
    alpha: number;
    /** for every image, and for the images that are asked about; 1 - score of a category in the set is at most this */
    all: CrossCoverage & { quantile: number };
    asked: (CrossCoverage & { quantile: number; images: number }) | null;
  };
};

export const DEALS = 20;
const FOLDS = 5;

/** `images`: at least one of two groups each; `fold`: of the grouped folds that gave the logits, or any grouped folds for logits of a head that saw none of the images. */
export function calibrate(
  images: (Unscored & { fold: number })[],
  { error, alpha, auto, asGiven }: CalibrationOptions,
): Calibration {
  const temperature = temperatureOf(images);
  const given = scoredAt(images, 1).map(resultOf);
  const fitted = crossFitted(images).map(resultOf);
  const results = asGiven ? given : fitted;
  const isAsked = ({ scores }: { scores: Record<string, number> }) =>
    Math.max(...Object.values(scores)) <= auto;
  const scored = scoredAt(images, asGiven ? 1 : temperature);
  const asked = scored.filter(isAsked);
  const cross = { deals: DEALS, folds: FOLDS, ...(asGiven ? { temperature: 1 } : {}) };
  const [ofAll, ofAsked = null] = crossCoverage(images, alpha, cross, [() => true, isAsked]);
  return {
    images: images.length,
    groups: new Set(images.map(({ group }) => group)).size,
    temperature,
    before: reliabilityOf(given.map(topOf)),
    after: reliabilityOf(fitted.map(topOf)),
    spread: spreadOf(results),
    curve: probabilityGiven(results, error),
    risk: riskCoverage(results),
    thresholds: {
      error,
      all: proposeThreshold(results, error),
      perCategory: Object.fromEntries(
        CATEGORIES.map((c) => [c, proposeThreshold(results.filter(({ category }) => category === c), error)]), // prettier-ignore
      ) as Record<Category, Proposal>,
    },
    conformal: {
      alpha,
      all: { quantile: conformalQuantile(scored, alpha), ...ofAll! },
      asked: ofAsked && { quantile: conformalQuantile(asked, alpha), images: asked.length, ...ofAsked },
    },
  };
}

function topOf({ score, outcome }: Result): { score: number; first: boolean } {
  return { score, first: outcome === 'top' };
}
