// POST /api/facts: operator, project or sample of many images at once. All of them or none.

import Type from 'typebox';
import type { App } from '../app.ts';
import { authorOf } from '../auth/author.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { imageSummary, ImageSummarySchema } from '../image-view.ts';
import { By, Sha256 } from '../schema.ts';

const Text = Type.Optional(
  Type.Union([
    Type.String({ description: '1 to 200 characters.' }),
    Type.Null({ description: 'Clears it.' }),
  ]),
);

export function factRoutes(app: App, { store, answers }: AppDeps): void {
  app.post(
    '/api/facts',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['answers'],
        summary: 'Correct operator, project or sample of images',
        body: Type.Object(
          {
            sha256s: Type.Array(Sha256, { minItems: 1, maxItems: 1000, uniqueItems: true }),
            facts: Type.Object(
              { operator: Text, project: Text, sample: Text },
              { additionalProperties: false, minProperties: 1 },
            ),
            by: By,
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ items: Type.Array(ImageSummarySchema) }), ...ErrorResponses },
      },
    },
    (request) => {
      const {
        body: { sha256s, facts },
        sight,
      } = request;
      store.seen.needAll(sha256s, sight);
      answers.correctFacts(sha256s, facts, authorOf(request));
      // what went into a private project of others is not seen any more
      const still = store.seen.only(sha256s, sight);
      return { items: still.map((sha256) => imageSummary(store.seen.need(sha256, sight))) };
    },
  );
}
