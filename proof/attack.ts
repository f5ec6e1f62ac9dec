// Claim: wrong answers do not spread: with a fifth of them random, or one of five persons always wrong, other images keep their labels, and the manager is told.

import { CATEGORIES, type Category } from '../src/domain/categories.ts';
import { randomOf } from '../src/domain/random.ts';
import { hashShare } from '../src/learn/split.ts';
import { facilitiesOf, replayable, type Arrival, type Facility } from './lib/facility.ts';
import { addFlags, flagsOf, noFlags, type Flags } from './lib/flags.ts';
import { byTeacher, inOrder, ORDERS, replay, type Order, type Seen } from './lib/replay.ts';
import { streamFigures } from './lib/stream-figures.ts';
import { printTable, three } from './lib/table.ts';
import { openFacility, stream } from './lib/through-service.ts';
import type { Proof } from './run.ts';

const [PARTS, VIEWS] = [5, 2];
/** `parts`: the images are dealt to so many; `facilities`: of them, so many run. */
const SHORT = { images: 120, parts: 4, facilities: 1 };
const RANDOM_SHARE = 0.2;
const PERSONS = 5;
/** Of the issue. */
const BOUNDS = { randomWrongOfAll: 0.04, randomAsked: 0.6, othersWrongOfAll: 0.02 };

type Who = (image: Arrival) => number;
type Said = (image: Arrival) => Category;
/** `judged`: images whose labels are counted. */
type Row = { name: string; order: Order; seen: Seen[]; judged: Seen[]; flags?: Flags };

const RANDOM = 'a fifth at random';
const ONE_WRONG = 'one of five persons always wrong';
const IN_TURN = `${ONE_WRONG}, each in turn`;

export const proof: Proof = {
  claim: 'wrong answers do not spread to the images of others',
  defaultDir: '../shared/sem-images',
  async prove({ dir, short, n }) {
    const { all, sourceOf } = await replayable(dir, short ? SHORT.images : undefined);
    const dealing = { parts: short ? SHORT.parts : PARTS, deal: 0, views: n ?? VIEWS };
    const facilities = facilitiesOf(all, sourceOf, sourceOf.size > 0 ? 'sources' : 'series', dealing).slice(0, short ? SHORT.facilities : PARTS);
    const rows: Row[] = [];
    for (const order of short ? ORDERS.slice(1) : ORDERS) {
      const who = personOf(order);
      if (!short) {
        const truth = await served(facilities, order, who, ({ truth }) => truth);
        rows.push({ name: 'the truth', order, ...truth, judged: truth.seen });
      }
      const random = await served(facilities, order, who, someWrong(RANDOM_SHARE));
      rows.push({ name: RANDOM, order, ...random, judged: random.seen });
      // another person in every facility
      const bad = await served(facilities, order, who, undefined);
      rows.push({ name: ONE_WRONG, order, ...bad, judged: bad.others });
      // one alone says little: each of them in each facility, without a service
      const turns = Array.from({ length: PERSONS }, (_, person) => person);
      const replays = await Promise.all(turns.map((person) => replayed(facilities, order, who, person)));
      rows.push({ name: IN_TURN, order, seen: replays.flatMap(({ seen }) => seen), judged: replays.flatMap(({ others }) => others) });
    }
    print(rows);
    const missed = rows.flatMap(shortOf);
    if (!short) for (const what of missed) console.log(`short of the mark: ${what}`);
    return { ok: short || missed.length === 0, figures: rows.map(words).join('; ') + (short ? '; short: not judged' : '') };
  },
}; // prettier-ignore

/** Series by series a person answers whole series; interleaved anybody answers any image. */
function personOf(order: Order): Who {
  return ({ series, sha256 }) => Math.floor(PERSONS * hashShare(`person/${order === 'interleaved' ? sha256 : series}`)); // prettier-ignore
}

