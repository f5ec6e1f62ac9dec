// What became of one image's top score: the top category was right, the second one was, or neither. The three curves of Figs. 4 to 6 of Modarres et al. 2017. Pure.

import type { Category } from '../domain/categories.ts';
import { ranked, type Scores } from '../domain/scores.ts';

export const OUTCOMES = ['top', 'second', 'neither'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const OUTCOME_WORDS: Record<Outcome, string> = {
  top: 'top right',
  second: 'second right',
  neither: 'neither',
};

/** `score` and `category`: the top ones. `group`: the series of the image. */
export type Result = {
  truth: Category;
  category: Category;
  score: number;
  second: { category: Category; score: number };
  outcome: Outcome;
  group: string;
};

export function resultOf({
  truth,
  scores,
  group,
}: {
  truth: Category;
  scores: Scores;
  group: string;
}): Result {
  const [first, second] = ranked(scores);
  const outcome = first!.category === truth ? 'top' : second!.category === truth ? 'second' : 'neither';
  return { truth, category: first!.category, score: first!.score, second: second!, outcome, group };
}
