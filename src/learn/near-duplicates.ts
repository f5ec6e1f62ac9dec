// Images that are copies of each other but not to the byte: saved again, scaled, brightened, trimmed. Finds and reports; moves and deletes nothing.

import type { TrainingBottlenecks } from './bottlenecks.ts';

/** Places in the set, a < b; `bits` of the picture hashes that differ (of 64); `cosine` of the whole views' bottlenecks, standardised. */
export type NearDuplicates = { a: number; b: number; bits: number; cosine: number };

/** How a pair is reported. */
export type NamedPair = { files: [string, string]; bits: number; cosine: number };

/**
 * Any of them is enough: the more the hashes differ, the more alike the bottlenecks must be. Measured on 668 SEM images of 358 series. Among
 * 220,000 pairs of different series no two hashes differ in fewer than 10 bits (3 pairs in 10, each 2 bits less a fifth as often), 16 bits or
 * fewer together with a cosine of 0.8 or more are met once: one field that was taken twice, at 54 and 50 kX. Copies saved again, halved or
 * brightened differ in 0 to 4 bits, saved at quality 50 in 8 at most; the network may see a halved noisy picture as another one, so that
 * nearly equal hashes must do alone. Trimmed by 3 %: up to 14 bits, cosine above 0.8 for nine in ten.
 */
const RULES = [
  { bits: 4, cosine: -1 },
  { bits: 10, cosine: 0.4 },
  { bits: 16, cosine: 0.8 },
];

/** With fewer images the mean that bottlenecks are standardised by is no mean: nearly equal hashes alone decide. */
const ENOUGH = 10;

const WIDEST = Math.max(...RULES.map(({ bits }) => bits));

/** All pairs, in the order of the set. Images without a picture hash are not compared. Time grows with the square: 20,000 images take seconds. */
export function nearDuplicates(set: TrainingBottlenecks[]): NearDuplicates[] {
  const known = set.flatMap(({ pictureHash }, i) => (pictureHash ? [{ i, hash: pictureHash }] : []));
  const close = closeHashes(known);
  if (close.length === 0) return [];
  const standard = set.length < ENOUGH ? undefined : standardisation(set);
  return close.flatMap(({ a, b, bits }) => {
    const cosine = standard ? cosineOf(set[a]!.views[0]!, set[b]!.views[0]!, standard) : 0;
    return RULES.some((rule) => bits <= rule.bits && cosine >= rule.cosine) ? [{ a, b, bits, cosine }] : [];
  });
}

/** Images that have a near-duplicate on a side that teaches, in an evaluation where `taught(a, b)` says that b teaches the head that judges a. */
export function leaks(
  pairs: NearDuplicates[],
  taught: (judged: number, other: number) => boolean,
): Set<number> {
  return new Set(pairs.flatMap(({ a, b }) => [...(taught(a, b) ? [a] : []), ...(taught(b, a) ? [b] : [])]));
}

export function namedPairs(set: TrainingBottlenecks[], pairs: NearDuplicates[]): NamedPair[] {
  return pairs.map(({ a, b, bits, cosine }) => ({
    files: [set[a]!.example.file, set[b]!.example.file],
    bits,
    cosine: Math.round(cosine * 1000) / 1000,
  }));
}

function closeHashes(known: { i: number; hash: string }[]): { a: number; b: number; bits: number }[] {
  // as two numbers of 32 bits: all pairs are looked at
  const high = Int32Array.from(known, ({ hash }) => parseInt(hash.slice(0, 8), 16));
  const low = Int32Array.from(known, ({ hash }) => parseInt(hash.slice(8), 16));
  const close: { a: number; b: number; bits: number }[] = [];
  for (let k = 0; k < known.length; k++)
    for (let l = k + 1; l < known.length; l++) {
      const bits = ones(high[k]! ^ high[l]!) + ones(low[k]! ^ low[l]!);
      if (bits <= WIDEST) close.push({ a: known[k]!.i, b: known[l]!.i, bits });
    }
  return close;
}

/** Set bits of a 32-bit number (Warren, Hacker's Delight, figure 5-2). */
function ones(bits: number): number {
  let v = bits - ((bits >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

type Standard = { mean: Float64Array; scale: Float64Array };

/** Of the whole views. A number that is constant counts nothing. */
function standardisation(set: TrainingBottlenecks[]): Standard {
  const { length } = set[0]!.views[0]!;
  const sum = new Float64Array(length);
  const squares = new Float64Array(length);
  for (const { views } of set)
    for (let j = 0; j < length; j++) {
      const v = views[0]![j]!;
      sum[j]! += v;
      squares[j]! += v * v;
    }
  const mean = sum.map((s) => s / set.length);
  const scale = squares.map((q, j) => {
    const deviation = Math.sqrt(Math.max(0, q / set.length - mean[j]! ** 2));
    return deviation > 1e-6 ? 1 / deviation : 0;
  });
  return { mean, scale };
}

function cosineOf(a: Float32Array, b: Float32Array, { mean, scale }: Standard): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let j = 0; j < a.length; j++) {
    const u = (a[j]! - mean[j]!) * scale[j]!;
    const v = (b[j]! - mean[j]!) * scale[j]!;
    ab += u * v;
    aa += u * u;
    bb += v * v;
  }
  return ab / (Math.sqrt(aa * bb) || 1);
}
