// What people do to images: answer, take back, correct, retry. The page, the API and the command line all call these same functions.

import { isCategory } from '../domain/categories.ts';
import { FACT_NAMES, type FactName, type Facts } from '../domain/facts.ts';
import type { Answer, Label } from '../domain/label.ts';
import { SemtagError } from '../errors.ts';
import { faultPoint } from '../faults.ts';
import type { Image } from '../store/images.ts';
import type { Store } from '../store/store.ts';

export type AnswerRequest = {
  answer: Answer;
  /** who answers */
  by: string;
  /** of the question that was shown: an answer to an older one is refused */
  promptVersion?: number;
  note?: string;
};

/** `wake` tells the stages that there is something to do; with a key, that somebody asked for this image or file at once. */
export function answers(store: Store, wake: (key?: string) => void, now: () => Date = () => new Date()) {
  const at = () => now().toISOString();
  return {
    /** Labels an image: answers its prompt, or corrects its label with a new revision. */
    label(sha256: string, { answer, by, promptVersion, note }: AnswerRequest): Image {
      store.revisions.label(sha256, toLabel(answer, by, at(), note), promptVersion);
      faultPoint('label.committed');
      wake();
      return store.images.need(sha256);
    },

    /** Takes the last answer back; the image is asked again. */
    undo(sha256: string, by: string): Image {
      store.revisions.undo(sha256, by, at());
      wake();
      return store.images.need(sha256);
    },

    /** Corrects operator, project or sample of many images at once. */
    correctFacts(sha256s: string[], values: Partial<Record<FactName, string>>, by: string): Image[] {
      const facts: Facts = {};
      for (const name of FACT_NAMES) {
        const value = values[name]?.trim();
        if (value) facts[name] = { value, unit: null, origin: `operator ${by}` };
      }
      store.revisions.correctFacts(sha256s, facts, by, at());
      wake();
      return sha256s.map((sha256) => store.images.need(sha256));
    },

    /** Out of quarantine, or past the waiting time of a delivery that failed. */
    retry(sha256: string, by: string): Image {
      const image = store.images.need(sha256);
      if (image.state === 'quarantined') store.images.retry(sha256, by, at());
      else if (store.deliveries.tryNow(sha256) === 0)
        throw new SemtagError('wrong_state', `${image.name} is ${image.state}; there is nothing to retry`);
      wake(sha256);
      return store.images.need(sha256);
    },

    /** A file that went aside as incomplete is looked at again. */
    retryFile(id: number, by: string): void {
      const file = store.files.get(id);
      if (file?.state !== 'incomplete') throw new SemtagError('wrong_state', `file ${id} is not aside`);
      store.files.retry(id, by, at());
      wake(String(id));
    },
  };
}

export type Answers = ReturnType<typeof answers>;

function toLabel(answer: Answer, by: string, at: string, note?: string): Label {
  const rest = { basis: 'answer' as const, by, at, ...(note ? { note } : {}) };
  if (answer.kind !== 'category') return { kind: answer.kind, ...rest };
  if (!isCategory(answer.category) || (answer.second !== undefined && !isCategory(answer.second)))
    throw new SemtagError('bad_request', `${answer.category} is not one of the ten categories`);
  return {
    kind: 'category',
    category: answer.category,
    ...(answer.second ? { second: answer.second } : {}),
    ...rest,
  };
}
