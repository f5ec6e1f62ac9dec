// The sections of a calibration's report: score statistics (Figs. 4 to 6), calibration error, risk and coverage, thresholds, conformal sets. Draws, computes nothing.

import { CATEGORIES, categoryTitle } from '../../domain/categories.ts';
import type { Calibration } from '../calibration.ts';
import { OUTCOME_WORDS, OUTCOMES } from '../outcome.ts';
import { CROSSOVERS } from '../probability.ts';
import type { Reliability } from '../reliability.ts';
import { EDGES } from '../statistics.ts';
import type { Proposal } from '../thresholds.ts';
import { between } from './evaluation.ts';
import type { Markup } from './markup.ts';
import type { Section } from './page.ts';
import { histogram, lineChart, scatter, type Mark } from './plot.ts';
import { fixed, reportTable, type Cell } from './table.ts';

const SCORE = { label: 'top score', domain: [0, 1] as [number, number], digits: 2 };
/** Points of the curve of risk and coverage that are drawn; the JSON has all. */
const RISK_POINTS = 100;

export type InForce = { auto: number; prompt: number };

export function calibrationSections(found: Calibration, inForce: InForce): Section[] {
  return [
    { title: 'Score statistics', body: scoreStatistics(found, inForce) },
    { title: 'Calibration', body: [errorTable(found), ...reliability(found)] },
    { title: 'Risk and coverage', body: [riskChart(found), riskTable(found)] },
    { title: 'Thresholds', body: thresholds(found) },
    { title: 'Conformal sets', body: conformal(found) },
  ];
}

/** Figs. 4, 5 and 6 with the crossovers. */
export function scoreStatistics(
  { spread, curve, thresholds: { error } }: Calibration,
  inForce: InForce,
): Markup[] {
  const marked: Mark[] = [
    { x: inForce.prompt, label: `prompt ${inForce.prompt}` },
    { x: inForce.auto, label: `auto ${inForce.auto}` },
  ];
  const centres = EDGES.slice(1).map((to, b) => (EDGES[b]! + to) / 2);
  const bands = (outcome: (typeof OUTCOMES)[number]) =>
    curve.intervals[outcome].map((i, s): [number, number] => (i ? [i.low, i.high] : [curve.probability[outcome][s]!, curve.probability[outcome][s]!])); // prettier-ignore
  return [
    histogram(
      {
        title: 'Figure 4: top scores by outcome',
        about:
          'How many images have which top score, where the top category is right, the second is, or neither.',
        x: SCORE,
        y: { label: 'images' },
      },
      EDGES,
      OUTCOMES.map((outcome) => ({ name: OUTCOME_WORDS[outcome], counts: spread.counts[outcome] })),
      marked,
    ),
    lineChart(
      {
        title: 'Figure 5: the three distributions',
        about:
          'The same, each outcome divided by its number of images, drawn at the middle of each bin of 0.05.',
        x: { ...SCORE, digits: 3 },
        y: { label: 'share of the outcome’s images' },
      },
      OUTCOMES.map((outcome) => ({
        name: OUTCOME_WORDS[outcome],
        points: centres.map((x, b) => [x, spread.shares[outcome][b]!] as const),
        step: true,
      })),
      marked,
    ),
    lineChart(
      {
        title: 'Figure 6: probability of each outcome',
        about:
          'Smoothed over 0.05 of score, with 95 % intervals by drawing groups; only where at least five groups lie near.',
        x: SCORE,
        y: { label: 'probability', domain: [0, 1] },
      },
      OUTCOMES.map((outcome) => ({
        name: OUTCOME_WORDS[outcome],
        points: curve.scores.map((x, s) => [x, curve.probability[outcome][s]!] as const),
        band: bands(outcome),
      })),
      marked,
    ),
    reportTable({
      caption: 'Crossovers',
      note: `From this top score upwards it holds all the way. A dash: nowhere; the lowest score drawn: there or below. As wanted: at least ${1 - error}.`,
      heading: ['what', 'top score', '95 % interval'],
      rows: curve.crossovers.map(({ name, score, interval }) => [
        CROSSOVERS[name],
        fixed(score),
        between(interval),
      ]),
    }),
  ];
}

function errorTable({ temperature, before, after, images, groups }: Calibration): Markup {
  return reportTable({
    caption: 'Calibration error',
    note: `${images} images of ${groups} groups. After: each image at the temperature of the folds that it is not in.`,
    heading: ['figure', 'value'],
    rows: [
      ['temperature from all images', fixed(temperature)],
      ['calibration error before', fixed(before.ece)],
      ['calibration error after', fixed(after.ece)],
    ],
  });
}

