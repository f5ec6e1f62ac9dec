// The app apart from the process: builds the HTTP interface from what it is handed. Listens nowhere and stops nothing.

import { randomUUID } from 'node:crypto';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { givens } from '../harvest/given.ts';
import { accessOf } from './access.ts';
import { callerBy } from './auth/caller.ts';
import { cookiesOf, refuseForeignPages } from './auth/cookies.ts';
import { isSecure, proxiesOf } from './bind.ts';
import type { AppDeps } from './deps.ts';
import { sendError, setErrorHandlers } from './error-body.ts';
import { guard } from './guard.ts';
import { methodsOf } from './methods.ts';
import { oaiRoutes } from './oai/routes.ts';
import { openapiOf } from './openapi.ts';
import { recordRoutes } from './records/routes.ts';
import { byteRoutes } from './routes/bytes.ts';
import { checkRoutes } from './routes/checks.ts';
import { queueHealthRoutes } from './routes/queue-health.ts';
import { eventRoutes } from './routes/events.ts';
import { factRoutes } from './routes/facts.ts';
import { healthRoutes } from './routes/health.ts';
import { imageRoutes } from './routes/images.ts';
import { labelRoutes } from './routes/labels.ts';
import { meRoutes } from './routes/me.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { peopleRoutes } from './routes/people.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { nameRoutes } from './routes/names.ts';
import { ownRoutes } from './routes/own.ts';
import { pageRoutes } from './routes/pages.ts';
import { pauseRoutes } from './routes/pauses.ts';
import { promptRoutes } from './routes/prompts.ts';
import { seriesRoutes } from './routes/series.ts';
import { screenRoutes } from './routes/screens.ts';
import { teachingRoutes } from './routes/teaching.ts';
import { thresholdRoutes } from './routes/thresholds.ts';
import { quarantineRoutes } from './routes/quarantine.ts';
import { settingRoutes } from './routes/settings.ts';
import { statusRoutes } from './routes/status.ts';
import { widerRoutes } from './routes/wider.ts';
import { certificateFiles } from './tls.ts';
import { validatorOf } from './validate.ts';
import { packageVersion } from './version.ts';

export type App = ReturnType<typeof newApp>;

/** 1000 images named by SHA-256 in one correction are 67 kB. */
const BODY_LIMIT = 128 * 1024;
/** Answers on their way at a stop get this long. */
const LAST_WORDS_MS = 1000;
const YEAR_S = 365 * 86_400;

export function newApp({ logger, config: { serve } }: Pick<AppDeps, 'logger' | 'config'>) {
  const { tls } = serve;
  // as an object of no kind: the types tell a server with TLS from one without, and nothing else here does
  const https = (tls ? { https: certificateFiles(tls) } : {}) as object;
  return Fastify({
    ...https,
    ...(serve.proxy.length > 0 ? { trustProxy: proxiesOf(serve) } : {}),
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }), // the log has one line a transition, not one a thumbnail
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => sendError(error, request, reply), // a path that cannot be decoded
  })
    .withTypeProvider<TypeBoxTypeProvider>()
    .setValidatorCompiler(validatorOf)
    .setSerializerCompiler(() => (data) => JSON.stringify(data)); // as it is: full precision, nothing dropped
}

export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = newApp(deps);
  app.removeContentTypeParser('text/plain'); // a form of another site can send it without being asked first
  setErrorHandlers(app, deps.store);
  await app.register(helmet, {
    // plain HTTP on loopback: HSTS does not apply
    hsts: isSecure(deps.config.serve) ? { maxAge: YEAR_S, includeSubDomains: false } : false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  });
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store'); // unless a route says otherwise
  });
  // browsers open connections ahead of need; those count neither as idle nor as busy, and would hold the stop up for a minute
  app.addHook('preClose', async () => {
    setTimeout(() => app.server.closeAllConnections(), LAST_WORDS_MS).unref();
  });
  guard(app, deps.config.serve);

  await cookiesOf(app, deps);
  const callerOf = callerBy(deps);
  accessOf(app, deps, callerOf);
  refuseForeignPages(app);

  const refuseOtherMethods = methodsOf(app);
  await app.register(swagger, openapiOf(packageVersion()));
  healthRoutes(app, deps);
  meRoutes(app);
  signInRoutes(app, deps);
  peopleRoutes(app, deps);
  statusRoutes(app, deps);
  teachingRoutes(app, deps);
  thresholdRoutes(app, deps);
  settingRoutes(app, deps);
  imageRoutes(app, deps);
  byteRoutes(app, deps);
  labelRoutes(app, deps);
  factRoutes(app, deps);
  nameRoutes(app, deps);
  ownRoutes(app, deps);
  widerRoutes(app, deps);
  promptRoutes(app, deps);
  checkRoutes(app, deps);
  seriesRoutes(app, deps);
  screenRoutes(app, deps);
  quarantineRoutes(app, deps);
  queueHealthRoutes(app, deps);
  pauseRoutes(app, deps);
  metricsRoutes(app, deps);
  eventRoutes(app, deps, callerOf);
  const { store, rules, config } = deps;
  const given = givens({ store, rules, publish: config.publish, now: () => new Date() });
  await oaiRoutes(app, deps, given);
  recordRoutes(app, deps, given);
  app.get('/api/openapi.json', { config: { access: 'open' }, schema: { hide: true } }, () => app.swagger());
  await pageRoutes(app, deps);
  refuseOtherMethods();
  await app.ready();
  return app;
}