/** Through the service, one for each facility; without `said` the person with the number of the facility is always wrong. */
async function served(
  facilities: Facility[],
  order: Order,
  who: Who,
  said: Said | undefined,
): Promise<{ seen: Seen[]; others: Seen[]; flags: Flags }> {
  const found = { seen: [] as Seen[], others: [] as Seen[], flags: noFlags() };
  for (const [f, { arrivals, head }] of facilities.entries()) {
    const bad = said ? undefined : f % PERSONS;
    const facility = await openFacility(head, { teach: true });
    const given = new Map<string, number>();
    const told = new Map<string, number>();
    try {
      const seen = await stream(facility, inOrder(arrivals, order), {
        answerOf: said ?? wrongWhere(who, bad!),
        personOf: (image) => `Person ${who(image) + 1}`,
        async answered(_, by) {
          given.set(by, (given.get(by) ?? 0) + 1);
          for (const person of (await flagsOf(facility)).people)
            if (!told.has(person)) told.set(person, given.get(person)!);
        },
      });
      addFlags(found.flags, seen, await flagsOf(facility), told, bad === undefined ? undefined : `Person ${bad + 1}`); // prettier-ignore
      found.seen.push(...seen);
      found.others.push(...seen.filter(({ image }) => who(image) !== bad));
    } finally {
      await facility.end();
    }
  }
  return found;
}

async function replayed(facilities: Facility[], order: Order, who: Who, bad: number) {
  const seen: Seen[] = [];
  for (const { arrivals } of facilities)
    seen.push(...(await replay(inOrder(arrivals, order), byTeacher(), wrongWhere(who, bad))));
  return { seen, others: seen.filter(({ image }) => who(image) !== bad) };
}

const wrongWhere =
  (who: Who, bad: number): Said =>
  (image) =>
    who(image) === bad ? someWrong(1)(image) : image.truth;

/** Another category than the truth, any of the nine, for this share of the answers; the same image gets the same answer in every run. */
function someWrong(share: number): Said {
  return ({ truth, sha256 }) => {
    const random = randomOf(parseInt(sha256.slice(0, 8), 16));
    if (random() >= share) return truth;
    const others = CATEGORIES.filter((category) => category !== truth);
    return others[Math.floor(random() * others.length)]!;
  };
}

function print(rows: Row[]): void {
  printTable(
    ['answers', 'order', 'asked', 'judged', 'wrong of automatic', 'wrong of all', 'answers flagged', 'of them wrong', 'of wrong answers', 'persons flagged wrongly', 'the wrong person flagged after so many answers of theirs'],
    rows.map(({ name, order, seen, judged, flags }) => {
      const { wrongOfAutomatic, wrongOfAll } = streamFigures(judged);
      const figures = [name, order, three(streamFigures(seen).asked), judged.length, three(wrongOfAutomatic), three(wrongOfAll)];
      if (!flags) return [...figures, '-', '-', '-', '-', 'replayed'];
      return [...figures, flags.answers, flags.wrongAnswers, flags.allWrong, flags.wrongly, flags.after.map((k) => k ?? 'never').join(', ')];
    }),
  );
} // prettier-ignore

function words({ name, order, seen, judged, flags }: Row): string {
  const figures = `${name}, ${order}: asked ${three(streamFigures(seen).asked)}, wrong ${three(streamFigures(judged).wrongOfAll)}`;
  const after = flags?.after.length
    ? `, flagged after ${flags.after.map((k) => k ?? 'never').join(', ')} answers`
    : '';
  return figures + after;
}

function shortOf({ name, order, seen, judged }: Row): string[] {
  const [all, theirs] = [streamFigures(seen), streamFigures(judged)];
  const bounds: [string, number, number][] =
    name === RANDOM
      ? [
          ['wrong of all', all.wrongOfAll, BOUNDS.randomWrongOfAll],
          ['asked', all.asked, BOUNDS.randomAsked],
        ]
      : name === ONE_WRONG || name === IN_TURN
        ? [['wrong of the images of others', theirs.wrongOfAll, BOUNDS.othersWrongOfAll]]
        : [];
  return bounds
    .filter(([, v, most]) => v > most)
    .map(([what, v, most]) => `${name}, ${order}: ${what} ${three(v)}, at most ${three(most)}`);
}
