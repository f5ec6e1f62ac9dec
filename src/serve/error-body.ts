// The one form of an error on the wire, from the one table of errors. An unexpected error never shows its insides.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { asSemtagError, ended, ERRORS, SemtagError, type ErrorCode } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { imageSummary, ImageSummarySchema } from './image-view.ts';

export const ErrorBodySchema = Type.Object(
  {
    code: Type.String({ description: 'From the table of errors; stable.' }),
    message: Type.String({ description: 'What happened, for people.' }),
    hint: Type.String({ description: 'What to do.' }),
    requestId: Type.String({ description: 'Finds the request in the log.' }),
    image: Type.Optional(ImageSummarySchema),
  },
  { description: 'An error. With 409 the image as it is now comes with it.' },
);
export type ErrorBody = Static<typeof ErrorBodySchema>;

/** For `response` in a route's schema. */
export const ErrorResponses = { '4xx': ErrorBodySchema, '5xx': ErrorBodySchema };

export function setErrorHandlers(app: FastifyInstance, store?: Store): void {
  app.setErrorHandler((error: Error, request, reply) => {
    sendError(error, request, reply, store);
  });
  app.setNotFoundHandler((request, reply) => {
    sendError(new SemtagError('not_found', `${request.method} ${request.url.slice(0, 200)}`), request, reply);
  });
}

/** With `store`, a 409 tells how the image is now: who lost a race learns at once what the other one did. */
export function sendError(error: Error, request: FastifyRequest, reply: FastifyReply, store?: Store): void {
  const { code, status, detail, advice = ERRORS[code].advice } = classify(error);
  if (status >= 500 && code !== 'harvest_paused')
    request.log.error({ err: error, url: request.url }, 'request failed');
  const { sentence } = ERRORS[code];
  const { sha256 } = (request.params ?? {}) as { sha256?: string };
  const image = status === 409 && sha256 !== undefined ? store?.seen.get(sha256, request.sight) : undefined;
  const body: ErrorBody = {
    code,
    message: detail === undefined ? sentence : ended(`${sentence.slice(0, -1)}: ${detail}`),
    hint: advice,
    requestId: request.id,
    ...(image ? { image: imageSummary(image) } : {}),
  };
  // as text: errors of the framework itself come before any serializer is set
  void reply
    .code(status)
    .header('x-request-id', request.id)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body));
}

type Classified = { code: ErrorCode; status: number; detail: string | undefined; advice?: string };

function classify(error: Error & { statusCode?: number }): Classified {
  if (error instanceof SemtagError)
    return {
      code: error.code,
      status: error.status,
      detail: error.code === 'internal' ? undefined : error.message,
      advice: error.advice,
    };
  // of the page token
  if (String((error as { code?: string }).code).startsWith('FST_CSRF_'))
    return { code: 'not_this_page', status: 403, detail: undefined };
  // fastify's own: invalid body (400), too large (413), media type (415)
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return { code: 'bad_request', status: error.statusCode, detail: error.message };
  return { code: asSemtagError(error).code, status: 500, detail: undefined };
}
