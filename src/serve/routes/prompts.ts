// GET /api/prompts: the queue of the Answer page. What is asked, longest waiting first, with all that a person needs to decide.

import Type from 'typebox';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { imageView, ImageViewSchema } from '../image-view.ts';

export function promptRoutes(app: App, { store }: AppDeps): void {
  app.get(
    '/api/prompts',
    {
      schema: {
        tags: ['answers'],
        summary: 'Images that wait for an answer, oldest first',
        querystring: Type.Object(
          { limit: Type.Integer({ minimum: 1, maximum: 200, default: 20 }) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            items: Type.Array(ImageViewSchema),
            waiting: Type.Integer({ description: 'How many wait in all.' }),
          }),
          ...ErrorResponses,
        },
      },
    },
    ({ query }) => ({
      items: store.images.inState('asked', query.limit).map(imageView),
      waiting: store.images.counts().asked,
    }),
  );
}
