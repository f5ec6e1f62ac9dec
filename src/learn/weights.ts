// How much each training image counts, and how much each tap may say. Pure.

import type { Backbone } from '../classify/backbones.ts';
import { SemtagError } from '../errors.ts';

export type Weighting = {
  /** 0: every image counts the same; 1: every category does, however many images it has (King & Zeng 2001, "balanced") */
  balance: number;
  /** 0: every image counts the same; 1: every group does, since images of one series tell little more than one of them */
  series: number;
};

/** One weight an image; their sum is the number of images. */
export function imageWeights(
  images: { category: string; group: string }[],
  { balance, series }: Weighting,
): Float64Array {
  const sizes = tally(images.map(({ group }) => [group, 1]));
  const own = images.map(({ group }) => sizes.get(group)! ** -series);
  const shares = tally(images.map(({ category }, i) => [category, own[i]!]));
  const raw = images.map(({ category }, i) => own[i]! * shares.get(category)! ** -balance);
  const scale = images.length / raw.reduce((a, b) => a + b, 0);
  return Float64Array.from(raw, (v) => v * scale);
}

/**
 * [length of the bottleneck] factors on standardised bottlenecks. `equalTaps` gives every tap the same total variance: a tap of 1280 numbers
 * would else drown one of 112; 1 for the shortest. 0 for a tap that takes no part. Errors: `training_data` for a tap that there is not.
 */
export function emphasisOf(
  { name, taps, tapLengths }: Pick<Backbone, 'name' | 'taps' | 'tapLengths'>,
  settings: { equalTaps: boolean; taps?: string[] },
): Float32Array {
  const chosen = settings.taps ?? taps;
  const unknown = chosen.find((tap) => !taps.includes(tap));
  if (unknown !== undefined)
    throw new SemtagError('training_data', `backbone ${name}: no tap ${unknown}; it has ${taps.join(', ')}`);
  const shortest = Math.min(...tapLengths.filter((_, i) => chosen.includes(taps[i]!)));
  const share = (length: number) => (settings.equalTaps ? Math.sqrt(shortest / length) : 1);
  return Float32Array.from(
    taps.flatMap((tap, i) =>
      new Array<number>(tapLengths[i]!).fill(chosen.includes(tap) ? share(tapLengths[i]!) : 0),
    ),
  );
}

function tally(entries: [string, number][]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, value] of entries) sums.set(key, (sums.get(key) ?? 0) + value);
  return sums;
}
