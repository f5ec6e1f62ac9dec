// Which answers the other answers of their own series speak against, each left out of what is said about it. Keeps the answers that it is told; judges images, not people.

import { CATEGORIES, type Category } from '../../domain/categories.ts';
import { PAPER_THRESHOLDS } from '../../domain/decision.ts';
import type { SpeaksAgainst } from '../../domain/odd-answers.ts';
import { joined, type Evidence } from './neighbours.ts';
import { TEACH_SETTINGS, type TeachSettings } from './settings.ts';

export type OddAnswers = {
  learn(
    series: number,
    lesson: number,
    answer: { category: Category; weight: number; u: Float32Array },
  ): void;
  unlearn(series: number, lesson: number): void;
  /** In the order of the log. */
  find(): SpeaksAgainst[];
};

/** Each answer is held against so many others, the newest: a long series takes no longer for each. */
const COMPARED = 300;
/** Before any answer speaks: all ten alike. What the head thinks of the image does not matter here. */
const FLAT = new Float64Array(CATEGORIES.length).fill(1 / CATEGORIES.length);

export function oddAnswers(settings: TeachSettings = TEACH_SETTINGS): OddAnswers {
  const series = new Map<number, Map<number, Evidence>>();
  /** of the series that did not change since */
  const known = new Map<number, SpeaksAgainst[]>();

  function against(lesson: number, own: Evidence, all: [number, Evidence][]): SpeaksAgainst[] {
    const others = all.slice(-COMPARED - 1).flatMap(([other, given]) => (other === lesson ? [] : [given]));
    const scores = joined(FLAT, own.u, others, settings);
    const top = scores.indexOf(Math.max(...scores));
    const speaks = scores[own.category]! < settings.implausible && scores[top]! > PAPER_THRESHOLDS.auto;
    return speaks ? [{ lesson, category: CATEGORIES[top]!, score: scores[top]! }] : [];
  }

  return {
    learn(id, lesson, { category, weight, u }) {
      const own = series.get(id) ?? new Map<number, Evidence>();
      known.delete(id);
      series.set(id, own.set(lesson, { u, category: CATEGORIES.indexOf(category), weight }));
    },
    unlearn(id, lesson) {
      series.get(id)?.delete(lesson);
      known.delete(id);
    },
    find() {
      for (const [id, own] of series)
        if (!known.has(id)) {
          const all = [...own];
          known.set(id, all.flatMap(([lesson, given]) => against(lesson, given, all))); // prettier-ignore
        }
      return [...known.values()].flat().sort((a, b) => a.lesson - b.lesson);
    },
  };
}
