// Replays a stream of images of known truth: what is asked, what is labelled by itself, what answers teach meanwhile. What scores is handed in.

import type { Category } from '../../src/domain/categories.ts';
import { PAPER_THRESHOLDS } from '../../src/domain/decision.ts';
import { softmax, top } from '../../src/domain/scores.ts';
import { hashShare } from '../../src/learn/split.ts';
import { createTeacher, type Taught } from '../../src/learn/teach/teacher.ts';
import { lessonWeight } from '../../src/domain/teaching.ts';
import type { Arrival } from './facility.ts';

/** The pure teacher below; a service can stand here as well. */
export type Scoring = {
  score(image: Arrival): Taught | Promise<Taught>;
  answer(image: Arrival, category: Category): void | Promise<void>;
};

export type Seen = {
  image: Arrival;
  asked: boolean;
  /** what it is labelled with: by itself, or as answered */
  label: Category;
  /** answers in its series when it arrived */
  answers: number;
  /** score of the category answered, before the answer; absent where nobody was asked */
  scoreBefore?: number;
};

export function byTeacher(): Scoring {
  const teacher = createTeacher();
  let id = 0;
  return {
    score: (image) => teacher.score(image),
    answer(image, category) {
      const weight = lessonWeight(teacher.score(image).scores[category]);
      teacher.learn({ ...image, id: id++, category, weight });
    },
  };
}

/** The shipped head alone, whatever people answer. */
export function byHead(): Scoring {
  return {
    score: ({ logits }) => ({ scores: softmax(logits), lessons: [], all: 0, taught: false }),
    answer: () => undefined,
  };
}

/** In the order given; `answerOf`: what a person says when asked, the truth unless told. */
export async function replay(
  stream: Arrival[],
  scoring: Scoring,
  answerOf: (image: Arrival) => Category = ({ truth }) => truth,
): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const image of stream) {
    const { scores, lessons } = await scoring.score(image);
    const { category, score } = top(scores);
    const asked = score <= PAPER_THRESHOLDS.auto;
    if (!asked) {
      seen.push({ image, asked, label: category, answers: lessons.length });
      continue;
    }
    const label = answerOf(image);
    await scoring.answer(image, label);
    seen.push({ image, asked, label, answers: lessons.length, scoreBefore: scores[label] });
  }
  return seen;
}

export const ORDERS = ['series by series', 'interleaved'] as const;
export type Order = (typeof ORDERS)[number];

/** `deal`: another number, another order. Images of a series keep none of their own. */
export function inOrder(arrivals: Arrival[], order: Order, deal = 0): Arrival[] {
  const share = (key: string) => hashShare(`${deal}/${key}`);
  const byImage = arrivals.toSorted((a, b) => share(a.sha256) - share(b.sha256));
  return order === 'interleaved' ? byImage : byImage.toSorted((a, b) => share(a.series) - share(b.series));
}
