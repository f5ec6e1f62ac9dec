// The tables of queues: a series that waits, asked in the order of the cover or at random, and two subjects under one name. Judges nothing.

import type { Arrival } from './facility.ts';
import { atRandom, byCover, joinedPairs, queueFigures, type QueueFigures } from './queue-figures.ts';
import { byTeacher, inOrder, replay, type Seen } from './replay.ts';
import { bySeries, LARGE, streamFigures } from './stream-figures.ts';
import { printTable } from './table.ts';

const DRAWS = 10;
/** of one facility */
const PAIRS = 12;

/** Rows: in the order of the cover after 1, 2, ... `most` answers. */
export async function printQueues(facilities: Arrival[][], most: number): Promise<QueueFigures[]> {
  const queues = largeSeries(facilities).flat();
  const random = Array.from({ length: DRAWS }, (_, draw) => atRandom(draw));
  const covered = await queueFigures(queues, byTeacher, [byCover], most);
  const drawn = await queueFigures(queues, byTeacher, random, most);
  printTable(
    ['a series waits, nothing else was taught', 'queues', 'top-1 of the rest', 'labelled by themselves', 'wrong of those'],
    [['cover', covered] as const, ['at random', drawn] as const].flatMap(([name, rows]) =>
      rows.map(({ answers, queues: count, top1, automatic, wrongOfAutomatic }) => [`${name}: ${answers}`, count, ...[top1, automatic, wrongOfAutomatic].map(three)]),
    ),
  );
  return covered;
} // prettier-ignore

/** Printed and not judged: what a folder with two subjects does to people and labels. */
export async function printTwoSubjects(facilities: Arrival[][]): Promise<void> {
  const pairs = largeSeries(facilities).flatMap((series) => joinedPairs(series, PAIRS));
  if (pairs.length === 0) return console.log('two subjects in one folder: no facility has two large series of two categories');
  const arriving: Seen[] = [];
  for (const pair of pairs) arriving.push(...(await replay(inOrder(pair, 'interleaved'), byTeacher())));
  const { asked, top1, wrongOfAutomatic, wrongOfAll } = streamFigures(arriving);
  const waiting = await queueFigures(pairs, byTeacher, [byCover], 5);
  printTable(
    [`two subjects in one folder (${pairs.length} pairs)`, 'asked', 'top-1', 'labelled by themselves', 'wrong of automatic', 'wrong of all'],
    [
      ['arriving, interleaved', three(asked), three(top1), three(1 - asked), three(wrongOfAutomatic), three(wrongOfAll)],
      ...waiting.map((row) => [`waiting, cover: ${row.answers}`, '', three(row.top1), three(row.automatic), three(row.wrongOfAutomatic), three(row.automatic * row.wrongOfAutomatic)]),
    ],
  );
} // prettier-ignore

/** Of each facility, the series of at least six. */
function largeSeries(facilities: Arrival[][]): Arrival[][][] {
  return facilities.map((arrivals) =>
    bySeries(arrivals, ({ series }) => series).filter((own) => own.length >= LARGE),
  );
}

/** A share of nothing is none. */
const three = (v: number) => (Number.isNaN(v) ? '-' : v.toFixed(3));
