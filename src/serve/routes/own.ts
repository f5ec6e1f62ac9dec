// GET /api/own: the images of one person since midnight, taken or answered by them. A list like any other; no figure about the person.

import Type from 'typebox';
import { midnight } from '../../domain/midnight.ts';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { imageSummary, ImageSummarySchema, keepsOf } from '../image-view.ts';
import { Time } from '../schema.ts';

export function ownRoutes(app: App, { store, config }: AppDeps): void {
  const keeps = keepsOf(config);
  app.get(
    '/api/own',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['images'],
        summary: 'Images of today of one operator: taken by them, as path, header or a person says, or answered by them; newest first', // prettier-ignore
        querystring: Type.Object(
          { name: Type.String({ minLength: 1, maxLength: 80 }) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ items: Type.Array(ImageSummarySchema), since: Time }),
          ...ErrorResponses,
        },
      },
    },
    ({ query: { name }, sight }) => {
      const since = midnight(new Date());
      const images = store.own.since(name, since, sight).map((sha256) => store.seen.need(sha256, sight));
      return { items: images.map((image) => imageSummary(image, keeps)), since };
    },
  );
}
