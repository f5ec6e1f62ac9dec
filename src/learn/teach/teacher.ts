// Scores that answers have taught: a function of the lessons and the image alone, bit for bit, in whatever order they came or went. No lesson of a private project reaches an image outside it. Holds no database and no clock.

import { CATEGORIES } from '../../domain/categories.ts';
import { scoresOf, softmax, type Scores } from '../../domain/scores.ts';
import { cautious } from './caution.ts';
import { corrected, correctionFrom, type Correction } from './correction.ts';
import type { Known, Lesson } from './lesson.ts';
import { joined } from './neighbours.ts';
import { TEACH_SETTINGS, type TeachSettings } from './settings.ts';

export type Taught = {
  scores: Scores;
  /** lessons in its series, which the scores rest on, and how many there are in all that may teach it */
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

/** How many lessons may teach, and what they change in the head. */
type Reached = { all: number; correction: Correction | undefined };

/** Without lessons every score is the shipped head's to the bit. The head is corrected when the first score after a change is asked for. */
export function createTeacher(settings: TeachSettings = TEACH_SETTINGS): Teacher {
  const lessons = new Map<number, Lesson>();
  const bySeries = new Map<string, Set<number>>();
  /** of everybody's lessons, under undefined, and for each private project of everybody's and its own; made when it is asked for */
  const reached = new Map<string | undefined, Reached>();

  const inOrder = (ids: Iterable<number>) => [...ids].sort((a, b) => a - b).map((id) => lessons.get(id)!);
  const mayTeach = (lesson: Lesson, realm: string | undefined) =>
    lesson.realm === undefined || lesson.realm === realm;

  function reachedIn(realm: string | undefined): Reached {
    const before = reached.get(realm);
    if (before) return before;
    const all = inOrder(lessons.keys()).filter((lesson) => mayTeach(lesson, realm));
    const correction = all.length > 0 ? correctionFrom(all, settings) : undefined;
    const now = { all: all.length, correction };
    reached.set(realm, now);
    return now;
  }

  /** A lesson came or went. */
  function changed({ realm }: Lesson): void {
    if (realm === undefined) reached.clear();
    else reached.delete(realm);
  }

  function forget(id: number): void {
    const lesson = lessons.get(id);
    if (!lesson) return;
    lessons.delete(id);
    const left = bySeries.get(lesson.series)!;
    left.delete(id);
    if (left.size === 0) bySeries.delete(lesson.series);
    changed(lesson);
  }

  return {
    learn(lesson) {
      forget(lesson.id);
      lessons.set(lesson.id, lesson);
      const series = bySeries.get(lesson.series) ?? new Set();
      bySeries.set(lesson.series, series.add(lesson.id));
      changed(lesson);
    },
    unlearn: forget,
    score({ series, realm, logits, place }) {
      const shipped = softmax(logits);
      const { all, correction } = reachedIn(realm);
      if (!correction) return { scores: shipped, lessons: [], all: 0, taught: false };
      const taught = listOf(softmax(corrected(logits, place.x, correction)));
      const own = inOrder(bySeries.get(series) ?? []).filter((lesson) => mayTeach(lesson, realm));
      const evidence = own.map(({ place: { u }, category, weight }) => ({ u, category: CATEGORIES.indexOf(category), weight })); // prettier-ignore
      const scores = scoresOf(
        own.length > 0
          ? joined(taught, place.u, evidence, settings)
          : cautious(listOf(shipped), taught, settings),
      );
      const differs = CATEGORIES.some((c) => scores[c] !== shipped[c]);
      return { scores, lessons: own.map(({ id }) => id), all, taught: differs };
    },
  };
}

function listOf(scores: Scores): Float64Array {
  return Float64Array.from(CATEGORIES, (c) => scores[c]);
}
