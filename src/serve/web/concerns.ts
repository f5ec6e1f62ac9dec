// What does not go as it should while images are still taken, in words: a repository away, intake that waits, the model. Pure.

import type { Status } from './api.ts';

export type Concern = { words: string; why?: string };

export function concernsOf({ intake, owed, model, teaching }: Status): Concern[] {
  const concerns: Concern[] = [];
  if (intake.paused || intake.reason)
    concerns.push({ words: `intake waits: ${intake.reason ?? 'see the log'}` });
  for (const { target, owed: n, error } of owed)
    if (error)
      concerns.push({ words: `${target} away${n === 0 ? '' : `, ${waits(n)} to be sent`}`, why: error });
  if (!teaching.use)
    concerns.push({ words: 'teaching is set aside', ...(teaching.reason ? { why: teaching.reason } : {}) });
  if (!model) concerns.push({ words: 'no model is loaded' });
  else if (model.note) concerns.push({ words: `model: ${model.note}` });
  return concerns;
}

const waits = (n: number) => (n === 1 ? '1 image waits' : `${n} images wait`);
