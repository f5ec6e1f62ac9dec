// /api/series: images of one sample or folder, near in time; what answers did for them, how alike they are, and what people change about who belongs to whom.

import Type, { type Static } from 'typebox';
import type { Sight } from '../../domain/access.ts';
import { SemtagError } from '../../errors.ts';
import type { App } from '../app.ts';
import { authorOf } from '../auth/author.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { By, Sha256, Time } from '../schema.ts';

/** So many of the newest images are compared with each other. */
const COMPARED = 300;
/** As many are split off at once. */
const MOST_SPLIT = 1000;

const strict = { additionalProperties: false };

const Brief = Type.Object({
  id: Type.Integer(),
  name: Type.String({ description: 'Instrument, operator, and sample or folder.' }),
  startedAt: Time,
  lastAt: Time,
  images: Type.Integer({ description: 'How many it holds.' }),
});

const SeriesSchema = Type.Object({
  ...Brief.properties,
  waiting: Type.Integer({ description: 'Of them, how many wait for an answer.' }),
  answers: Type.Integer({ description: 'Answers in force that teach in it.' }),
  because: Type.Integer({ description: 'Images that were labelled because of answers.' }),
  privateProject: Type.Optional(
    Type.String({
      description: 'The private project of its images: what is answered here teaches only that.',
    }),
  ),
  joined: Type.Optional(Type.Integer({ description: 'The series that all of it was put into.' })),
});

const SpreadSchema = Type.Object(
  {
    images: Type.Integer({ description: `How many were compared: of the newest ${COMPARED}.` }),
    likeness: Type.Number({ description: 'Mean cosine between the features of two of them, -1..1.' }),
    subjects: Type.Optional(
      Type.Unsafe<[string[], string[]]>({
        type: 'array',
        items: { type: 'array', items: Sha256 },
        minItems: 2,
        maxItems: 2,
        description: 'Two groups that look like two subjects, the larger first; absent where there are no two.', // prettier-ignore
      }),
    ),
  },
  { description: 'How alike its images are; absent where their features are not known.' },
);

export type Series = Static<typeof SeriesSchema>;
export type SeriesBrief = Static<typeof Brief>;
export type Spread = Static<typeof SpreadSchema>;

const Id = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) });
const Changed = Type.Object({ series: SeriesSchema, moved: Type.Integer({ description: 'Images that went into it.' }) }); // prettier-ignore

export function seriesRoutes(app: App, { store, answers, spread, logger }: AppDeps): void {
  function need(id: number, sight: Sight): Series {
    const series = store.series.get(id);
    if (!series || !store.seen.series(id, sight)) throw new SemtagError('not_found', `series ${id}`);
    // those of a private project are series of their own: one image tells
    const [one] = store.series.newest(id, 1);
    const realm = one === undefined ? undefined : store.projects.realmOf(one);
    return { ...series, ...(realm === undefined ? {} : { privateProject: realm }) };
  }

  async function full(id: number, sight: Sight): Promise<{ others: SeriesBrief[]; spread?: Spread }> {
    const found = await spread?.(store.seen.only(store.series.newest(id, COMPARED), sight)).catch(
      (error: Error) => {
        logger.warn({ reason: error.message }, 'a series is shown without how alike its images are');
        return undefined;
      },
    );
    return {
      others: store.series.others(id).filter((one) => store.seen.series(one.id, sight)),
      ...(found ? { spread: found } : {}),
    };
  }

  app.get(
    '/api/series/:id',
    {
      config: { access: 'read' },
      schema: {
        tags: ['images'],
        summary: 'One series: how many images, answers, and labels because of them',
        params: Id,
        querystring: Type.Object(
          {
            full: Type.Optional(
              Type.Unsafe<'true'>({
                type: 'string',
                enum: ['true'],
                description: 'With how alike its images are, and the series that it can be joined with.',
              }),
            ),
          },
          strict,
        ),
        response: {
          200: Type.Object({
            series: SeriesSchema,
            spread: Type.Optional(SpreadSchema),
            others: Type.Optional(
              Type.Array(Brief, { description: 'Others of the same instrument, operator, and sample or folder.' }), // prettier-ignore
            ),
          }),
          ...ErrorResponses,
        },
      },
    },
    async ({ params: { id }, query, sight }) => {
      const series = need(id, sight);
      return { series, ...(query.full ? await full(id, sight) : {}) };
    },
  );

  app.post(
    '/api/series/:id/split',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['answers'],
        summary:
          'Put some images into a series of their own, with what they taught; scores of both are made again',
        params: Id,
        body: Type.Object(
          { sha256s: Type.Array(Sha256, { minItems: 1, maxItems: MOST_SPLIT, uniqueItems: true }), by: By },
          strict,
        ),
        response: { 200: Changed, ...ErrorResponses },
      },
    },
    (request) => {
      const {
        params: { id },
        body: { sha256s },
        sight,
      } = request;
      need(id, sight);
      store.seen.needAll(sha256s, sight);
      const added = answers.splitSeries(id, sha256s, authorOf(request));
      return { series: need(added, sight), moved: sha256s.length };
    },
  );

  app.post(
    '/api/series/:id/join',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['answers'],
        summary:
          'Put all images of a series into another one of the same sample or folder, with what they taught',
        params: Id,
        body: Type.Object({ into: Type.Integer({ minimum: 1 }), by: By }, strict),
        response: { 200: Changed, ...ErrorResponses },
      },
    },
    (request) => {
      const {
        params: { id },
        body: { into },
        sight,
      } = request;
      need(id, sight);
      need(into, sight);
      const moved = answers.joinSeries(id, into, authorOf(request));
      return { series: need(into, sight), moved };
    },
  );
}
