// The tables of queues: a series that waits, asked in the order of the cover or at random, and two subjects under one name. Judges nothing.

import type { Facility } from './facility.ts';
import { atRandom, byCover, joinedPairs, queueFigures, type QueueFigures } from './queue-figures.ts';
import { byTeacher, inOrder, replay, type Seen } from './replay.ts';
import { serviceQueues } from './service-queues.ts';
import { bySeries, LARGE, streamFigures } from './stream-figures.ts';
import { printTable, three } from './table.ts';
import { openFacility, stream } from './through-service.ts';

const DRAWS = 10;
/** of one facility */
const PAIRS = 12;

/** Rows: in the order of the cover after 1, 2, ... `most` answers; through the service, or replayed. */
export async function printQueues(facilities: Facility[], most: number, service: boolean): Promise<QueueFigures[]> {
  const queues = facilities.flatMap(({ head, arrivals }) => largeSeries(arrivals).map((images) => ({ head, images })));
  const random = Array.from({ length: DRAWS }, (_, draw) => atRandom(draw));
  const replayed = queues.map(({ images }) => images);
  const covered = service ? await serviceQueues(queues, most) : await queueFigures(replayed, byTeacher, [byCover], most);
  const drawn = await queueFigures(replayed, byTeacher, random, most);
  printTable(
    [`a series waits, nothing else was taught${service ? ' (cover: through the service)' : ''}`, 'queues', 'top-1 of the rest', 'labelled by themselves', 'wrong of those'],
    [['cover', covered] as const, ['at random', drawn] as const].flatMap(([name, rows]) =>
      rows.map(({ answers, queues: count, top1, automatic, wrongOfAutomatic }) => [`${name}: ${answers}`, count, ...[top1, automatic, wrongOfAutomatic].map(three)]),
    ),
  );
  return covered;
} // prettier-ignore

/** Printed and not judged: what a folder with two subjects does to people and labels. */
export async function printTwoSubjects(facilities: Facility[], service: boolean): Promise<void> {
  const pairs = facilities.flatMap(({ head, arrivals }) => joinedPairs(largeSeries(arrivals), PAIRS).map((images) => ({ head, images })));
  if (pairs.length === 0) return console.log('two subjects in one folder: no facility has two large series of two categories');
  const arriving: Seen[] = [];
  for (const { head, images } of pairs) {
    const order = inOrder(images, 'interleaved');
    if (!service) arriving.push(...(await replay(order, byTeacher())));
    else {
      const facility = await openFacility(head, { teach: true });
      try {
        arriving.push(...(await stream(facility, order)));
      } finally {
        await facility.end();
      }
    }
  }
  const { asked, top1, wrongOfAutomatic, wrongOfAll } = streamFigures(arriving);
  const waiting = await queueFigures(pairs.map(({ images }) => images), byTeacher, [byCover], 5);
  printTable(
    [`two subjects in one folder (${pairs.length} pairs)`, 'asked', 'top-1', 'labelled by themselves', 'wrong of automatic', 'wrong of all'],
    [
      [`arriving, interleaved${service ? ', through the service' : ''}`, three(asked), three(top1), three(1 - asked), three(wrongOfAutomatic), three(wrongOfAll)],
      ...waiting.map((row) => [`waiting, cover: ${row.answers}`, '', three(row.top1), three(row.automatic), three(row.wrongOfAutomatic), three(row.automatic * row.wrongOfAutomatic)]),
    ],
  );
} // prettier-ignore

/** The series of at least six. */
function largeSeries<T extends Facility['arrivals']>(arrivals: T): T[number][][] {
  return bySeries(arrivals, ({ series }) => series).filter((own) => own.length >= LARGE);
}
