// What people do to images: answer, take back, correct, retry. The page, the API and the command line all call these same functions.

import type { Sight } from '../domain/access.ts';
import { isCategory } from '../domain/categories.ts';
import { FACT_NAMES, type Corrections, type FactName } from '../domain/facts.ts';
import type { Answer, Label } from '../domain/label.ts';
import type { Paused } from '../domain/pause.ts';
import { nameProblem } from '../domain/person.ts';
import { SemtagError, type ErrorCode } from '../errors.ts';
import { faultPoint } from '../faults.ts';
import type { Image } from '../store/images.ts';
import type { Lying } from '../store/seen-history.ts';
import type { Store } from '../store/store.ts';
import type { Shown, Together } from '../store/together.ts';
import { setAsideIfWorse, useTeaching } from './guard.ts';

export type AnswerRequest = {
  answer: Answer;
  /** who answers */
  by: string;
  /** of the question that was shown: an answer to an older one is refused */
  promptVersion?: number;
  note?: string;
  /** nothing is learned from it, whoever answers: an odd one out, a guess */
  notForTraining?: boolean;
  /** other images that wait, as they were shown, for which the answer holds too; only the first one teaches */
  also?: Shown[];
};

/** The image as it is now, and what got the answer with it or did not since it had changed. */
export type Answered = Image & Together;

/** What a person says of operator, project, sample: absent stays as it is, null is cleared. */
export type FactValues = Partial<Record<FactName, string | null>>;

/** Whose answers about which instruments teach. */
export type Teaching = { instruments: { name: string; teach: boolean }[]; authors: string[] };

