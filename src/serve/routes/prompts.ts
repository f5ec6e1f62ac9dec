// GET /api/prompts: the queue of the Answer page. What is asked, in the order of asking, with all that a person needs to decide.

import Type from 'typebox';
import type { Sight } from '../../domain/access.ts';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { imageView, otherParts, privateProject, ImageViewSchema, type ImageView } from '../image-view.ts';

export function promptRoutes(app: App, { store, questions, logger }: AppDeps): void {
  /** pages ask again with every event: one line in the log for an outage */
  let inTrouble = false;
  async function inOrder(limit: number, sight: Sight): Promise<ImageView[]> {
    const found = await questions?.(limit, sight).catch((error: Error) => {
      if (!inTrouble) logger.warn({ reason: error.message }, 'questions come by age');
      inTrouble = true;
      return undefined;
    });
    if (found) inTrouble = false;
    return (found ?? byAge(limit, sight)).flatMap(({ sha256, alike, lookAlikes = [] }) => {
      const image = store.seen.get(sha256, sight);
      // answered while the order was found
      if (image?.state !== 'asked') return [];
      const like = store.seen.stillWaiting(lookAlikes, sight);
      return [
        {
          ...imageView(image),
          ...(alike === undefined ? {} : { alike }),
          ...otherParts(image, store, sight),
          ...privateProject(image, store),
          ...(like.length === 0 ? {} : { lookAlikes: like }),
        },
      ];
    });
  }

  const byAge = (limit: number, sight: Sight): Awaited<ReturnType<NonNullable<typeof questions>>> =>
    store.seen.waiting(limit, sight);

  app.get(
    '/api/prompts',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['answers'],
        summary:
          'Images that wait for an answer: what waited too long, then what tells most of the others, then by age; of one acquisition one part',
        querystring: Type.Object(
          { limit: Type.Integer({ minimum: 1, maximum: 200, default: 20 }) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            items: Type.Array(ImageViewSchema),
            waiting: Type.Integer({
              description: 'How many wait in all, every part of an acquisition counted.',
            }),
          }),
          ...ErrorResponses,
        },
      },
    },
    async ({ query: { limit }, sight }) => ({
      items: await inOrder(limit, sight),
      waiting: store.seen.counts(sight).asked,
    }),
  );
}
