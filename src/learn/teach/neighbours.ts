// What the answers in an image's own series say of it; one counts by how alike its image is. Never a share of the series' counts: two subjects in one folder would label each other.

import type { TeachSettings } from './settings.ts';

/** `u`: place of the answered image. `category`: its index. */
export type Evidence = { u: Float32Array; category: number; weight: number };

/** exp(-(1 - cosine) / reach): 1 for the same place. */
export function likeness(a: Float32Array, b: Float32Array, reach: number): number {
  return Math.exp((cosine(a, b) - 1) / reach);
}

export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

/** (a p + sum over the answers of weight x likeness [category]) / (a + sum of weight x likeness), a = `headSay`. */
export function joined(
  p: Float64Array,
  u: Float32Array,
  answers: Evidence[],
  { headSay, reach }: TeachSettings,
): Float64Array {
  const sums = p.map((v) => headSay * v);
  let total = headSay;
  for (const answer of answers) {
    const say = answer.weight * likeness(u, answer.u, reach);
    sums[answer.category]! += say;
    total += say;
  }
  return sums.map((s) => s / total);
}
