// Made-up images for teaching: each category has a direction of its own, and a shipped head that knows it a little.

import { CATEGORIES, type Category } from '../../../src/domain/categories.ts';
import { randomOf } from '../../../src/domain/random.ts';
import type { Known, Lesson } from '../../../src/learn/teach/lesson.ts';

const AXES = 16;

export function imagesOf(seed = 1) {
  const random = randomOf(seed);
  let made = 0;
  /** `sure`: logit that the shipped head gives to `looks`, above the others. */
  return (series: string, truth: Category, sure = 0.5, looks = truth): Known & { truth: Category } => {
    const x = Float32Array.from({ length: AXES }, (_, k) => (k === CATEGORIES.indexOf(truth) ? 2 : 0) + random() - 0.5);
    const size = Math.hypot(...x);
    const logits = Float64Array.from(CATEGORIES, (c) => (c === looks ? sure : 0) + 0.1 * random());
    return { sha256: `image ${made++}`, series, truth, logits, place: { x, u: x.map((v) => v / size) } };
  };
} // prettier-ignore

export function lessonOf(id: number, image: Known, category: Category, weight = 1): Lesson {
  return { ...image, id, category, weight };
}
