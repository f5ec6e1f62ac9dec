// Everything that harvesters and programs of the web are given beside OAI-PMH. Each route asks `givens` what is public, and nothing else.

import type { Givens } from '../../harvest/given.ts';
import type { App } from '../app.ts';
import type { PublicDeps } from '../deps.ts';
import { publicByteRoutes } from './bytes.ts';
import { catalogRoutes } from './catalog.ts';
import { landingRoutes } from './landing-routes.ts';
import { revisionRoutes } from './revisions.ts';
import { searchRoutes } from './search.ts';
import { sitemapRoutes } from './sitemap.ts';
import { vocabularyRoutes } from './vocabulary.ts';

export function recordRoutes(app: App, deps: PublicDeps, givens: Givens): void {
  landingRoutes(app, deps, givens);
  revisionRoutes(app, deps, givens);
  publicByteRoutes(app, deps, givens);
  if (!deps.isCopy) searchRoutes(app, deps, givens);
  sitemapRoutes(app, deps, givens);
  catalogRoutes(app, deps, givens);
  vocabularyRoutes(app, deps);
}
