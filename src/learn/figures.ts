// What scores are worth against the truth: top-1, top-2, macro recall, precision and coverage above the threshold, expected calibration error. Pure.

import { CATEGORIES, type Category } from '../domain/categories.ts';
import { calibrationError } from './reliability.ts';
import { ranked, type Scores } from '../domain/scores.ts';

export type Judged = { truth: Category; scores: Scores };

export type Figures = {
  n: number;
  top1: number;
  top2: number;
  /** mean over the categories present of the share that was found */
  macroRecall: number;
  /** of those with a top score above the threshold: the share that is right, and the share of all that they are */
  autoPrecision: number;
  autoCoverage: number;
  ece: number;
};

export type CategoryFigures = Figures & { category: Category };

export function figuresOf(judged: Judged[], auto = 0.8): Figures {
  const tops = judged.map(({ truth, scores }) => {
    const order = ranked(scores);
    return {
      truth,
      score: order[0]!.score,
      first: order[0]!.category === truth,
      second: order[1]!.category === truth,
    };
  });
  const share = <T>(list: T[], is: (item: T) => boolean) =>
    list.length ? list.filter(is).length / list.length : NaN;
  const above = tops.filter(({ score }) => score > auto);
  const recalls = CATEGORIES.map((c) => tops.filter(({ truth }) => truth === c)).filter((list) => list.length > 0).map((list) => share(list, (t) => t.first)); // prettier-ignore
  return {
    n: tops.length,
    top1: share(tops, (t) => t.first),
    top2: share(tops, (t) => t.first || t.second),
    macroRecall: recalls.reduce((a, b) => a + b, 0) / recalls.length,
    autoPrecision: share(above, (t) => t.first),
    autoCoverage: above.length / tops.length,
    ece: calibrationError(tops),
  };
}

export function figuresByCategory(judged: Judged[], auto = 0.8): CategoryFigures[] {
  return CATEGORIES.flatMap((category) => {
    const own = judged.filter(({ truth }) => truth === category);
    return own.length ? [{ category, ...figuresOf(own, auto) }] : [];
  });
}
