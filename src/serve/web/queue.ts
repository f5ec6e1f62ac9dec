// The queue of the Answer page: which image is shown and which comes next. Pure; the server's order, what was skipped comes last.

import type { ImageSummary } from './api.ts';
import type { Question } from './blind.ts';

export type Queue = {
  /** as the server gave them, oldest first */
  prompts: Question[];
  /** skipped by this person, in that order */
  skipped: string[];
  current?: Question;
};

export const EMPTY: Queue = { prompts: [], skipped: [] };

/** In the order in which they will be shown, without the current one. */
export function coming(queue: Queue): Question[] {
  const late = queue.skipped.flatMap((sha256) => rest(queue).find((p) => p.sha256 === sha256) ?? []);
  return [...unseen(queue), ...late];
}

/** Those of them that were not skipped. */
export const unseen = (queue: Queue): Question[] =>
  rest(queue).filter((p) => !queue.skipped.includes(p.sha256));

const rest = ({ prompts, current }: Queue) => prompts.filter((p) => p.sha256 !== current?.sha256);

/** A fresh list came. The image on the screen stays with what was suggested, whatever the list says: nothing changes under the eyes of a person. */
export function refreshed(queue: Queue, prompts: Question[]): Queue {
  const skipped = queue.skipped.filter((sha256) => prompts.some((p) => p.sha256 === sha256));
  const fresh = prompts.find((p) => p.sha256 === queue.current?.sha256);
  const current = fresh && queue.current ? asShown(queue.current, fresh) : queue.current;
  return current ? { prompts, skipped, current } : next({ prompts, skipped });
}

const SAID_BY_MACHINE = ['suggestions', 'category', 'score', 'decision', 'taught', 'thresholdsVersion', 'model'] as const; // prettier-ignore

/** The same question, asked anew: what the machine said of it stays as it was read. Once somebody answered it is another one. */
export function asShown(shown: Question, fresh: Question): Question {
  if (fresh.promptVersion !== shown.promptVersion || shown.suggestions.length === 0) return fresh;
  const said = new Set<string>(SAID_BY_MACHINE);
  const part = (of: Question, machine: boolean) =>
    Object.fromEntries(Object.entries(of).filter(([key]) => said.has(key) === machine));
  return { ...part(fresh, false), ...part(shown, true) } as Question;
}

/** This image is no longer waiting; away from it if it is the current one, the current one stays otherwise. */
export function done(queue: Queue, gone = queue.current?.sha256): Queue {
  const prompts = queue.prompts.filter((p) => p.sha256 !== gone);
  return queue.current?.sha256 === gone ? next({ ...queue, prompts }) : { ...queue, prompts };
}

/** The current image goes to the end; alone it stays. */
export function skip(queue: Queue): Queue {
  const { current, prompts } = queue;
  if (!current || coming(queue).length === 0) return queue;
  const skipped = [...queue.skipped.filter((s) => s !== current.sha256), current.sha256];
  return next({ prompts, skipped, current });
}

/** Shows this one now, for instance because its answer was taken back. */
export function show(queue: Queue, current: Question): Queue {
  const others = queue.prompts.filter((p) => p.sha256 !== current.sha256);
  const prompts = current.state === 'asked' ? [current, ...others] : others;
  return { prompts, skipped: queue.skipped.filter((s) => s !== current.sha256), current };
}

/** Facts were corrected: what is shown and what comes follow at once. */
export function corrected(queue: Queue, items: Pick<ImageSummary, 'sha256' | 'facts'>[]): Queue {
  const facts = new Map(items.map((item) => [item.sha256, item.facts]));
  const follow = (image: Question) => ({ ...image, facts: facts.get(image.sha256) ?? image.facts });
  const { current, prompts } = queue;
  return { ...queue, prompts: prompts.map(follow), ...(current ? { current: follow(current) } : {}) };
}

function next(queue: Queue): Queue {
  const [first] = coming(queue);
  const { prompts, skipped } = queue;
  return first ? { prompts, skipped, current: first } : { prompts, skipped };
}
