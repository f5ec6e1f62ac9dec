// GET /metrics for Prometheus. Counts what the caller sees: a token that is no member of a private project gets no count that its images are in.

import Type from 'typebox';
import { Registry } from 'prom-client';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { metricsOf } from '../metrics.ts';

export function metricsRoutes(app: App, { store, status, measured, config }: AppDeps): void {
  app.get(
    '/metrics',
    {
      config: { access: 'read' },
      schema: {
        tags: ['service'],
        summary: 'Figures for Prometheus, text format 0.0.4',
        response: {
          200: { description: 'Metrics.', content: { 'text/plain': { schema: Type.String() } } },
          ...ErrorResponses,
        },
      },
    },
    async ({ sight }, reply) => {
      const now = metricsOf(store, config, status(sight), sight, new Date());
      const all = measured ? Registry.merge([now, measured]) : now;
      const text = await all.metrics();
      return reply
        .type(Registry.PROMETHEUS_CONTENT_TYPE)
        .header('cache-control', 'no-store')
        .serializer(String)
        .send(text);
    },
  );
}
