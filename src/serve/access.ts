// Lets a request through or not: every route names what it asks for, and with one that names nothing the app does not start. Never decides by the path.

import type { FastifyRequest, RouteOptions } from 'fastify';
import { may, sightOf, type Access, type Caller, type Sight } from '../domain/access.ts';
import { SemtagError } from '../errors.ts';
import type { App } from './app.ts';
import { refuseManagersName } from './auth/author.ts';
import type { AppDeps } from './deps.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** who may call it */
    access?: Access;
  }
  interface FastifyRequest {
    /** who sent it; undefined where nobody is known, which open routes see, and those of what is public where everybody is given it */
    caller: Caller | undefined;
    /** which images the caller sees */
    sight: Sight;
  }
}

const NO_TOKEN =
  'The token that was sent is not known here, has run out or was revoked; a manager makes another one.';

/** Call before the first route. `callerOf`: who sent this request. */
export function accessOf(
  app: App,
  { store, config: { publish } }: Pick<AppDeps, 'store' | 'config'>,
  callerOf: (request: FastifyRequest) => Caller | undefined,
): void {
  app.decorateRequest('caller', undefined);
  app.decorateRequest('sight');
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    routes.push(route);
  });
  app.addHook('onReady', async () => {
    for (const { url, method, config } of routes)
      if (config?.access === undefined)
        throw new Error(`${String(method)} ${url} does not say who may call it: config.access`);
  });
  app.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config;
    request.caller = callerOf(request);
    request.sight = sightOf(request.caller, store.projects.private());
    // an unknown path is answered as such, whoever asks
    if (access === undefined || may(request.caller, access)) return;
    if (access === 'harvest' && publish.open === 'everybody') return;
    throw new SemtagError(
      request.caller ? 'forbidden' : 'sign_in',
      `${request.method} ${request.url.slice(0, 200)}`,
      request.caller || request.headers.authorization === undefined ? {} : { advice: NO_TOKEN },
    );
  });
  app.addHook('preHandler', async ({ caller, body }) => {
    const by = (body as { by?: unknown } | null | undefined)?.by;
    if (typeof by === 'string') refuseManagersName(store.users, caller, 'by', by);
  });
}
