// Scores of one image: one number per category, 0..1, summing to 1, never rounded before they are stored.

import { CATEGORIES, type Category } from './categories.ts';

export type Scores = Record<Category, number>;

/** softmax(logits / temperature). `logits`: ten numbers in the order of CATEGORIES. Shifted by the maximum, so it never overflows. */
export function softmax(logits: ArrayLike<number>, temperature = 1): Scores {
  const values = Array.from(logits, (v) => v / temperature);
  const max = Math.max(...values);
  const powers = values.map((v) => Math.exp(v - max));
  const sum = powers.reduce((a, b) => a + b, 0);
  return scoresOf(powers.map((p) => p / sum));
}

export function scoresOf(values: ArrayLike<number>): Scores {
  if (values.length !== CATEGORIES.length)
    throw new RangeError(`${values.length} scores for ${CATEGORIES.length} categories`);
  return Object.fromEntries(CATEGORIES.map((c, i) => [c, values[i]])) as Scores;
}

/** Categories from the highest score to the lowest; equal scores keep the order of CATEGORIES. */
export function ranked(scores: Scores): { category: Category; score: number }[] {
  return CATEGORIES.map((category) => ({ category, score: scores[category] })).sort(
    (a, b) => b.score - a.score,
  );
}

export function top(scores: Scores): { category: Category; score: number } {
  return ranked(scores)[0]!;
}
