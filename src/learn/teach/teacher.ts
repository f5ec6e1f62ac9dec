// Scores that answers have taught: a function of the lessons and the image alone, bit for bit, in whatever order they came or went. Holds no database and no clock.

import { CATEGORIES } from '../../domain/categories.ts';
import { scoresOf, softmax, type Scores } from '../../domain/scores.ts';
import { cautious } from './caution.ts';
import { corrected, correctionFrom, type Correction } from './correction.ts';
import type { Known, Lesson } from './lesson.ts';
import { joined } from './neighbours.ts';
import { TEACH_SETTINGS, type TeachSettings } from './settings.ts';

export type Taught = {
  scores: Scores;
  /** lessons in its series, which the scores rest on, and how many there are in all */
  lessons: number[];
  all: number;
  /** the scores are not the shipped head's */
  taught: boolean;
};

export type Teacher = {
  /** One of the same id takes the place of that before. */
  learn(lesson: Lesson): void;
  /** As if it had never been; an unknown id changes nothing. */
  unlearn(id: number): void;
  score(image: Known): Taught;
};

/** Without lessons every score is the shipped head's to the bit. The head is corrected when the first score after a change is asked for. */
export function createTeacher(settings: TeachSettings = TEACH_SETTINGS): Teacher {
  const lessons = new Map<number, Lesson>();
  const bySeries = new Map<string, Set<number>>();
  let correction: Correction | undefined;

  const inOrder = (ids: Iterable<number>) => [...ids].sort((a, b) => a - b).map((id) => lessons.get(id)!);

  function forget(id: number): void {
    const { series } = lessons.get(id) ?? {};
    if (series === undefined) return;
    lessons.delete(id);
    const left = bySeries.get(series)!;
    left.delete(id);
    if (left.size === 0) bySeries.delete(series);
    correction = undefined;
  }

  return {
    learn(lesson) {
      forget(lesson.id);
      lessons.set(lesson.id, lesson);
      const series = bySeries.get(lesson.series) ?? new Set();
      bySeries.set(lesson.series, series.add(lesson.id));
      correction = undefined;
    },
    unlearn: forget,
    score({ series, logits, place }) {
      const shipped = softmax(logits);
      if (lessons.size === 0) return { scores: shipped, lessons: [], all: 0, taught: false };
      correction ??= correctionFrom(inOrder(lessons.keys()), settings.lambda);
      const taught = listOf(softmax(corrected(logits, place.x, correction)));
      const own = inOrder(bySeries.get(series) ?? []);
      const evidence = own.map(({ place: { u }, category, weight }) => ({ u, category: CATEGORIES.indexOf(category), weight })); // prettier-ignore
      const scores = scoresOf(
        own.length > 0
          ? joined(taught, place.u, evidence, settings)
          : cautious(listOf(shipped), taught, settings),
      );
      const differs = CATEGORIES.some((c) => scores[c] !== shipped[c]);
      return { scores, lessons: own.map(({ id }) => id), all: lessons.size, taught: differs };
    },
  };
}

function listOf(scores: Scores): Float64Array {
  return Float64Array.from(CATEGORIES, (c) => scores[c]);
}
