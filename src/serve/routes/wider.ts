// GET /api/images/:sha256/wider: the same sample at lower magnification. Tells nothing of what the machine or a person said: it stands beside blind checks too.

import Type, { type Static } from 'typebox';
import { WIDER_SHOWN } from '../../domain/wider.ts';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { ImageParams, Sha256, Time } from '../schema.ts';

const WiderSchema = Type.Object({
  sha256: Sha256,
  name: Type.String(),
  fieldOfView: Type.Number({ description: 'Width of the sample picture in metres; derived.' }),
  settledAt: Time,
});
export type WiderView = Static<typeof WiderSchema>;

export function widerRoutes(app: App, { store }: AppDeps): void {
  app.get(
    '/api/images/:sha256/wider',
    {
      config: { access: 'read' },
      schema: {
        tags: ['images'],
        summary:
          'Up to three images of the same sample and instrument, near in time, that show more of it; the next wider one first',
        params: ImageParams,
        response: {
          200: Type.Object({ items: Type.Array(WiderSchema, { maxItems: WIDER_SHOWN }) }),
          ...ErrorResponses,
        },
      },
    },
    ({ params: { sha256 }, sight }) => {
      store.seen.need(sha256, sight);
      return { items: store.wider.of(sha256, sight) };
    },
  );
}
