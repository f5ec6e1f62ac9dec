// The app with nothing but what harvesters are given, to be asked without listening: a static copy is made of its answers. Never serves anybody.

import type { FastifyInstance } from 'fastify';
import type { Givens } from '../harvest/given.ts';
import { newApp } from './app.ts';
import type { AppDeps } from './deps.ts';
import { setErrorHandlers } from './error-body.ts';
import { oaiRoutes } from './oai/routes.ts';
import { recordRoutes } from './records/routes.ts';

/** Of the store no more than the newest revisions and their hashes is asked. */
export type PublicDeps = Pick<AppDeps, 'config' | 'logger'> & {
  store: Pick<AppDeps['store'], 'deliveries'>;
  files: Pick<AppDeps['files'], 'thumb' | 'tagged'>;
};

export async function buildPublicApp(deps: PublicDeps, givens: Givens): Promise<FastifyInstance> {
  const all = deps as unknown as AppDeps; // the routes below use these alone
  const app = newApp(all);
  setErrorHandlers(app, all.store);
  await oaiRoutes(app, all, givens);
  recordRoutes(app, all, givens);
  await app.ready();
  return app;
}
