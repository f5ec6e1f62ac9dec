// The decision: what the top score asks for (Modarres et al. 2017: above 0.8 by itself, 0.35 to 0.8 two suggestions, below all ten).

import type { Category } from './categories.ts';
import { ranked, type Scores } from './scores.ts';

export const DECISIONS = ['auto', 'prompt', 'choose'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What mode `auto` does with it, for people. */
export const DECISION_WORDS: Record<Decision, string> = {
  auto: 'labelled by itself',
  prompt: 'asked, two suggestions',
  choose: 'asked, any of the ten',
};

/** `auto` and `prompt` are scores; a category may have a pair of its own. `version` counts up in the database. */
export type Thresholds = {
  version: number;
  auto: number;
  prompt: number;
  perCategory?: Partial<Record<Category, Pair>>;
};

export type Pair = { auto: number; prompt: number };
export type ThresholdsValue = Omit<Thresholds, 'version'>;

/** The pair that routes an image with this top category. */
export const pairOf = (thresholds: ThresholdsValue, category: Category): Pair =>
  thresholds.perCategory?.[category] ?? thresholds;

/** Why nothing can be routed by it, in words; undefined where it can. */
export function thresholdsProblem(value: ThresholdsValue): string | undefined {
  const pairs: [string, Pair][] = [['', value], ...Object.entries(value.perCategory ?? {})];
  for (const [name, { auto, prompt }] of pairs) {
    const of = name ? `${name}: ` : '';
    for (const one of [auto, prompt])
      if (!(one >= 0 && one <= 1)) return `${of}${one} is no score from 0 to 1`;
    if (prompt > auto) return `${of}prompt ${prompt} is above auto ${auto}`;
  }
  return undefined;
}

/** The paper's; version 0 is of no database. */
export const PAPER_THRESHOLDS = { version: 0, auto: 0.8, prompt: 0.35 } as const satisfies Thresholds;

export type Routing = {
  decision: Decision;
  category: Category;
  score: number;
  /** All ten, best first: a prompt offers the first two, choose shows all. */
  suggestions: { category: Category; score: number }[];
};

/** auto iff top > auto; prompt iff prompt <= top <= auto; choose iff top < prompt. The borders are the paper's. */
export function decide(scores: Scores, thresholds: Thresholds): Routing {
  const suggestions = ranked(scores);
  const { category, score } = suggestions[0]!;
  const pair = pairOf(thresholds, category);
  const decision: Decision = score > pair.auto ? 'auto' : score >= pair.prompt ? 'prompt' : 'choose';
  return { decision, category, score, suggestions };
}
