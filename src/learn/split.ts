// The 80/10/10 split by a hash of the file name or group: adding images never moves one that was there. Pure.

import { createHash } from 'node:crypto';

export const PARTS = ['train', 'validation', 'test'] as const;
export type Part = (typeof PARTS)[number];

/** A number in 0..1 that depends on `key` alone. */
export function hashShare(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32BE(0) / 2 ** 32;
}

/** 80 % train, 10 % validation, 10 % test, as in Modarres et al. 2017. `key`: the group, or the file's base name. */
export function partOf(key: string): Part {
  const share = hashShare(key);
  return share < 0.8 ? 'train' : share < 0.9 ? 'validation' : 'test';
}

/** Folds for cross-validation with groups kept together, dealt largest group first to the fold with the fewest images of its category. */
export function groupedFolds(examples: { group: string; category: string }[], folds: number): number[] {
  const groups = new Map<string, number[]>();
  examples.forEach(({ group }, i) => groups.set(group, [...(groups.get(group) ?? []), i]));
  const order = [...groups].sort(([a, x], [b, y]) => y.length - x.length || hashShare(a) - hashShare(b));
  const load = Array.from({ length: folds }, () => ({ all: 0, of: new Map<string, number>() }));
  const fold = new Array<number>(examples.length).fill(0);
  for (const [, members] of order) {
    const { category } = examples[members[0]!]!;
    const cost = (f: number) => (load[f]!.of.get(category) ?? 0) * examples.length + load[f]!.all;
    const best = load.map((_, f) => f).sort((a, b) => cost(a) - cost(b))[0]!;
    for (const i of members) fold[i] = best;
    load[best]!.all += members.length;
    load[best]!.of.set(category, (load[best]!.of.get(category) ?? 0) + members.length);
  }
  return fold;
}
