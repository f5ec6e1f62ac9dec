// Which waiting image to ask about next: the one whose answer tells most of what waits in its queue (greedy facility location). Never drops one.

import { cosine } from './neighbours.ts';

/** Indices into `waiting` in the order of asking. `waiting`, `answered`: places of the images of one queue. Of equals the earlier. */
export function coverOrder(
  waiting: Float32Array[],
  answered: Float32Array[],
  most = waiting.length,
): number[] {
  // what answers tell of each so far; a negative likeness tells nothing
  const told = waiting.map((u) => Math.max(0, ...answered.map((a) => cosine(u, a))));
  const left = new Set(waiting.keys());
  const order: number[] = [];
  while (left.size > 0 && order.length < most) {
    let [best, highest] = [-1, -Infinity];
    for (const j of left) {
      let gain = 0;
      for (const [m, u] of waiting.entries()) gain += Math.max(0, cosine(u, waiting[j]!) - told[m]!);
      if (gain > highest) [best, highest] = [j, gain];
    }
    left.delete(best);
    order.push(best);
    for (const [m, u] of waiting.entries()) told[m] = Math.max(told[m]!, cosine(u, waiting[best]!));
  }
  return order;
}
