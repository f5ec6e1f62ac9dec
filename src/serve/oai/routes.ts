// `/oai`: where harvesters come, by GET and POST. Reads the request and sends the answer; what stands in it is verbs.ts's.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Givens } from '../../harvest/given.ts';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { RETRY_S } from '../records/need.ts';
import { readArguments, type Arguments } from './arguments.ts';
import { OaiError } from './errors.ts';
import { errorElement, response } from './response.ts';
import { oaiVerbs } from './verbs.ts';

/** Longer than any request of the protocol. */
const BODY_LIMIT = 8 * 1024;
/** The protocol requires an address; this one reaches nobody (RFC 2606). */
export const NO_EMAIL = 'nobody@semtag.invalid';

const FORM = 'application/x-www-form-urlencoded';

export async function oaiRoutes(
  app: App,
  { config: { publish, facility }, logger }: Pick<AppDeps, 'config' | 'logger'>,
  givens: Givens,
): Promise<void> {
  const verbs = oaiVerbs({
    givens,
    name: facility.name ?? 'semtag',
    email: publish.email ?? NO_EMAIL,
    logger,
  });
  /** Never a name that this machine has for itself: harvesters may not know it. */
  const urlOf = (request: FastifyRequest) =>
    `${publish.baseUrl ?? `${request.protocol}://${request.headers.host ?? request.host}`}/oai`;

  function answer(request: FastifyRequest, reply: FastifyReply, sent: Iterable<[string, string]>) {
    const url = urlOf(request);
    let args: Arguments | undefined;
    let inside: string;
    try {
      args = readArguments(sent);
      if (verbs.isPaused(args))
        return reply
          .code(503)
          .header('retry-after', RETRY_S)
          .type('text/plain; charset=utf-8')
          .send('Publishing is paused. Come again later.\n');
      inside = verbs.answer(args, url);
    } catch (error) {
      if (!(error instanceof OaiError)) throw error;
      inside = errorElement(error);
      if (error.code === 'badArgument') args = undefined;
    }
    // told after the list was read: nothing in it is later
    return reply
      .header('cache-control', 'no-store')
      .type('text/xml; charset=utf-8')
      .send(response(url, givens.clock(), args, inside));
  }

  const options = { config: { access: 'harvest' }, schema: { hide: true } } as const;
  const queryOf = ({ url }: FastifyRequest) =>
    new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');
  await app.register(async (own: FastifyInstance) => {
    own.removeAllContentTypeParsers();
    own.addContentTypeParser(FORM, { parseAs: 'string', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    );
    own.get('/oai', options, (request, reply) => answer(request, reply, queryOf(request)));
    own.post('/oai', options, (request, reply) => {
      const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
      return answer(request, reply, [...queryOf(request), ...form]);
    });
  });
}
