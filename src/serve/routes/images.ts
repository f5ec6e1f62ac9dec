// Reading about images: the list, one image with all that is known, its history. Never writes.

import Type from 'typebox';
import type { Image } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import type { SemRecord } from '../../record/record.ts';
import type { App } from '../app.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { imageSummary, ImageSummarySchema, imageView, ImageViewSchema } from '../image-view.ts';
import {
  CategorySchema,
  DeliveryObjectSchema,
  ImageParams,
  ImageStateSchema,
  LabelBasisSchema,
  Time,
} from '../schema.ts';

const ListQuery = Type.Object(
  {
    state: Type.Optional(ImageStateSchema),
    category: Type.Optional(CategorySchema),
    instrument: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    basis: Type.Optional(LabelBasisSchema),
    q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of the name.' })),
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

export function imageRoutes(app: App, { store }: AppDeps): void {
  app.get(
    '/api/images',
    {
      schema: {
        tags: ['images'],
        summary: 'Images, newest first',
        querystring: ListQuery,
        response: { 200: List, ...ErrorResponses },
      },
    },
    ({ query: { limit, cursor, ...filter } }) => {
      const images = store.images.list(
        filter,
        limit + 1,
        cursor === undefined ? undefined : fromCursor(cursor),
      );
      const shown = images.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: shown.map(imageSummary),
        ...(images.length > limit && last ? { next: toCursor(last) } : {}),
      };
    },
  );

  app.get(
    '/api/images/:sha256',
    {
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
      return {
        image: imageView(image),
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
        ...(record ? { record } : {}),
      };
    },
  );

  app.get(
    '/api/images/:sha256/history',
    {
      schema: {
        tags: ['images'],
        summary: 'Everything that happened to an image and its files, oldest first',
        params: ImageParams,
        response: { 200: HistorySchema, ...ErrorResponses },
      },
    },
    ({ params }) => {
      const { sha256 } = store.images.need(params.sha256);
      const ofFiles = store.files
        .ofImage(sha256)
        .flatMap((file) => store.history.of('file', String(file.id)));
      return { items: [...store.history.of('image', sha256), ...ofFiles].sort((a, b) => a.id - b.id) };
    },
  );
}

/** A revision that is not tagged yet has no record; the one before it does. */
function newestRecord(store: Store, image: Image): SemRecord | undefined {
  for (let revision = image.revision; revision > 0; revision--) {
    const found = store.deliveries.record(image.sha256, revision);
    if (found) return JSON.parse(found.record) as SemRecord;
  }
  return undefined;
}

/** A path for people: below the root, `/` between folders. */
export function shownPath({ dir, name }: { dir: Buffer; name: Buffer }): string {
  const folder = dir.toString();
  return folder ? `${folder}/${name.toString()}` : name.toString();
}
