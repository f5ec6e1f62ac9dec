// GET /api/series/:id: images of one sample or folder, near in time, and what answers did for them. Reads only.

import Type, { type Static } from 'typebox';
import { SemtagError } from '../../errors.ts';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { Time } from '../schema.ts';

const SeriesSchema = Type.Object({
  id: Type.Integer(),
  name: Type.String({ description: 'Instrument, operator, and sample or folder.' }),
  startedAt: Time,
  lastAt: Time,
  images: Type.Integer({ description: 'How many it holds.' }),
  waiting: Type.Integer({ description: 'Of them, how many wait for an answer.' }),
  answers: Type.Integer({ description: 'Answers in force that teach in it.' }),
  because: Type.Integer({ description: 'Images that were labelled because of answers.' }),
});

export type Series = Static<typeof SeriesSchema>;

export function seriesRoutes(app: App, { store }: AppDeps): void {
  app.get(
    '/api/series/:id',
    {
      schema: {
        tags: ['images'],
        summary: 'One series: how many images, answers, and labels because of them',
        params: Type.Object({ id: Type.Integer({ minimum: 1 }) }),
        response: { 200: Type.Object({ series: SeriesSchema }), ...ErrorResponses },
      },
    },
    ({ params }) => {
      const series = store.series.get(params.id);
      if (!series) throw new SemtagError('not_found', `series ${params.id}`);
      return { series };
    },
  );
}
