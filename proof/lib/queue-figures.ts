// A queue in which a whole series waits and nothing else was taught: what some answers tell of the rest. The order of questions is handed in.

import { PAPER_THRESHOLDS } from '../../src/domain/decision.ts';
import { top } from '../../src/domain/scores.ts';
import { hashShare } from '../../src/learn/split.ts';
import { coverOrder } from '../../src/learn/teach/cover.ts';
import type { Arrival } from './facility.ts';
import type { Scoring } from './replay.ts';

export type QueueFigures = {
  answers: number;
  /** queues that hold more images than that */
  queues: number;
  /** of the images left; all of all queues count the same */
  top1: number;
  automatic: number;
  wrongOfAutomatic: number;
};

/** Images left, over all queues. */
export type QueueSum = { queues: number; left: number; right: number; automatic: number; wrong: number };

export type Asking = (queue: Arrival[]) => Arrival[];

export const byCover: Asking = (queue) => {
  const order = coverOrder(
    queue.map(({ place }) => place.u),
    [],
  );
  return order.map((i) => queue[i]!);
};

export function atRandom(draw: number): Asking {
  return (queue) =>
    queue.toSorted((a, b) => hashShare(`${draw}/${a.sha256}`) - hashShare(`${draw}/${b.sha256}`));
}

/** Row k - 1: after k answers with the truth. `scoringOf` begins anew for each queue. */
export async function queueFigures(
  queues: Arrival[][],
  scoringOf: () => Scoring,
  askings: Asking[],
  most: number,
): Promise<QueueFigures[]> {
  const sums: QueueSum[] = Array.from({ length: most }, () => ({
    queues: 0,
    left: 0,
    right: 0,
    automatic: 0,
    wrong: 0,
  }));
  for (const queue of queues)
    for (const asking of askings) {
      const scoring = scoringOf();
      const order = asking(queue);
      for (const [k, sum] of sums.entries()) {
        const rest = order.slice(k + 1);
        if (rest.length === 0) break;
        await scoring.answer(order[k]!, order[k]!.truth);
        sum.queues++;
        for (const image of rest) {
          const { category, score } = top((await scoring.score(image)).scores);
          const right = category === image.truth;
          sum.left++;
          if (right) sum.right++;
          if (score <= PAPER_THRESHOLDS.auto) continue;
          sum.automatic++;
          if (!right) sum.wrong++;
        }
      }
    }
  return queueRows(sums, askings.length);
}

export function queueRows(sums: QueueSum[], times = 1): QueueFigures[] {
  return sums.map(({ queues, left, right, automatic, wrong }, k) => ({
    answers: k + 1,
    queues: queues / times,
    top1: right / left,
    automatic: automatic / left,
    wrongOfAutomatic: wrong / automatic,
  }));
}

/** Each two large series of different categories that one facility has, under one name: a folder with two subjects. */
export function joinedPairs(series: Arrival[][], most: number): Arrival[][] {
  const pairs = series.flatMap((a, i) => series.slice(i + 1).flatMap((b) => (a[0]!.truth === b[0]!.truth ? [] : [[a, b] as const]))); // prettier-ignore
  const nameOf = ([a, b]: readonly [Arrival[], Arrival[]]) => `${a[0]!.series} and ${b[0]!.series}`;
  return pairs
    .toSorted((a, b) => hashShare(nameOf(a)) - hashShare(nameOf(b)))
    .slice(0, most)
    .map((pair) => pair.flat().map((image) => ({ ...image, series: nameOf(pair) })));
}
