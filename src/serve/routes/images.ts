// Reading about images: the list, one image with all that is known, its history. Never writes.

import Type, { type Static } from 'typebox';
import { shownPath } from '../../domain/shown-path.ts';
import { SemtagError } from '../../errors.ts';
import { standings } from '../../harvest/standing.ts';
import type { SemRecord } from '../../record/record.ts';
import type { Image } from '../../store/images.ts';
import type { App } from '../app.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { fileSight } from '../file-sight.ts';
import { addressOf, landingPath } from '../records/addresses.ts';
import {
  imageSummary,
  ImageSummarySchema,
  imageView,
  keepsOf,
  otherParts,
  privateProject,
  ImageViewSchema,
} from '../image-view.ts';
import {
  CategorySchema,
  DeliveryObjectSchema,
  ImageParams,
  ImageStateSchema,
  LabelBasisSchema,
  Time,
} from '../schema.ts';
import { PauseSchema } from '../status.ts';

const Text = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }));
const Moment = (description: string) =>
  Type.String({
    pattern: String.raw`^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$`,
    description: `${description} ISO 8601 with a zone, or a date in UTC.`,
  });

const Range = (description: string) => Type.Optional(Type.Number({ minimum: 0, maximum: 1e9, description }));

const ListQuery = Type.Object(
  {
    state: Type.Optional(ImageStateSchema),
    category: Type.Optional(CategorySchema),
    instrument: Text,
    basis: Type.Optional(LabelBasisSchema),
    project: Text,
    operator: Text,
    sample: Text,
    aligned: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: 'Labelled Nanowires or Fibres, and aligned with at least this probability.',
      }),
    ),
    series: Type.Optional(Type.Integer({ description: 'Of this series.' })),
    doubted: Type.Optional(
      Type.Unsafe<'true'>({
        type: 'string',
        enum: ['true'],
        description: 'Labelled by itself, and answers given since speak against it.',
      }),
    ),
    detector: Text,
    voltageFrom: Range('Accelerating voltage of at least this, V.'),
    voltageTo: Range('Accelerating voltage of at most this, V.'),
    magnificationFrom: Range('Magnification of at least this.'),
    magnificationTo: Range('Magnification of at most this.'),
    from: Type.Optional(Moment('Settled at this time or later.')),
    to: Type.Optional(Moment('Settled before this time.')),
    q: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Words of name, folder, operator, project, sample, instrument, detector, category and note, each of them and in any order; the last may only have begun.', // prettier-ignore
      }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
    cursor: Type.Optional(Type.String({ maxLength: 200, description: '`next` of the list before.' })),
  },
  { additionalProperties: false },
);

const List = Type.Object({
  items: Type.Array(ImageSummarySchema),
  next: Type.Optional(Type.String({ description: 'Cursor of what comes after; absent at the end.' })),
  lookedBackTo: Type.Optional(
    Type.String({
      format: 'date-time',
      description: 'It stopped looking here before there was a full list; `next` goes on from there. UTC.',
    }),
  ),
});

const Detail = Type.Object({
  image: ImageViewSchema,
  files: Type.Array(
    Type.Object({
      id: Type.Integer(),
      instrument: Type.String(),
      path: Type.String({
        description: 'Below the acquisition directory; bytes that are not UTF-8 are replaced.',
      }),
      version: Type.Integer(),
      role: Type.String(),
      bytes: Type.Integer(),
      state: Type.String(),
      seenAt: Time,
    }),
  ),
  deliveries: Type.Array(
    Type.Object({
      id: Type.Integer(),
      revision: Type.Integer(),
      target: Type.String(),
      state: Type.String(),
      place: Type.String(),
      objects: Type.Array(DeliveryObjectSchema),
      receipt: Type.Optional(Type.Object({ at: Time, objects: Type.Array(DeliveryObjectSchema) })),
      tries: Type.Integer(),
      nextTryAt: Type.Optional(Time),
      error: Type.Optional(Type.String()),
    }),
  ),
  paused: Type.Optional({
    ...PauseSchema,
    description: 'Why it has not left, and is not published: forwarding and publishing of it are paused.',
  }),
  publication: Type.Union(
    [
      Type.Object({
        given: Type.Literal(true),
        since: Time,
        revision: Type.Integer(),
        page: Type.String({ description: 'Address of its public page.' }),
      }),
      Type.Object({ given: Type.Literal(false), why: Type.String() }),
    ],
    { description: 'Whether harvesters are given it at the moment.' },
  ),
  record: Type.Optional(
    Type.Unsafe<SemRecord>({
      type: 'object',
      description: 'The newest record that was written, canonical form.',
    }),
  ),
});

const HistorySchema = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.Integer(),
      at: Time,
      subject: Type.String(),
      key: Type.String(),
      from: Type.Optional(Type.String()),
      to: Type.Optional(Type.String()),
      who: Type.String(),
      what: Type.String(),
      detail: Type.Optional(Type.Unknown()),
    }),
  ),
});

const Similar = Type.Object({
  items: Type.Array(
    Type.Object({
      image: ImageSummarySchema,
      likeness: Type.Number({ description: 'Cosine between what the network sees in both, -1..1.' }),
    }),
  ),
  known: Type.Boolean({
    description: 'Whether the network has seen this image, so that it can be compared.',
  }),
  complete: Type.Boolean({
    description: 'False while older images are still being looked through: more may look like it.',
  }),
});

