// Answers 405 with Allow where a path is known and the method is not (RFC 9110, 15.5.6). Reads the routes as they are registered; keeps no list.

import type { FastifyInstance } from 'fastify';
import { SemtagError } from '../errors.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

/** Call before the first route; the function that it returns after the last one. */
export function methodsOf(app: FastifyInstance): () => void {
  const known = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = known.get(url) ?? new Set();
    known.set(url, methods);
    for (const m of [method].flat()) methods.add(m);
  });
  return () => {
    for (const [url, methods] of [...known]) {
      const allow = [...methods].sort().join(', ');
      const others = METHODS.filter((m) => !methods.has(m));
      app.route({
        method: others,
        url,
        config: { access: 'open' },
        schema: { hide: true },
        handler: (request, reply) => {
          void reply.header('allow', allow);
          throw new SemtagError('method_not_allowed', `${request.method} ${url}; allowed: ${allow}`);
        },
      });
    }
  };
}