function reliability({ before, after }: Calibration): Markup[] {
  const points = ({ bins }: Reliability) => bins.flatMap(({ score, right }) => (score === null || right === null ? [] : [[score, right] as const])); // prettier-ignore
  return [
    scatter(
      {
        title: 'Reliability',
        about: 'Each point is a bin of 0.1 of the top score: on the line, scores are what they say.',
        x: { label: 'mean top score', domain: [0, 1] },
        y: { label: 'share that is right', domain: [0, 1] },
      },
      [
        { name: 'before', points: points(before) },
        { name: 'after', points: points(after) },
      ],
      true,
    ),
    reportTable({
      caption: 'Images a bin',
      heading: ['top score from', 'to', 'before', 'after'],
      rows: before.bins.map(({ from, to, images }, b) => [
        fixed(from, 1),
        fixed(to, 1),
        images,
        after.bins[b]!.images,
      ]),
    }),
  ];
}

function riskChart({ risk }: Calibration): Markup {
  return lineChart(
    {
      title: 'Risk against coverage',
      about:
        'If only the surest images are labelled by themselves: which share that is, and how many of them are wrong.',
      x: { label: 'coverage', domain: [0, 1] },
      y: { label: 'share that is wrong' },
    },
    [
      {
        name: 'risk',
        points: thinned(risk.points).map(({ coverage, risk: wrong }) => [coverage, wrong] as const),
      },
    ],
  );
}

function riskTable({ risk }: Calibration): Markup {
  const at = [0.2, 0.4, 0.6, 0.8, 1].map((share) => risk.points.find(({ coverage }) => coverage >= share)!);
  return reportTable({
    caption: 'Risk at a coverage',
    heading: ['coverage', 'share that is wrong', 'top score from'],
    rows: [
      ...at.map((p): Cell[] => [fixed(p.coverage), fixed(p.risk), fixed(p.above)]),
      ['mean over the images', fixed(risk.area), null],
    ],
  });
}

function thinned<T>(list: T[]): T[] {
  if (list.length <= RISK_POINTS) return list;
  return Array.from(
    { length: RISK_POINTS },
    (_, i) => list[Math.round((i / (RISK_POINTS - 1)) * (list.length - 1))]!,
  );
}

function thresholds({ thresholds: { error, all, perCategory } }: Calibration): (string | Markup)[] {
  const row = (name: string, p: Proposal): Cell[] => [
    name,
    p.verdict,
    fixed(p.threshold, 2),
    fixed(p.above, 2),
    p.images,
    p.groups,
    fixed(p.effective, 1),
    p.wrong,
    fixed(p.error),
    `${fixed(p.low)} to ${fixed(p.high)}`,
    fixed(p.coverage),
  ];
  return [
    `Wanted: at most ${error} of the labels wrong. A threshold is proposed where the upper end of its interval is no more than that. The interval is Clopper and Pearson’s, which promises never too much where errors are few. Error: the share of the images that is wrong. Images of a series err together: trials are effective groups, as many as groups of one size that would tell as much, and one long series makes them few.`,
    reportTable({
      caption: 'Proposed thresholds',
      note: 'For the category on top. Images, groups, wrong, error, interval and coverage are of the top scores above “above”.',
      heading: ['category on top', 'verdict', 'threshold', 'above', 'images', 'groups', 'effective groups', 'wrong', 'error', '95 % interval', 'coverage'], // prettier-ignore
      rows: [row('all', all), ...CATEGORIES.map((c) => row(categoryTitle(c), perCategory[c]))],
    }),
  ];
}

function conformal({ conformal: { alpha, all, asked } }: Calibration): (string | Markup)[] {
  const row = (name: string, c: Calibration['conformal']['asked'] | Calibration['conformal']['all']): Cell[] =>
    c === null
      ? [name, ...Array.from({ length: 6 }, () => null)]
      : [name, fixed(c.quantile), fixed(c.coverage), fixed(c.lowest), fixed(c.highest), fixed(c.seriesCoverage), fixed(c.size, 2)]; // prettier-ignore
  return [
    `Wanted: the right category is in the set for ${1 - alpha} of the images. A set holds the categories with a score of at least 1 - quantile. It rests on series to come being like the series here; it holds over all images together, not for every category or series.`,
    reportTable({
      caption: 'Conformal sets',
      note: `Over ${all.deals} deals of the groups into ${all.folds} folds: quantile from all folds but one, coverage on that one. The scores are the same in each deal: how far off a single calibration may be, not a test of the promise; that is the proof calibration.`,
      heading: ['images', 'quantile', 'coverage', 'lowest fold', 'highest fold', 'coverage, series counting once', 'categories in a set'], // prettier-ignore
      rows: [row('all', all), row('asked about', asked)],
    }),
  ];
}