export type ImageList = Static<typeof List>;
export type ImageDetail = Static<typeof Detail>;
export type ImageHistory = Static<typeof HistorySchema>;
export type SimilarImages = Static<typeof Similar>;

export function imageRoutes(app: App, { store, config, similar, rules }: AppDeps): void {
  const keeps = keepsOf(config);
  const standing = standings({ store, rules, publish: config.publish, now: () => new Date() });
  function publicationOf(image: Image): ImageDetail['publication'] {
    const stands = standing(image);
    if (!stands.given) return stands;
    const { id, ...since } = stands;
    return { ...since, page: addressOf(landingPath(id), config.publish) };
  }

  app.get(
    '/api/images',
    {
      config: { access: 'read' },
      schema: {
        tags: ['images'],
        summary: 'Images, newest first',
        querystring: ListQuery,
        response: { 200: List, ...ErrorResponses },
      },
    },
    ({ query: { limit, cursor, from, to, doubted, q, ...filter }, sight }) => {
      const { images, next, lookedBackTo } = store.search.find(
        {
          ...filter,
          ...(doubted === undefined ? {} : { doubted: true as const }),
          ...(from === undefined ? {} : { from: utc(from) }),
          ...(to === undefined ? {} : { to: utc(to) }),
          ...(q === undefined ? {} : { text: q }),
        },
        sight,
        limit,
        cursor === undefined ? undefined : fromCursor(cursor),
      );
      return {
        items: images.map((image) => imageSummary(store.seen.alone(image, sight), keeps)),
        ...(next ? { next: toCursor(next) } : {}),
        ...(lookedBackTo === undefined ? {} : { lookedBackTo }),
      };
    },
  );

  app.get(
    '/api/images/:sha256',
    {
      config: { access: 'read' },
      schema: {
        tags: ['images'],
        summary: 'One image: scores, header, files, deliveries, record',
        params: ImageParams,
        response: { 200: Detail, ...ErrorResponses },
      },
    },
    ({ params, sight }) => {
      const image = store.seen.need(params.sha256, sight);
      const lies = fileSight(config, sight);
      const record = store.seen.newestRecord(image.sha256, sight)?.record;
      const paused = image.state === 'tagged' ? store.pauses.of(image) : undefined;
      return {
        image: {
          ...imageView(image, keeps),
          ...otherParts(image, store, sight),
          ...privateProject(image, store),
        },
        files: store.files
          .ofImage(image.sha256)
          .filter(lies.seen)
          .map((file) => ({
            id: file.id,
            instrument: file.instrument,
            path: shownPath(file),
            version: file.version,
            role: file.role,
            bytes: file.size,
            state: file.state,
            seenAt: file.seen_at,
          })),
        deliveries: store.deliveries.ofImage(image.sha256).map(({ sha256: _, ...delivery }) => delivery),
        ...(paused ? { paused } : {}),
        publication: publicationOf(image),
        ...(record ? { record: JSON.parse(record) as SemRecord } : {}),
      };
    },
  );

  app.get(
    '/api/images/:sha256/record',
    {
      config: { access: 'read' },
      schema: {
        tags: ['images'],
        summary: 'The newest record that was written, canonical JSON, as a file',
        params: ImageParams,
        response: {
          200: {
            description: 'The record.',
            content: { 'application/json': { schema: { type: 'object' } } },
          },
          ...ErrorResponses,
        },
      },
    },
    ({ params, sight }, reply) => {
      const image = store.seen.need(params.sha256, sight);
      const newest = store.seen.newestRecord(image.sha256, sight);
      if (!newest)
        throw new SemtagError(
          'not_found',
          `${image.name} has no record yet: it is written when the image is tagged`,
        );
      return reply
        .type('application/json; charset=utf-8')
        .header('content-disposition', `attachment; filename="${image.sha256.slice(0, 12)}.json"`)
        .send(Buffer.from(newest.record)); // the bytes that were written
    },
  );

  app.get(
    '/api/images/:sha256/similar',
    {
      config: { access: 'read' },
      schema: {
        tags: ['images'],
        summary: 'Images that look like it, most alike first',
        params: ImageParams,
        querystring: Type.Object(
          { limit: Type.Integer({ minimum: 1, maximum: 100, default: 12 }) },
          { additionalProperties: false },
        ),
        response: { 200: Similar, ...ErrorResponses },
      },
    },
    async ({ params, query, sight }) => {
      const { sha256 } = store.seen.need(params.sha256, sight);
      const found = await similar?.(sha256, sight, query.limit);
      if (!found) return { items: [], known: false, complete: true };
      const items = found.items.map(({ image, likeness }) => ({
        image: imageSummary(store.seen.alone(image, sight), keeps),
        likeness,
      }));
      return { items, known: true, complete: found.complete };
    },
  );

  app.get(
    '/api/images/:sha256/history',
    {
      config: { access: 'read' },
      schema: {
        tags: ['images'],
        summary: 'Everything that happened to an image, its files and its deliveries, oldest first',
        params: ImageParams,
        response: { 200: HistorySchema, ...ErrorResponses },
      },
    },
    ({ params, sight }) => {
      const { sha256 } = store.seen.need(params.sha256, sight);
      return { items: store.seen.history.ofImage(sha256, sight, fileSight(config, sight).seen) };
    },
  );
}

/** As the database writes times, so that they compare as text. */
function utc(moment: string): string {
  const time = Date.parse(moment);
  if (Number.isNaN(time)) throw new SemtagError('bad_request', `${moment}: no such day or time`);
  return new Date(time).toISOString();
}
