// What teaching knows of an image and of an answer to it. Only answers of people become lessons: what the machine labelled never teaches.

import type { Place } from '../../classify/space.ts';
import type { Category } from '../../domain/categories.ts';

export type Known = {
  sha256: string;
  series: string;
  /** the private project that it belongs to; undefined: everybody's */
  realm?: string | undefined;
  /** the shipped head's mean logits over its temperature, in the order of CATEGORIES */
  logits: Float64Array;
  place: Place;
};

/** Teaches images of its own realm; without one, of every realm. `id`: of the answer; decides the order in which sums are taken. `weight`: what `lessonWeight` gave when it was answered. */
export type Lesson = Known & { id: number; category: Category; weight: number };
