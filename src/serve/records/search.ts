// GET /search.json: finding what is public, with counts. Reads the list of what is public alone: no file name, note or person is searched.

import Type, { type Static } from 'typebox';
import { CATEGORIES } from '../../domain/categories.ts';
import { RECORD_STATUSES, statusOf } from '../../domain/publish.ts';
import { SemtagError } from '../../errors.ts';
import type { Given, Givens } from '../../harvest/given.ts';
import { headerValues } from '../../record/said.ts';
import { FACETS, MOST_LOOKED_AT, type PublicSearch } from '../../store/publication-search.ts';
import type { App } from '../app.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { addressOf, landingPath } from './addresses.ts';
import { answer } from './answer.ts';
import { needGoing } from './need.ts';
import { searchProblem } from './search-problem.ts';

const Amount = (description: string) => Type.Optional(Type.Number({ minimum: 0, description }));
const Moment = (description: string) =>
  Type.Optional(Type.String({ pattern: '^\\d{4}(-\\d{2}(-\\d{2}(T[\\d:.]{2,12})?)?)?$', description }));
const Word = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 200, description })); // prettier-ignore

const Query = Type.Object(
  {
    q: Type.Optional(Type.String({ maxLength: 200, description: 'Words of category, instrument, detector and status; each may have only begun. Empty: no words.' })), // prettier-ignore
    category: Type.Optional(Type.Unsafe<string>({ type: 'string', enum: [...CATEGORIES], description: 'One of the ten categories.' })), // prettier-ignore
    instrument: Word('Its whole name.'),
    status: Type.Optional(Type.Unsafe<(typeof RECORD_STATUSES)[number]>({ type: 'string', enum: [...RECORD_STATUSES], description: 'Whether a person has confirmed the label.' })), // prettier-ignore
    detector: Word('As the instrument names it.'),
    from: Moment('Acquired on this day or later: a year, a month, a day or a moment, local time of the instrument.'), // prettier-ignore
    to: Moment('Acquired on this day or earlier; the whole of it.'),
    voltageFrom: Amount('Accelerating voltage in V.'),
    voltageTo: Amount('Accelerating voltage in V.'),
    magnificationFrom: Amount('Magnification.'),
    magnificationTo: Amount('Magnification.'),
    cursor: Type.Optional(Type.String({ maxLength: 100, description: '`next` of the page before.' })),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  },
  { additionalProperties: false },
);

const Item = Type.Object({
  id: Type.String({ description: 'Identifier, urn:uuid:UUID.' }),
  href: Type.String({ description: 'Its landing page.' }),
  thumb: Type.String({ description: 'Its picture, JPEG.' }),
  json: Type.String({ description: 'Its record.' }),
  instrument: Type.String(),
  category: Type.Optional(Type.String()),
  status: Type.String({ description: 'auto, confirmed or unlabelled.' }),
  score: Type.Optional(Type.Number({ description: 'The top score of the model.' })),
  acquired: Type.Optional(Type.String({ description: 'Local time of the instrument.' })),
  values: Type.Record(
    Type.String(),
    Type.Object({ value: Type.Union([Type.String(), Type.Number()]), unit: Type.Union([Type.String(), Type.Null()]), origin: Type.String() }), // prettier-ignore
    { description: 'Of the instrument header, by field.' },
  ),
});

const Count = Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }), { description: 'Most frequent first.' }); // prettier-ignore
const Answer = Type.Object({
  items: Type.Array(Item, { description: 'Newest change first.' }),
  next: Type.Optional(Type.String({ description: 'Send it as `cursor` for the next page; absent at the end. A page may be shorter than `limit`, or empty, and go on.' })), // prettier-ignore
  facets: Type.Optional(
    Type.Object(
      {
        total: Type.Integer(),
        complete: Type.Boolean({ description: `False where only the newest ${MOST_LOOKED_AT} were counted, or what is public has just changed.` }), // prettier-ignore
        ...Object.fromEntries(FACETS.map((name) => [name, Count])),
      },
      { description: 'How many there are of each value among all that is found; with the first page only.' },
    ),
  ),
});

export function searchRoutes(app: App, { config }: Pick<AppDeps, 'config'>, givens: Givens): void {
  const open = config.publish.open === 'everybody';
  app.get(
    '/search.json',
    {
      config: { access: 'harvest' },
      schema: {
        tags: ['public'],
        summary: 'Public records by category, instrument, status, detector, time, voltage and magnification, with counts', // prettier-ignore
        querystring: Query,
        response: { 200: Answer, 304: { description: 'It is as it was.' }, ...ErrorResponses },
      },
    },
    (request, reply) => {
      const { q, cursor, limit, ...rest } = request.query;
      needGoing(givens, reply);
      const search = { ...rest, ...(q?.trim() ? { text: q } : {}) } as PublicSearch;
      const problem = searchProblem(search);
      if (problem !== undefined) throw new SemtagError('bad_request', problem);
      const { found, next } = givens.search(search, limit, cursor === undefined ? undefined : numberOf(cursor)); // prettier-ignore
      const body = {
        items: found.map(itemOf),
        ...(next === undefined ? {} : { next: toCursor({ number: next }) }),
        ...(cursor === undefined ? { facets: facetsOf(search) } : {}),
      };
      return answer(request, reply, open, { body: JSON.stringify(body) + '\n', mediaType: 'application/json' }); // prettier-ignore
    },
  );

  function facetsOf(search: PublicSearch): object {
    const { counts, total, complete } = givens.facets(search);
    const named = FACETS.map((name) => [name, counts[name].map(([value, count]) => ({ value, count }))]);
    return { total, complete, ...(Object.fromEntries(named) as object) };
  }
}

function numberOf(cursor: string): number {
  const position = fromCursor(cursor);
  if (!('number' in position))
    throw new SemtagError('bad_request', 'cursor: take it from `next` of the list before');
  return position.number;
}

function itemOf({ record, context }: Given): Static<typeof Item> {
  const path = landingPath(record.id);
  const { label, classification, header, instrument } = record;
  const acquired = header?.fields.acquired_at?.value;
  const values = headerValues(record).map(({ field, value, unit, origin }) => [field, { value, unit, origin }]); // prettier-ignore
  return {
    id: record.id,
    href: addressOf(path, context),
    thumb: addressOf(`${path}/thumb.jpg`, context),
    json: addressOf(`${path}.json`, context),
    instrument: instrument.name,
    ...(label.category ? { category: label.category } : {}),
    status: statusOf(label),
    ...(classification ? { score: classification.score } : {}),
    ...(acquired === undefined ? {} : { acquired }),
    values: Object.fromEntries(values) as Static<typeof Item>['values'],
  };
}
