// The app with nothing but what harvesters are given, to be asked without listening: a static copy is made of its answers. Never serves anybody.

import type { FastifyInstance } from 'fastify';
import type { Givens } from '../harvest/given.ts';
import { newApp } from './app.ts';
import type { AppDeps, PublicDeps } from './deps.ts';
import { setErrorHandlers } from './error-body.ts';
import { oaiRoutes } from './oai/routes.ts';
import { recordRoutes } from './records/routes.ts';

export async function buildPublicApp(
  deps: Omit<PublicDeps, 'isCopy'> & Pick<AppDeps, 'logger'>,
  givens: Givens,
): Promise<FastifyInstance> {
  const app = newApp(deps);
  setErrorHandlers(app);
  await oaiRoutes(app, deps, givens);
  recordRoutes(app, { ...deps, isCopy: true }, givens);
  await app.ready();
  return app;
}
