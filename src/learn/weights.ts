// How much each training image counts, and how much each tap may say. Pure.

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
 * Factors on standardised bottlenecks that give every tap the same total variance: a tap of 1280 numbers would else drown one of 112.
 * [sum of `tapLengths`]; 1 for the shortest tap.
 */
export function equalTaps(tapLengths: readonly number[]): Float32Array {
  const shortest = Math.min(...tapLengths);
  return Float32Array.from(
    tapLengths.flatMap((length) => new Array<number>(length).fill(Math.sqrt(shortest / length))),
  );
}

function tally(entries: [string, number][]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, value] of entries) sums.set(key, (sums.get(key) ?? 0) + value);
  return sums;
}
