// NAME.calibration.json: what was found about the scores of one head, beside the head. Written by `semtag calibrate`, carried by an exported model, read by people and programs.

import { createHash } from 'node:crypto';
import type { Category } from '../domain/categories.ts';
import { SemtagError } from '../errors.ts';
import type { Calibration } from './calibration.ts';

export const CALIBRATION_FORMAT = 'semtag-calibration/1';

export type CalibrationFile = {
  format: typeof CALIBRATION_FORMAT;
  /** SHA-256 of the head whose own scores were judged; absent where heads were trained for this alone */
  head?: string;
  /** total, as in a head file: logits of the head are divided by it */
  temperature: number;
  /** the thresholds and quantiles are for scores at this temperature */
  scoresAt: number;
  /** null and absent: not enough data to propose one. `perCategory`: of the category with the top score */
  thresholds: {
    error: number;
    auto: number | null;
    prompt: number | null;
    perCategory: Partial<Record<Category, number>>;
  };
  /** a set holds the categories with 1 - score <= quantile; `asked`: for images with a top score up to `auto` */
  conformal: { alpha: number; quantile: number; asked?: { quantile: number; auto: number } };
  data: { images: number; groups: number; sha256: string };
  figures: Calibration;
};

export type CalibrationSource = {
  /** the head judged, with its own temperature */
  head?: { sha256: string; temperature: number };
  auto: number;
  data: { sha256: string; category: string; group: string }[];
};

/** `prompt`: where two suggestions hold the right category more often than not, never above `auto`. */
export function calibrationFile(
  figures: Calibration,
  { head, auto, data }: CalibrationSource,
): CalibrationFile {
  const { temperature, thresholds, conformal, curve, images, groups } = figures;
  const own = head?.temperature ?? 1;
  const half = curve.crossovers.find(({ name }) => name === 'twoOverHalf')!.score;
  const proposed = thresholds.all.threshold;
  const lines = data.map(({ sha256, category, group }) => `${sha256} ${category} ${group}\n`).sort();
  return {
    format: CALIBRATION_FORMAT,
    ...(head ? { head: head.sha256 } : {}),
    temperature: own * temperature,
    scoresAt: head ? own : temperature,
    thresholds: {
      error: thresholds.error,
      auto: proposed,
      prompt: half === null ? null : Math.min(half, proposed ?? auto),
      perCategory: Object.fromEntries(
        Object.entries(thresholds.perCategory).flatMap(([c, { threshold }]) => (threshold === null ? [] : [[c, threshold]])), // prettier-ignore
      ),
    },
    conformal: {
      alpha: conformal.alpha,
      quantile: conformal.all.quantile,
      ...(conformal.asked ? { asked: { quantile: conformal.asked.quantile, auto } } : {}),
    },
    // over the sorted lines "image category group", as in the provenance of a head
    data: { images, groups, sha256: createHash('sha256').update(lines.join('')).digest('hex') },
    figures,
  };
}

export function calibrationText(file: CalibrationFile): string {
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** Throws model_missing, naming `where`, when it is no calibration of this format. */
export function parseCalibration(text: string, where: string): CalibrationFile {
  let found: Partial<CalibrationFile> | undefined;
  try {
    found = JSON.parse(text) as CalibrationFile;
  } catch {
    found = undefined;
  }
  if (found?.format !== CALIBRATION_FORMAT)
    throw new SemtagError('model_missing', `${where}: format ${found?.format ?? 'unknown'}, this semtag reads ${CALIBRATION_FORMAT}`); // prettier-ignore
  return found as CalibrationFile;
}
