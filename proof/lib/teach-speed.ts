// How long one more answer takes when thousands are there: the head corrected again and a queue scored. Measures, judges nothing.

import { createTeacher } from '../../src/learn/teach/teacher.ts';
import type { Arrival } from './facility.ts';

const SERIES = 500;

/** Milliseconds from the answer to the last score, the best of `rounds`. The images are taken again and again until there are enough. */
export function teachSpeed(images: Arrival[], lessons: number, queue: number, rounds = 3): number {
  const teacher = createTeacher();
  const at = (i: number) => ({ ...images[i % images.length]!, series: `series ${i % SERIES}` });
  const lesson = (id: number) => ({ ...at(id), id, category: at(id).truth, weight: 1 });
  for (let id = 0; id < lessons; id++) teacher.learn(lesson(id));
  const times = Array.from({ length: rounds }, (_, round) => {
    const start = performance.now();
    teacher.learn(lesson(lessons + round));
    for (let i = 0; i < queue; i++) teacher.score(at(i));
    return performance.now() - start;
  });
  return Math.min(...times);
}
