// Which question comes first: what has waited too long, then what tells most of the others that wait, then the rest by age; look-alikes of an earlier one behind those. Nothing is ever left out.

import type { Sight } from '../domain/access.ts';
import type { Rank, Ranked } from '../domain/teaching.ts';
import { seesAll } from '../store/sight.ts';
import type { Store } from '../store/store.ts';

export type Question = {
  sha256: string;
  /** so many others that wait in its series look like it */
  alike?: number;
  /** others that wait, for whom one answer may do; most alike first */
  lookAlikes?: string[];
};

export type OrderDeps = {
  store: Store;
  /** of those that are taught the order is found; of others images come by age */
  instruments: { name: string; teach: boolean }[];
  rank: Rank;
  /** an image that has waited so many seconds comes first, whatever others would tell more */
  floorSeconds: number;
  now: () => Date;
};

/** Of so many that wait the order is found; the others come by age. */
const RANKED = 1000;
/** Pages look again with every event: one order does for all of them. */
const FRESH_MS = 1000;

/** Returns a function that gives the first `limit` questions that somebody with this sight sees. Rejects as `rank` does. */
export function questionOrder({ store, instruments, rank, floorSeconds, now }: OrderDeps) {
  const taught = new Set(instruments.filter(({ teach }) => teach).map(({ name }) => name));
  let found: { until: number; ranked: Promise<Ranked> } | undefined;
  type Waiting = ReturnType<Store['rescoring']['waiting']>;
  let list: { until: number; limit: number; asked: number; last: string; waiting: Waiting } | undefined;

  /** For thousands of parts that wait the look takes a tenth of a second: it holds as long as an order, while the same images wait. */
  function waitingNow(limit: number): Waiting {
    const [asked, last] = [store.images.counts().asked, store.images.lastAsked()];
    const same = list && list.limit === limit && list.asked === asked && list.last === last;
    if (!list || !same || performance.now() >= list.until) {
      const waiting = store.rescoring.waiting(limit);
      list = { until: performance.now() + FRESH_MS, limit, asked, last, waiting };
    }
    return list.waiting;
  }

  function ranked(waiting: { sha256: string; series: number | undefined }[]): Promise<Ranked> {
    if (found && performance.now() < found.until) return found.ranked;
    // one at a time: it counts from when it was found
    const now = { until: Infinity, ranked: rank(waiting) };
    void now.ranked.catch(() => undefined).finally(() => (now.until = performance.now() + FRESH_MS));
    found = now;
    return now.ranked;
  }

  return async (limit: number, sight: Sight): Promise<Question[]> => {
    const all = waitingNow(Math.max(RANKED, limit));
    // one order for everybody, found among all; who sees less is asked what is left of it
    const waiting = seesAll(sight) ? all : store.seen.waiting(Math.max(RANKED, limit), sight);
    const floor = new Date(now().getTime() - floorSeconds * 1000).toISOString();
    const overdue = waiting.filter(({ since }) => since < floor);
    const rest = waiting.filter(({ since }) => since >= floor);
    const known = all.filter(({ instrument }) => taught.has(instrument));
    const { order, lookAlikes } = known.length > 1 ? await ranked(known) : NONE;
    const still = new Set(rest.map(({ sha256 }) => sha256));
    const chosen = order.filter(({ sha256 }) => still.delete(sha256));
    const byAge = rest.filter(({ sha256 }) => still.has(sha256));
    const answeredWith = new Set<string>();
    const inRow = (questions: Question[]) => apart(questions, lookAlikes, answeredWith);
    const questions = [...inRow(overdue), ...inRow([...chosen, ...byAge])].slice(0, limit);
    const waits = new Set(waiting.map(({ sha256 }) => sha256));
    return questions.map((question) => {
      const { sha256, alike } = question;
      const like = lookAlikes.get(sha256)?.filter((one) => waits.has(one)) ?? [];
      return {
        sha256,
        ...(alike === undefined ? {} : { alike }),
        ...(like.length === 0 ? {} : { lookAlikes: like }),
      };
    });
  };
}

const NONE: Ranked = { order: [], lookAlikes: new Map() };

/** What can be answered together with an earlier question, behind the others. `answeredWith`: collects what that is. */
function apart(
  questions: Question[],
  lookAlikes: Ranked['lookAlikes'],
  answeredWith: Set<string>,
): Question[] {
  const [first, behind]: [Question[], Question[]] = [[], []];
  for (const question of questions) {
    if (answeredWith.has(question.sha256)) behind.push(question);
    else {
      first.push(question);
      for (const one of lookAlikes.get(question.sha256) ?? []) answeredWith.add(one);
    }
  }
  return [...first, ...behind];
}
