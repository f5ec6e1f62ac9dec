// Claim: wrong answers do not spread: with a fifth of them random, or one of five persons always wrong, other images keep their labels.

import { CATEGORIES, type Category } from '../src/domain/categories.ts';
import { randomOf } from '../src/domain/random.ts';
import { hashShare } from '../src/learn/split.ts';
import { TEACH_SETTINGS } from '../src/learn/teach/settings.ts';
import { facilitiesOf, replayable, type Arrival } from './lib/facility.ts';
import { byTeacher, inOrder, ORDERS, replay, type Order, type Seen } from './lib/replay.ts';
import { streamFigures } from './lib/stream-figures.ts';
import { printTable } from './lib/table.ts';
import type { Proof } from './run.ts';

const [PARTS, VIEWS] = [5, 2];
const SHORT = { images: 200, parts: 2 };
const RANDOM_SHARE = 0.2;
const PERSONS = 5;
/** Of the issue. */
const BOUNDS = { randomWrongOfAll: 0.04, randomAsked: 0.6, othersWrongOfAll: 0.02 };

type Row = { name: string; order: Order; seen: Seen[]; judged: Seen[] };

export const proof: Proof = {
  claim: 'wrong answers do not spread to the images of others',
  defaultDir: '../shared/sem-images',
  async prove({ dir, short, n }) {
    const { all, sourceOf } = await replayable(dir, short ? SHORT.images : undefined);
    const dealing = { parts: short ? SHORT.parts : PARTS, deal: 0, views: n ?? VIEWS };
    const facilities = facilitiesOf(all, sourceOf, sourceOf.size > 0 ? 'sources' : 'series', dealing);
    const rows: Row[] = [];
    const run = async (order: Order, answerOf: (image: Arrival) => Category): Promise<Seen[]> => {
      const seen: Seen[] = [];
      for (const arrivals of facilities) seen.push(...(await replay(inOrder(arrivals, order), byTeacher(), answerOf)));
      return seen;
    };
    const wrong = someWrong(1);
    for (const order of ORDERS) {
      const truth = await run(order, ({ truth: category }) => category);
      rows.push({ name: 'the truth', order, seen: truth, judged: truth });
      const random = await run(order, someWrong(RANDOM_SHARE));
      rows.push({ name: 'a fifth at random', order, seen: random, judged: random });
      // series by series a person answers whole series; interleaved anybody answers any image
      const personOf = ({ series, sha256 }: Arrival) => Math.floor(PERSONS * hashShare(`person/${order === 'interleaved' ? sha256 : series}`));
      const [seen, judged]: [Seen[], Seen[]] = [[], []];
      // each of them in turn: one alone says little
      for (let bad = 0; bad < PERSONS; bad++) {
        const once = await run(order, (image) => (personOf(image) === bad ? wrong(image) : image.truth));
        seen.push(...once);
        judged.push(...once.filter(({ image }) => personOf(image) !== bad));
      }
      rows.push({ name: 'one of five persons always wrong', order, seen, judged });
    }
    print(rows);
    const missed = rows.flatMap(shortOf);
    if (!short) for (const what of missed) console.log(`short of the mark: ${what}`);
    const said = rows.map(({ name, order, seen, judged }) => {
      const { asked, wrongOfAll } = streamFigures(judged);
      return `${name}, ${order}: asked ${three(streamFigures(seen).asked)}, wrong ${three(wrongOfAll)} (${three(asked)} asked of those judged)`;
    });
    return { ok: short || missed.length === 0, figures: said.join('; ') + (short ? '; short: not judged' : '') };
  },
}; // prettier-ignore

/** Another category than the truth, any of the nine, for this share of the answers; the same image gets the same answer in every run. */
function someWrong(share: number): (image: Arrival) => Category {
  return ({ truth, sha256 }) => {
    const random = randomOf(parseInt(sha256.slice(0, 8), 16));
    if (random() >= share) return truth;
    const others = CATEGORIES.filter((category) => category !== truth);
    return others[Math.floor(random() * others.length)]!;
  };
}

function print(rows: Row[]): void {
  printTable(
    ['answers', 'order', 'asked', 'judged', 'wrong of automatic', 'wrong of all', `answers with a score below ${TEACH_SETTINGS.implausible} before`, 'of them right'],
    rows.map(({ name, order, seen, judged }) => {
      const { wrongOfAutomatic, wrongOfAll } = streamFigures(judged);
      const flagged = seen.filter(({ scoreBefore }) => scoreBefore !== undefined && scoreBefore < TEACH_SETTINGS.implausible);
      const right = flagged.filter(({ label, image }) => label === image.truth).length;
      return [name, order, three(streamFigures(seen).asked), judged.length, three(wrongOfAutomatic), three(wrongOfAll), flagged.length, right];
    }),
  );
} // prettier-ignore

function shortOf({ name, order, seen, judged }: Row): string[] {
  const [all, theirs] = [streamFigures(seen), streamFigures(judged)];
  const bounds: [string, number, number][] =
    name === 'a fifth at random'
      ? [
          ['wrong of all', all.wrongOfAll, BOUNDS.randomWrongOfAll],
          ['asked', all.asked, BOUNDS.randomAsked],
        ]
      : name.startsWith('one')
        ? [['wrong of the images of others', theirs.wrongOfAll, BOUNDS.othersWrongOfAll]]
        : [];
  return bounds
    .filter(([, v, most]) => v > most)
    .map(([what, v, most]) => `${name}, ${order}: ${what} ${three(v)}, at most ${three(most)}`);
}

/** A share of nothing is none. */
const three = (v: number) => (Number.isNaN(v) ? '-' : v.toFixed(3));
