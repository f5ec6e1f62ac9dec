// Printed and not judged: how often look-alikes have one category, how often two subjects in one folder are noticed, and what splitting them is worth.

import { spreadOf } from '../../src/learn/teach/spread.ts';
import { cosine } from '../../src/learn/teach/neighbours.ts';
import { ANSWERED_TOGETHER } from '../../src/learn/teach/rank.ts';
import type { Arrival, Facility } from './facility.ts';
import { byCover, joinedPairs, queueFigures } from './queue-figures.ts';
import { byTeacher } from './replay.ts';
import { bySeries, LARGE } from './stream-figures.ts';
import { printTable, three } from './table.ts';

/** Of one facility; more than there are. */
const ALL_PAIRS = 1000;
/** Half of each of two halves of a queue. */
const ANSWERS = [1, 2];

/** `sourceOf`: by file; look-alikes of two series are compared within a source. */
export async function printLikeness(facilities: Facility[], sourceOf: Map<string, string>): Promise<void> {
  const all = facilities.map(({ arrivals }) => arrivals);
  const pairs = all.flatMap((arrivals) => alikePairs(arrivals, sourceOf));
  const counted = (within: boolean) => {
    const own = pairs.filter((pair) => pair.within === within);
    return [own.length, three(own.filter(({ same }) => same).length / own.length)];
  };
  printTable(
    [`look-alikes: cosine from ${ANSWERED_TOGETHER}`, 'pairs', 'of one category'],
    [
      ['within a series', ...counted(true)],
      ['of two series of one source', ...counted(false)],
    ],
  );
  const large = all.map((arrivals) => bySeries(arrivals, ({ series }) => series).filter((own) => own.length >= LARGE));
  const joined = large.flatMap((series) => joinedPairs(series, ALL_PAIRS));
  const single = large.flat();
  const split = joined.flatMap((images) => {
    const subjects = subjectsOf(images);
    return subjects ? [subjects] : [];
  });
  const clean = split.filter((groups) => groups.reduce((sum, group) => sum + strangers(group), 0) <= groups.flat().length / 10);
  printTable(
    ['two subjects in one folder', 'folders', 'noticed', 'at most one of ten on the wrong side'],
    [
      ['two series of two categories', joined.length, split.length, clean.length],
      ['one series', single.length, single.filter(subjectsOf).length, ''],
    ],
  );
  const whole = await queueFigures(split.map((groups) => groups.flat()), byTeacher, [byCover], 2 * ANSWERS.at(-1)!);
  const halves = await queueFigures(split.flatMap((groups) => groups.map(renamed)), byTeacher, [byCover], ANSWERS.at(-1)!);
  printTable(
    [`${split.length} folders with two subjects that were noticed`, 'top-1 of the rest', 'labelled by themselves', 'wrong of those'],
    ANSWERS.flatMap((k) => [
      [`as one, after ${2 * k} answers`, whole[2 * k - 1]!] as const,
      [`split, after ${k} in each part`, halves[k - 1]!] as const,
    ]).map(([name, { top1, automatic, wrongOfAutomatic }]) => [name, ...[top1, automatic, wrongOfAutomatic].map(three)]),
  );
} // prettier-ignore

type AlikePair = { within: boolean; same: boolean };

function alikePairs(arrivals: Arrival[], sourceOf: Map<string, string>): AlikePair[] {
  const source = ({ file }: Arrival) => sourceOf.get(file) ?? file;
  return arrivals.flatMap((a, i) =>
    arrivals
      .slice(i + 1)
      .filter((b) => a.series === b.series || source(a) === source(b))
      .filter((b) => cosine(a.place.u, b.place.u) >= ANSWERED_TOGETHER)
      .map((b) => ({ within: a.series === b.series, same: a.truth === b.truth })),
  );
}

/** As the page of a series proposes them. */
function subjectsOf(images: Arrival[]): Arrival[][] | undefined {
  const { subjects } = spreadOf(images.map(({ place }) => place.u));
  return subjects?.map((group) => group.map((i) => images[i]!));
}

/** Images of a group that are not of its most frequent category. */
function strangers(group: Arrival[]): number {
  const counts = new Map<string, number>();
  for (const { truth } of group) counts.set(truth, (counts.get(truth) ?? 0) + 1);
  return group.length - Math.max(...counts.values());
}

/** A part that was split off is a series of its own. */
function renamed(group: Arrival[], part: number): Arrival[] {
  return group.map((image) => ({ ...image, series: `${image.series}, part ${part}` }));
}
