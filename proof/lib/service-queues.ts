// Queues of the real service: a whole series waits, nothing else was taught; the questions come in the order in which the service puts them. Judges nothing.

import { PAPER_THRESHOLDS } from '../../src/domain/decision.ts';
import type { Prompt } from './api.ts';
import type { Arrival } from './facility.ts';
import { queueRows, type QueueFigures, type QueueSum } from './queue-figures.ts';
import { classified, openFacility, save, say } from './through-service.ts';
import { until } from './wait.ts';

export type Queue = { images: Arrival[]; head: string };

/** Row k - 1: after k answers with the truth. Each queue has a service of its own, in which every label is a person's. */
export async function serviceQueues(queues: Queue[], most: number): Promise<QueueFigures[]> {
  const sums: QueueSum[] = Array.from({ length: most }, () => ({ queues: 0, left: 0, right: 0, automatic: 0, wrong: 0 })); // prettier-ignore
  for (const { images, head } of queues) {
    const facility = await openFacility(head, { teach: true, mode: 'ask' });
    try {
      for (const image of images) save(facility, image);
      for (const image of images) await classified(facility, image);
      const left = new Map(images.map((image) => [image.sha256, image]));
      for (const [k, sum] of sums.entries()) {
        if (left.size < 2) break;
        const { items } = await facility.service.get<{ items: Prompt[] }>('/api/prompts?limit=1');
        const [{ sha256, promptVersion }] = items as [Prompt];
        const image = left.get(sha256)!;
        await say(facility, image, image.truth, 'proof', promptVersion);
        left.delete(sha256);
        const rest = [...left.values()];
        sum.queues++;
        for (const one of rest) {
          const view = await until(`${one.file} knows ${k + 1} answers`, 30, async () => {
            const now = await classified(facility, one);
            return now.taught?.lessons.length === k + 1 && now;
          });
          const right = view.category === one.truth;
          sum.left++;
          if (right) sum.right++;
          if (view.score! <= PAPER_THRESHOLDS.auto) continue;
          sum.automatic++;
          if (!right) sum.wrong++;
        }
      }
    } finally {
      await facility.end();
    }
  }
  return queueRows(sums);
}
