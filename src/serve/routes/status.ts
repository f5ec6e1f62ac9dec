// GET /api/status: what the service is doing, for the status line and `semtag status`.

import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { StatusSchema } from '../status.ts';

export function statusRoutes(app: App, { status }: AppDeps): void {
  app.get(
    '/api/status',
    {
      config: { access: 'read' },
      schema: {
        tags: ['service'],
        summary: 'Counts, targets, roots, model, thresholds',
        response: { 200: StatusSchema, ...ErrorResponses },
      },
    },
    ({ sight }) => status(sight),
  );
}
