// Reading about images: the list, one image with all that is known, its history. Never writes.

import Type from 'typebox';
import { shownPath } from '../../domain/shown-path.ts';
import { SemtagError } from '../../errors.ts';
import type { Image } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import type { SemRecord } from '../../record/record.ts';
import type { App } from '../app.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import {
  imageSummary,
  ImageSummarySchema,
  imageView,
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

/** A part of a name has no index: looking through this many takes about as long as all else that a request does. */
const SEARCHED = 50_000;

const Text = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }));
const Moment = (description: string) =>
  Type.String({
    pattern: String.raw`^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$`,
    description: `${description} ISO 8601 with a zone, or a date in UTC.`,
  });

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
    from: Type.Optional(Moment('Settled at this time or later.')),
    to: Type.Optional(Moment('Settled before this time.')),
    q: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: `Part of the name; looked for in the newest ${SEARCHED} images.`,
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
    description: 'Why it has not left: forwarding of it is paused.',
  }),
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

export function imageRoutes(app: App, { store, config }: AppDeps): void {
  const hold = { answer: config.ask.hold, because: config.teach.hold };
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
    ({ query: { limit, cursor, from, to, doubted, ...filter } }) => {
      const images = store.images.list(
        {
          ...filter,
          ...(doubted === undefined ? {} : { doubted: true as const }),
          ...(from === undefined ? {} : { from: utc(from) }),
          ...(to === undefined ? {} : { to: utc(to) }),
          ...(filter.q === undefined ? {} : { newest: SEARCHED }),
        },
        limit + 1,
        cursor === undefined ? undefined : fromCursor(cursor),
      );
      const shown = images.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: shown.map((image) => imageSummary(image, hold)),
        ...(images.length > limit && last ? { next: toCursor(last) } : {}),
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
    ({ params }) => {
      const image = store.images.need(params.sha256);
      const record = newestRecord(store, image);
      const paused = store.pauses.of(image);
      return {
        image: { ...imageView(image, hold), ...otherParts(image, store), ...privateProject(image, store) },
        files: store.files.ofImage(image.sha256).map((file) => ({
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
        ...(paused && image.state === 'tagged' ? { paused } : {}),
        ...(record ? { record } : {}),
      };
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
    ({ params }) => {
      const { sha256 } = store.images.need(params.sha256);
      return { items: store.history.ofImage(sha256) };
    },
  );
}

/** As the database writes times, so that they compare as text. */
function utc(moment: string): string {
  const time = Date.parse(moment);
  if (Number.isNaN(time)) throw new SemtagError('bad_request', `${moment}: no such day or time`);
  return new Date(time).toISOString();
}

/** A revision that is not tagged yet has no record; the one before it does. */
function newestRecord(store: Store, image: Image): SemRecord | undefined {
  for (let revision = image.revision; revision > 0; revision--) {
    const found = store.deliveries.record(image.sha256, revision);
    if (found) return JSON.parse(found.record) as SemRecord;
  }
  return undefined;
}
