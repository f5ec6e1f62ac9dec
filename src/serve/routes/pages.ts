// The built pages, as they lie in webDir. Names of assets carry their hash, so browsers keep them; index.html is asked for each time.

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
  await app.register(fastifyStatic, {
    root: webDir,
    wildcard: false, // one route a file: what is not there is a 404 of the API's form
    cacheControl: false,
    setHeaders: (reply, path) => {
      const kept = path.startsWith(join(webDir, 'assets'));
      void reply.header('cache-control', kept ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
