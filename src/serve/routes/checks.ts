// GET /api/checks: automatic labels that a person is to check, as a blind view. Tells nothing of what the machine said: an answer that knows it confirms it.

import Type, { type Static } from 'typebox';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { imageView, ImageViewSchema } from '../image-view.ts';

/** Neither label, category, score, suggestions nor state: all of them say something. */
const SHOWN = ['sha256', 'name', 'instrument', 'hasPicture', 'facts', 'picture', 'header', 'fieldOfView', 'promptVersion'] as const; // prettier-ignore

const BlindSchema = Type.Pick(ImageViewSchema, SHOWN, {
  description: 'An image without anything that the machine says of it.',
});
export type BlindView = Static<typeof BlindSchema>;

export function checkRoutes(app: App, { store }: AppDeps): void {
  app.get(
    '/api/checks',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['answers'],
        summary:
          'Automatic labels that a person is asked to check without seeing them, the newest labels first; answered by `label` with this promptVersion',
        querystring: Type.Object(
          { limit: Type.Integer({ minimum: 1, maximum: 200, default: 20 }) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            items: Type.Array(BlindSchema),
            open: Type.Integer({ description: 'How many nobody has answered.' }),
          }),
          ...ErrorResponses,
        },
      },
    },
    ({ query: { limit }, sight }) => ({
      items: store.seen.checks(limit, sight).map((sha256) => {
        const view = imageView(store.seen.need(sha256, sight));
        return Object.fromEntries(
          SHOWN.flatMap((key) => (view[key] === undefined ? [] : [[key, view[key]]])),
        ) as BlindView;
      }),
      open: store.seen.openChecks(sight),
    }),
  );
}
