// In which order people are asked about the images that wait, and which of them one answer may do for. Compares places, knows no answer's category.

import type { Ranked } from '../../domain/teaching.ts';
import { coverOrder } from './cover.ts';
import { cosine } from './neighbours.ts';

/** Of one queue so many are compared with each other. */
const RANKED = 300;
/** Questions of one series in a row: after each answer there is a new order. */
const ASKED_AHEAD = 5;
/** Cosine from which one image looks like another. */
const ALIKE = 0.5;
/** Cosine from which one answer may do for both, once a person has looked at both: `prove series` says how often such pairs have one category. */
export const ANSWERED_TOGETHER = 0.8;
/** As many are shown beside a question. */
const LOOK_ALIKES = 12;

/** `u`: its place. */
export type Queued = { sha256: string; u: Float32Array };

/** `answered`: places of the images of this series that have an answer. */
export type SeriesQueue = { queue: Queued[]; answered: Float32Array[] };

/** One question of each series, the largest queue first; then the next of each. */
export function ranked(queues: SeriesQueue[]): Ranked {
  const lookAlikes = new Map<string, string[]>();
  const orders = queues
    .map(({ queue, answered }) => ({ queue: queue.slice(0, RANKED), answered }))
    .sort((a, b) => b.queue.length - a.queue.length)
    .map(({ queue, answered }) => {
      const places = queue.map(({ u }) => u);
      const likeness = places.map((u) => places.map((other) => cosine(u, other)));
      for (const [k, { sha256 }] of queue.entries()) {
        const like = togetherWith(k, queue, likeness[k]!);
        if (like.length > 0) lookAlikes.set(sha256, like);
      }
      return coverOrder(places, answered, ASKED_AHEAD).map((k) => ({
        sha256: queue[k]!.sha256,
        alike: likeness[k]!.filter((c, i) => i !== k && c >= ALIKE).length,
      }));
    });
  const order = Array.from({ length: ASKED_AHEAD }, (_, turn) => orders.flatMap((one) => one[turn] ?? []));
  return { order: order.flat(), lookAlikes };
}

/** Those that one answer may do for, most alike first. */
function togetherWith(k: number, queue: Queued[], likeness: number[]): string[] {
  return likeness
    .map((c, i) => ({ c, i }))
    .filter(({ c, i }) => i !== k && c >= ANSWERED_TOGETHER)
    .sort((a, b) => b.c - a.c)
    .slice(0, LOOK_ALIKES)
    .map(({ i }) => queue[i]!.sha256);
}
