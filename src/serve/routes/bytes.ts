// The bytes of an image: thumbnail, picture, file. Reads only; what is named by content may be kept by the browser for ever, unless its project is private.

import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { SemtagError } from '../../errors.ts';
import type { Image } from '../../store/images.ts';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { ImageParams } from '../schema.ts';
import { sendPath } from '../send-path.ts';

const jpeg = (description: string): object => ({
  200: { description, content: { 'image/jpeg': { schema: Type.String({ format: 'binary' }) } } },
  ...ErrorResponses,
});

const ANY_IMAGE = Object.fromEntries(
  ['image/tiff', 'image/png', 'image/jpeg', 'image/bmp', 'application/octet-stream'].map((type) => [
    type,
    { schema: Type.String({ format: 'binary' }) },
  ]),
);

const FileQuery = Type.Object(
  {
    form: Type.Optional(
      Type.Unsafe<'tagged' | 'acquired'>({
        type: 'string',
        enum: ['tagged', 'acquired'],
        description: 'With the record inside, or bit for bit as acquired. Tagged, when there is one.',
      }),
    ),
  },
  { additionalProperties: false },
);

type Asked = Pick<FastifyRequest, 'sight'> & { params: { sha256: string } };

export function byteRoutes(app: App, { store, files }: AppDeps): void {
  /** Throws not_found where it is not seen. */
  const need = ({ params, sight }: Asked): Image => store.seen.need(params.sha256, sight);

  /** What the next person at this browser may not see is not kept by it. */
  const keep = (sha256: string) => store.projects.realmOf(sha256) === undefined;

  app.get(
    '/api/images/:sha256/thumb',
    {
      config: { access: 'read' },
      schema: {
        tags: ['images'],
        summary: 'Thumbnail, info bar cut',
        params: ImageParams,
        response: jpeg('JPEG'),
      },
    },
    (request, reply) => {
      const { sha256 } = need(request);
      const sent = { mediaType: 'image/jpeg', etag: `${sha256}-thumb`, immutable: true, keep: keep(sha256) };
      return sendPath(request, reply, { path: files.thumb(sha256), ...sent });
    },
  );

  app.get(
    '/api/images/:sha256/picture',
    {
      config: { access: 'read' },
      schema: {
        tags: ['images'],
        summary: 'Picture of up to 2048 px, info bar cut',
        params: ImageParams,
        response: jpeg('JPEG'),
      },
    },
    async (request, reply) => {
      const { sha256 } = need(request);
      const sent = {
        mediaType: 'image/jpeg',
        etag: `${sha256}-picture`,
        immutable: true,
        keep: keep(sha256),
      };
      return sendPath(request, reply, { path: await files.picture(sha256), ...sent });
    },
  );

  app.get(
    '/api/images/:sha256/file',
    {
      config: { access: 'read' },
      schema: {
        tags: ['images'],
        summary: 'The file itself, byte ranges included',
        params: ImageParams,
        querystring: FileQuery,
        response: {
          200: {
            description: 'The file, under its own media type.',
            content: ANY_IMAGE,
          },
          206: {
            description: 'The bytes asked for.',
            content: ANY_IMAGE,
          },
          ...ErrorResponses,
        },
      },
    },
    async (request, reply) => {
      const { sha256, mediaType, name } = need(request);
      const { form } = request.query;
      const revision = form === 'acquired' ? undefined : store.seen.newestRecord(sha256, request.sight);
      if (form === 'tagged' && !revision)
        throw new SemtagError(
          'not_found',
          `${name} has not been tagged yet; form=acquired gives the acquired bytes`,
        );
      if (!revision)
        return sendPath(request, reply, {
          path: await files.acquired(sha256),
          mediaType,
          etag: sha256,
          immutable: form === 'acquired',
          keep: keep(sha256),
          saveAs: name,
        });
      return sendPath(request, reply, {
        ...(await files.tagged(sha256, revision.revision)),
        mediaType,
        etag: revision.taggedSha256,
        keep: keep(sha256),
        immutable: false, // the next revision has other bytes at this address
        saveAs: name,
      });
    },
  );
}
