// What a manager should look at: answers that stand against what looks like them, and people to whom that happens more often than to the others. Reads only, on demand.

import { outOfLine, type OddAnswer, type SpeaksAgainst } from '../domain/odd-answers.ts';
import type { Sight } from '../domain/access.ts';
import type { Store } from '../store/store.ts';

export type Odd = {
  /** the newest first */
  answers: OddAnswer[];
  /** in the order of their names, with the images to look at */
  people: { by: string; sha256s: string[] }[];
};

/** Of what somebody with this sight sees, and nothing else: also whose answers are odd is found from that alone. */
export function oddOf(store: Pick<Store, 'oddAnswers' | 'seen'>, found: SpeaksAgainst[], sight: Sight): Odd {
  const against = new Map(found.map(({ lesson, category, score }) => [lesson, { category, score }]));
  const unsettled = store.oddAnswers.unsettled([...against.keys()]);
  const seen = new Set(
    store.seen.only(
      unsettled.map(({ sha256 }) => sha256),
      sight,
    ),
  );
  const answers = unsettled
    .filter(({ sha256 }) => seen.has(sha256))
    .map((row): OddAnswer => {
      const { lesson, sha256, by, category, weight } = row;
      const speaks = against.get(lesson);
      return { sha256, by, category, implausible: weight < 1, ...(speaks ? { against: speaks } : {}) };
    });
  const of = (by: string) => answers.filter((one) => one.by === by);
  const tally = store.oddAnswers.people(sight).map((one) => ({ ...one, odd: of(one.by).length }));
  const people = outOfLine(tally).map((by) => ({ by, sha256s: of(by).map(({ sha256 }) => sha256) }));
  return { answers, people };
}
