// The built pages, as they lie in webDir. Names of assets carry their hash, so browsers keep them; index.html is asked for each time. A browser that opens a path that is none is led to a page.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';

export async function pageRoutes(app: App, { webDir }: AppDeps): Promise<void> {
  if (!existsSync(join(webDir, 'index.html'))) {
    app.log.warn({ webDir }, 'the pages are not built; `npm run build` makes them');
    return;
  }
  app.addHook('onRequest', async (request, reply) => {
    const { method, url, headers } = request;
    const byBrowser = method === 'GET' && headers.accept?.includes('text/html') && !url.startsWith('/api/');
    if (!request.is404 || !byBrowser) return;
    // an address that was written down: it holds as long as the image does
    const image = /^\/images\/([0-9a-f]{64})\/?$/.exec(url)?.[1];
    return reply.redirect(image ? `/#/image/${image}` : /^\/today\b/.test(url) ? '/#/today' : '/');
  });
  await app.register(async (files) => {
    files.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'open' };
    });
    await files.register(fastifyStatic, {
      root: webDir,
      wildcard: false, // one route a file: what is not there is a 404 of the API's form
      cacheControl: false,
      setHeaders: (reply, path) => {
        const kept = path.startsWith(join(webDir, 'assets'));
        void reply.header('cache-control', kept ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  });
}
