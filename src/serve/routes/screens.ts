// POST /api/screens: a page says what it shows, so that no image is scored again under somebody's eyes.

import Type from 'typebox';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { Sha256 } from '../schema.ts';

export function screenRoutes(app: App, { store, screens }: AppDeps): void {
  app.post(
    '/api/screens',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['answers'],
        summary: 'Say every ten seconds which image this page shows',
        body: Type.Object(
          {
            page: Type.String({ minLength: 1, maxLength: 64, description: 'Any name of its own.' }),
            sha256: Type.Union([Sha256, Type.Null({ description: 'None any more.' })]),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ open: Type.Integer() }), ...ErrorResponses },
      },
    },
    ({ body, sight }) => {
      if (body.sha256 !== null) store.seen.need(body.sha256, sight);
      screens.shows(body.page, body.sha256 ?? undefined);
      return { open: store.seen.only([...screens.open()], sight).length };
    },
  );
}
