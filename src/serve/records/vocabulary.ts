// The vocabulary of categories, as it goes out with the records: GET /vocabulary.ttl and .jsonld. And the style of the pages.

import Type from 'typebox';
import { vocabularyJsonLd, vocabularyTurtle } from '../../record/vocabulary.ts';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { answer } from './answer.ts';
import { STYLE } from './style.ts';

export function vocabularyRoutes(app: App, { config }: Pick<AppDeps, 'config'>): void {
  const open = config.publish.open === 'everybody';
  const fixed = [
    { path: '/vocabulary.ttl', mediaType: 'text/turtle', body: vocabularyTurtle(), summary: 'The ten categories, their definitions and where they end (SKOS, Turtle)' }, // prettier-ignore
    { path: '/vocabulary.jsonld', mediaType: 'application/ld+json', body: JSON.stringify(vocabularyJsonLd(), null, 2) + '\n', summary: 'The same as JSON-LD' }, // prettier-ignore
    { path: '/records/style.css', mediaType: 'text/css', body: STYLE, summary: 'The style of landing pages' },
  ];
  for (const { path, mediaType, body, summary } of fixed)
    app.get(
      path,
      {
        config: { access: 'harvest' },
        schema: {
          tags: ['public'],
          summary,
          response: {
            200: {
              description: summary,
              content: {
                [mediaType]: { schema: mediaType.includes('json') ? { type: 'object' } : Type.String() },
              },
            },
            304: { description: 'It is as it was.' },
            ...ErrorResponses,
          },
        },
      },
      (request, reply) => answer(request, reply, open, { body, mediaType, kept: 'max-age=3600' }),
    );
}
