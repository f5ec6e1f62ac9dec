// Answers that stand against what looks like them, as facts about images: a new kind of sample looks the same as a slip. Nothing here ranks people or drops an answer. Pure.

import { binomialTail } from './binomial-tail.ts';
import type { Category } from './categories.ts';

/** The other answers of its own series speak for another category. `lesson`: place of the answer in the log. */
export type SpeaksAgainst = { lesson: number; category: Category; score: number };

/** One answer in force. At least one of the last two says why it is shown. */
export type OddAnswer = {
  sha256: string;
  by: string;
  category: Category;
  /** its category had next to no score just before it was given */
  implausible: boolean;
  against?: Pick<SpeaksAgainst, 'category' | 'score'>;
};

/** Answers in force that teach, and how many of them are odd. */
export type Tally = { by: string; answers: number; odd: number };

const BEYOND_CHANCE = 0.001;

/**
 * Whose answers are odd more often than those of all others together, beyond chance: P(X >= odd), X ~ Binomial(answers, share of the others), one-sided
 * and exact. To the others' share one answer of either kind is added (Laplace's rule of succession): that none was odd so far does not mean that none ever will be.
 */
export function outOfLine(people: Tally[]): string[] {
  const sum = (of: (one: Tally) => number) => people.reduce((total, one) => total + of(one), 0);
  const [answers, odd] = [sum((one) => one.answers), sum((one) => one.odd)];
  return people
    .filter((one) => {
      const others = (odd - one.odd + 1) / (answers - one.answers + 2);
      return binomialTail(one.odd, one.answers, others) < BEYOND_CHANCE;
    })
    .map(({ by }) => by)
    .sort();
}
