// Answers that were given under a wrong name: which there are in a span of time, and whose they are. Changes names only, never what was said.

import Type, { type Static } from 'typebox';
import { SemtagError } from '../../errors.ts';
import { MOST_NAMED } from '../../store/names.ts';
import type { App } from '../app.ts';
import { authorOf, refuseMove } from '../auth/author.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { By, CategorySchema, LabelKindSchema, Sha256, Time } from '../schema.ts';

const Moment = (description: string) =>
  Type.String({ pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$`, description });
const Name = Type.String({ minLength: 1, maxLength: 80 });

const GivenSchema = Type.Object({
  sha256: Sha256,
  name: Type.String({ description: 'Of the image.' }),
  at: Time,
  kind: LabelKindSchema,
  category: Type.Optional(CategorySchema),
});
export type GivenAnswer = Static<typeof GivenSchema>;

export function nameRoutes(app: App, { store, answers }: AppDeps): void {
  app.get(
    '/api/answers',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['answers'],
        summary: `Answers in force under a name in a span of time, newest first; the newest ${MOST_NAMED}`,
        querystring: Type.Object(
          {
            name: Name,
            since: Moment('UTC, ISO 8601.'),
            until: Type.Optional(Moment('UTC, ISO 8601; absent: now.')),
            instrument: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ items: Type.Array(GivenSchema) }), ...ErrorResponses },
      },
    },
    ({ query: { name, since, until, instrument }, sight }) => {
      const span = {
        since: moment(since),
        until: until === undefined ? '9' : moment(until),
        ...(instrument === undefined ? {} : { instrument }),
      };
      return { items: store.names.given(name, span, sight) };
    },
  );

  app.post(
    '/api/answers/name',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['answers'],
        summary:
          'Correct the name under answers that are in force; what is not under the wrong name (any more) stays as it is, and the same with the names exchanged takes it back',
        body: Type.Object(
          {
            sha256s: Type.Array(Sha256, { minItems: 1, maxItems: MOST_NAMED, uniqueItems: true }),
            from: Name,
            to: Name,
            by: By,
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            changed: Type.Array(Sha256),
            left: Type.Array(Sha256, { description: 'Not answered under the wrong name, or not any more.' }),
          }),
          ...ErrorResponses,
        },
      },
    },
    (request) => {
      const { sha256s, from, to } = request.body;
      refuseMove(store.users, request.caller, { from, to });
      const changed = answers.correctName({ sha256s, from, to }, authorOf(request), request.sight);
      const known = new Set(changed);
      return { changed, left: sha256s.filter((sha256) => !known.has(sha256)) };
    },
  );
}

/** As the database writes times, so that they compare as text. */
function moment(text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new SemtagError('bad_request', `${text}: no such time`);
  return new Date(time).toISOString();
}
