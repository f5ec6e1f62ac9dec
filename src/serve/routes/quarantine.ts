// What is aside and why: images that failed and files that never became whole; and the retry of a file.

import Type from 'typebox';
import { ERRORS, SemtagError, type ErrorCode } from '../../errors.ts';
import type { App } from '../app.ts';
import { authorOf } from '../auth/author.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { fileSight } from '../file-sight.ts';
import { aside, AsideSchema, imageSummary, ImageSummarySchema } from '../image-view.ts';
import { By, Time } from '../schema.ts';
import { shownPath } from '../../domain/shown-path.ts';

const LIMIT = 500;
/** Each is a commit of its own: more would hold everybody else up. */
const AT_ONCE = 200;

const FileAside = Type.Object({
  id: Type.Integer(),
  instrument: Type.String(),
  path: Type.String({ description: 'Below the acquisition directory.' }),
  bytes: Type.Integer(),
  seenAt: Time,
  error: AsideSchema,
});

export function quarantineRoutes(app: App, { store, answers, config }: AppDeps): void {
  app.get(
    '/api/quarantine',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['answers'],
        summary: `Images and files that are aside, with reason and advice; ${LIMIT} of each at most`,
        response: {
          200: Type.Object({ images: Type.Array(ImageSummarySchema), files: Type.Array(FileAside) }),
          ...ErrorResponses,
        },
      },
    },
    ({ sight }) => ({
      images: store.seen
        .list({ state: 'quarantined' }, LIMIT, undefined, sight)
        .map((image) => imageSummary(image)),
      files: store.files
        .inState('incomplete')
        .filter(fileSight(config, sight).seen)
        .slice(-LIMIT)
        .map((file) => ({
          id: file.id,
          instrument: file.instrument,
          path: shownPath(file),
          bytes: file.size,
          seenAt: file.seen_at,
          error: aside(
            file.error === null
              ? { code: 'incomplete', message: shownPath(file) }
              : (JSON.parse(file.error) as { code: ErrorCode; message: string }),
          ),
        })),
    }),
  );

  app.post(
    '/api/quarantine/retry',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['answers'],
        summary: `Try again everything that is aside, or all that is for one reason; ${AT_ONCE} images and files a call at most`,
        body: Type.Object(
          {
            by: By,
            code: Type.Optional(
              Type.Unsafe<ErrorCode>({
                type: 'string',
                enum: Object.keys(ERRORS),
                description: 'The reason; absent: any.',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            images: Type.Integer({ minimum: 0, description: 'So many are tried again.' }),
            files: Type.Integer({ minimum: 0 }),
            more: Type.Boolean({ description: 'Some are left: the same call again takes them.' }),
          }),
          ...ErrorResponses,
        },
      },
    },
    (request) => {
      const { body, sight } = request;
      return answers.retryMany(body.code, authorOf(request), AT_ONCE, sight, fileSight(config, sight).seen);
    },
  );

  app.post(
    '/api/files/:id/retry',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['answers'],
        summary: 'Look at an incomplete file again',
        params: Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }),
        body: Type.Object({ by: By }, { additionalProperties: false }),
        response: { 202: Type.Object({ id: Type.Integer() }), ...ErrorResponses },
      },
    },
    async (request, reply) => {
      const {
        params: { id },
        sight,
      } = request;
      const file = store.files.get(id);
      if (!file || !fileSight(config, sight).seen(file)) throw new SemtagError('not_found', `file ${id}`);
      if (file.sha256 !== null) store.seen.need(file.sha256, sight);
      answers.retryFile(id, authorOf(request));
      return reply.code(202).send({ id });
    },
  );
}
