// What `semtag calibrate` says on a terminal. Prints nothing itself and computes nothing.

import { CATEGORIES, categoryTitle } from '../domain/categories.ts';
import type { CalibrationFile } from '../learn/calibration-file.ts';
import { CROSSOVERS } from '../learn/probability.ts';
import { table } from './table.ts';

export function calibrationSummary(
  file: CalibrationFile,
  skipped: { file: string; reason: string }[],
  { out, html, dryRun }: { out: string; html?: string; dryRun?: boolean },
): string {
  const { figures, thresholds, temperature } = file;
  const { before, after, curve, conformal, images, groups } = figures;
  const two = (v: number | null) => (v === null ? '-' : v.toFixed(2));
  const range = (v: { low: number; high: number } | null) => (v ? `[${two(v.low)}, ${two(v.high)}]` : '');
  const proposals = [['all', figures.thresholds.all] as const, ...CATEGORIES.map((c) => [categoryTitle(c), figures.thresholds.perCategory[c]] as const)]; // prettier-ignore
  const sets = [['all', conformal.all] as const, ...(conformal.asked ? [['asked about', conformal.asked] as const] : [])]; // prettier-ignore
  return [
    ...skipped.map(({ file: name, reason }) => `left out: ${name}: ${reason}`),
    `${images} images of ${groups} groups; temperature ${two(temperature)}`,
    `calibration error ${before.ece.toFixed(3)} before, ${after.ece.toFixed(3)} at the temperature of other folds`, // prettier-ignore
    '',
    table(
      curve.crossovers.map(({ name, score, interval }) => [CROSSOVERS[name], two(score), range(interval)]),
      ['from which top score on', '', '95 %'],
    ),
    '',
    `Thresholds above which at most ${thresholds.error} of the labels are wrong`,
    table(
      proposals.map(([name, p]) => [name, p.threshold === null ? p.verdict : two(p.threshold), `${p.wrong} of ${p.images} (${p.groups} groups, like ${p.effective.toFixed(0)} of one size) above ${two(p.above)}`, range(p)]), // prettier-ignore
      ['category on top', 'threshold', 'wrong', '95 %, groups of one size counted'],
    ),
    '',
    `Sets that are to hold the right category for ${two(1 - conformal.alpha)} of the images`,
    table(
      sets.map(([name, c]) => [
        name,
        two(c.coverage),
        two(c.seriesCoverage),
        two(c.size),
        c.quantile.toFixed(3),
      ]),
      ['images', 'coverage', 'series counting once', 'categories in a set', 'quantile'],
    ),
    '',
    thresholds.auto === null
      ? 'For all categories together there is no threshold to propose: keep the one in use, or gather more series.'
      : `Proposed for the config, before the first start: thresholds: { auto: ${two(thresholds.auto)}, prompt: ${two(thresholds.prompt)} }`,
    dryRun ? 'not written (dry run)' : [`written: ${out}`, ...(html ? [html] : [])].join(', '),
  ].join('\n');
}
