// The calibration that moves with a model is that of its head. Reads only.

import type { Head } from '../classify/head.ts';
import type { Part } from '../classify/model-folder.ts';
import { SemtagError } from '../errors.ts';
import { parseCalibration } from '../learn/calibration-file.ts';

/** One without a head is of heads that were trained for it alone, and says so. Errors: `model_missing` where it names another head. */
export function refuseForeignCalibration(parts: Part[], head: Head, where: string): void {
  const part = parts.find(({ name }) => name === 'head.calibration.json');
  if (!part) return;
  const { head: judged } = parseCalibration(Buffer.from(part.bytes).toString('utf8'), `${where}: ${part.name}`);
  if (judged !== undefined && judged !== head.sha256)
    throw new SemtagError('model_missing', `${where}: ${part.name} is of the head ${judged.slice(0, 12)}, not of ${head.sha256.slice(0, 12)}`, {
      advice: 'Its thresholds are for other scores: run `semtag calibrate` on this head, or move the file away, and export it again.',
    });
} // prettier-ignore