/** `wake` tells the stages that there is something to do; with a key, that somebody asked for this image or file at once. */
export function answers(
  store: Store,
  wake: (key?: string) => void,
  now: () => Date = () => new Date(),
  teaching: Teaching = { instruments: [], authors: [] },
) {
  const taught = new Set(teaching.instruments.filter(({ teach }) => teach).map(({ name }) => name));
  const trusted = (by: string) => teaching.authors.length === 0 || teaching.authors.includes(by);
  const at = () => now().toISOString();
  return {
    /** Labels an image: answers its prompt, or corrects its label with a new revision. */
    label(
      sha256: string,
      { answer, by, promptVersion, note, notForTraining = false, also = [] }: AnswerRequest,
    ): Answered {
      const given = toLabel(answer, personName(by), at(), note);
      const learnable = !notForTraining && trusted(given.by);
      const label: Label = learnable ? given : { ...given, teaches: false };
      const teaches = learnable && taught.has(store.images.need(sha256).instrument);
      const done = store.revisions.label(sha256, label, promptVersion, teaches, also);
      faultPoint('label.committed');
      if (store.images.need(sha256).blindCheck) setAsideIfWorse(store, at());
      wake();
      return { ...store.images.need(sha256), ...done };
    },

    /** Takes the last answer back; the image is asked again, and so are those that got the answer with it. */
    undo(sha256: string, by: string): Image & Pick<Together, 'together'> {
      const together = store.revisions.undo(sha256, personName(by), at());
      wake();
      return { ...store.images.need(sha256), together };
    },

    /** Corrects operator, project or sample of many images at once; null clears one. All of them or none. */
    correctFacts(sha256s: string[], values: FactValues, by: string): Image[] {
      const who = personName(by);
      const corrections: Corrections = {};
      for (const name of FACT_NAMES) {
        const value = values[name];
        if (value === null) corrections[name] = null;
        else if (value !== undefined)
          corrections[name] = { value: factValue(name, value), unit: null, origin: `operator ${who}` };
      }
      store.revisions.correctFacts(sha256s, corrections, who, at());
      wake();
      return sha256s.map((sha256) => store.images.need(sha256));
    },

    /** Answers that were given under a wrong name are another person's; returns the images whose name changed. */
    correctName(
      { sha256s, from, to }: { sha256s: string[]; from: string; to: string },
      by: string,
      sight: Sight,
    ): string[] {
      const right = personName(to);
      const names = { sha256s, from, to: right, teaches: trusted(right) };
      const changed = store.names.correct(names, sight, personName(by), at());
      wake();
      return changed;
    },

    /** These images become a series of their own: another subject of the same folder or sample. Returns its id. */
    splitSeries(id: number, sha256s: string[], by: string): number {
      const added = store.series.split(id, sha256s, personName(by), at());
      wake();
      return added;
    },

    /** All images of a series go into another one of the same folder or sample. Returns how many. */
    joinSeries(id: number, into: number, by: string): number {
      const images = store.series.join(id, into, personName(by), at());
      wake();
      return images;
    },

    /** Out of quarantine, or past the waiting time of a delivery that failed. */
    retry(sha256: string, by: string): Image {
      const who = personName(by);
      const image = store.images.need(sha256);
      if (image.state === 'quarantined') store.images.retry(sha256, who, at());
      else if (store.deliveries.tryNow(sha256) === 0)
        throw new SemtagError('wrong_state', `${image.name} is ${image.state}; there is nothing to retry`);
      wake(sha256);
      return store.images.need(sha256);
    },

    /** Teaching is used again, or set aside by hand: what waits is scored again. */
    useTeaching(use: boolean, by: string, reason: string): void {
      useTeaching(store, { use, by: personName(by), reason }, at());
      wake();
    },

    /** Everything that is aside for this reason, or for any, as far as the caller sees it, files by `lying`: `limit` images and files at most. Returns how many, and how many are left. */
    retryMany(
      code: ErrorCode | undefined,
      by: string,
      limit: number,
      sight: Sight,
      lying: (file: Lying) => boolean,
    ): Retried {
      const who = personName(by);
      const { images, files } = store.queues.asideFor(code, limit + 1, sight, lying);
      const now = { images: images.slice(0, limit), files: files.slice(0, limit) };
      store.retries.all(now, who, at());
      for (const key of [...now.images, ...now.files.map(String)]) wake(key);
      const more = images.length > limit || files.length > limit;
      return { images: now.images.length, files: now.files.length, more };
    },

    /** Forwarding and publishing wait. False where they did already. Throws bad_request without a reason. */
    pause(paused: Paused, by: string, reason: string): boolean {
      const who = personName(by);
      return store.pauses.add(paused, who, reasonOf(reason), at());
    },

    /** They go on. False where they were not paused. */
    resume(paused: Paused, by: string): boolean {
      const done = store.pauses.end(paused, personName(by), at());
      wake();
      return done;
    },

    /** A file that went aside as incomplete is looked at again. */
    retryFile(id: number, by: string): void {
      const who = personName(by);
      const file = store.files.get(id);
      if (file?.state !== 'incomplete') throw new SemtagError('wrong_state', `file ${id} is not aside`);
      store.files.retry(id, who, at());
      wake(String(id));
    },
  };
}

export type Answers = ReturnType<typeof answers>;

/** `more`: some are left, the same call again takes them. */
export type Retried = { images: number; files: number; more: boolean };

const LONGEST_REASON = 500;

function reasonOf(reason: string): string {
  const trimmed = reason.trim();
  if (!trimmed || trimmed.length > LONGEST_REASON)
    throw new SemtagError('bad_request', `reason: 1 to ${LONGEST_REASON} characters`);
  return trimmed;
}

/** Trimmed. Throws bad_request with the reason where nobody can answer under it. */
export function personName(by: string): string {
  const problem = nameProblem(by);
  if (problem) throw new SemtagError('bad_request', `by: ${problem}`);
  return by.trim();
}

const LONGEST_FACT = 200;

function factValue(name: FactName, value: string): string {
  const trimmed = value.trim();
  if (!trimmed || trimmed.length > LONGEST_FACT)
    throw new SemtagError('bad_request', `${name}: 1 to ${LONGEST_FACT} characters; null clears it`);
  return trimmed;
}

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
