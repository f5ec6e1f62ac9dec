// A part of a list that is the same every time: proofs in their short form use it. Knows nothing of what it chooses from.

import { hashShare } from '../../src/learn/split.ts';

/** The `n` with the smallest hashes of their keys, in their old order. */
export function sampled<T>(list: T[], n: number | undefined, keyOf: (item: T) => string): T[] {
  if (n === undefined || n >= list.length) return list;
  const byHash = list.toSorted((a, b) => hashShare(keyOf(a)) - hashShare(keyOf(b)));
  const chosen = new Set(byHash.slice(0, n));
  return list.filter((item) => chosen.has(item));
}
