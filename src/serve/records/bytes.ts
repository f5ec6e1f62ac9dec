// The picture of a public record, and, where the config allows it, its file. Asks givens alone whether it may be given.

import Type from 'typebox';
import { SemtagError } from '../../errors.ts';
import { endingOf } from '../../formats/endings.ts';
import type { Given, Givens } from '../../harvest/given.ts';
import type { App } from '../app.ts';
import type { PublicDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { sendPath } from '../send-path.ts';
import { itemLinks, linkHeader } from './links.ts';
import { needGiven, RECORD, RecordParams } from './need.ts';

const binary = (types: string[]) =>
  Object.fromEntries(types.map((type) => [type, { schema: Type.String({ format: 'binary' }) }]));
const FILE = binary(['image/tiff', 'image/png', 'image/jpeg', 'image/bmp', 'application/octet-stream']);

const Form = Type.Object(
  {
    form: Type.Unsafe<'tagged' | 'acquired'>({
      type: 'string',
      enum: ['tagged', 'acquired'],
      default: 'tagged',
      description: 'With its record inside, or bit for bit as acquired, which is what the record names the hash of.', // prettier-ignore
    }),
  },
  { additionalProperties: false },
);

export function publicByteRoutes(app: App, { store, files, isCopy }: PublicDeps, givens: Givens): void {
  const links = (given: Given) => linkHeader(itemLinks({ given, files: givens.files, isCopy, context: given.context })); // prettier-ignore

  app.get(
    `${RECORD}/thumb.jpg`,
    {
      config: { access: 'harvest' },
      schema: {
        tags: ['public'],
        summary: 'Thumbnail of a public record, info bar cut',
        params: RecordParams,
        response: {
          200: { description: 'JPEG', content: binary(['image/jpeg']) },
          206: { description: 'The bytes asked for.', content: binary(['image/jpeg']) },
          304: { description: 'It is as it was.' },
          ...ErrorResponses,
        },
      },
    },
    (request, reply) => {
      const given = needGiven(givens, reply, request.params.uuid);
      const { sha256 } = given.item;
      void reply.header('link', links(given));
      const sent = { mediaType: 'image/jpeg', etag: `${sha256}-thumb`, immutable: false };
      return sendPath(request, reply, { path: files.thumb(sha256), ...sent });
    },
  );

  app.get(
    `${RECORD}/file`,
    {
      config: { access: 'harvest' },
      schema: {
        tags: ['public'],
        summary: 'The file of a public record, byte ranges included; 403 where the facility gives out records alone', // prettier-ignore
        params: RecordParams,
        querystring: Form,
        response: {
          200: { description: 'The file, under its own media type.', content: FILE },
          206: { description: 'The bytes asked for.', content: FILE },
          304: { description: 'It is as it was.' },
          ...ErrorResponses,
        },
      },
    },
    async (request, reply) => {
      const given = needGiven(givens, reply, request.params.uuid);
      if (!givens.files) throw new SemtagError('files_not_public', given.record.id);
      const { sha256, revision } = given.item;
      const { mediaType, name } = given.record.acquired;
      void reply.header('link', links(given));
      const sent = {
        mediaType,
        immutable: false, // it may be withdrawn, and the next revision has other bytes
        saveAs: name ?? `${request.params.uuid}${endingOf(mediaType)}`,
      };
      if (request.query.form === 'acquired') {
        if (!files.acquired) throw new SemtagError('not_found', 'the file as it was acquired');
        return sendPath(request, reply, { ...sent, path: await files.acquired(sha256), etag: sha256 });
      }
      const { taggedSha256 } = store.deliveries.record(sha256, revision)!;
      return sendPath(request, reply, { ...sent, ...(await files.tagged(sha256, revision)), etag: taggedSha256 }); // prettier-ignore
    },
  );
}
