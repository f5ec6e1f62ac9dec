// What the model in use says of one image: scores, the decision they ask for, and exactly what gave them. Pure.

import { decide, type Thresholds } from '../domain/decision.ts';
import type { Bottlenecks } from '../domain/job.ts';
import type { Scores } from '../domain/scores.ts';
import type { TaughtScores } from '../domain/teaching.ts';
import type { Classification, ModelReference } from '../record/record.ts';

/** The head in use: what it needs and what it gives. */
export type Model = {
  reference: Omit<ModelReference, 'engine'>;
  scores(bottlenecks: Bottlenecks): Scores;
};

/** `taught`: what answers have made of its scores; without it they are the head's. */
export function classificationOf(
  model: Model,
  bottlenecks: Bottlenecks,
  thresholds: Thresholds,
  taught?: Pick<TaughtScores, 'scores' | 'taught'>,
): Classification {
  const scores = taught?.scores ?? model.scores(bottlenecks);
  const { decision, category, score } = decide(scores, thresholds);
  const { version, auto, prompt } = { ...thresholds, ...thresholds.perCategory?.[category] };
  return {
    scores,
    decision,
    category,
    score,
    thresholds: { version, auto, prompt },
    model: { ...model.reference, engine: bottlenecks.engine },
    ...(taught?.taught ? { taught: taught.taught } : {}),
  };
}
