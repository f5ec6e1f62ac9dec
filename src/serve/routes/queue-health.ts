// GET /api/queues: what the Health page shows. /health/live and /health/ready are for supervisors.

import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { queueHealthOf, QueueHealthSchema } from '../queue-health.ts';

export function queueHealthRoutes(app: App, { store, status, config }: AppDeps): void {
  app.get(
    '/api/queues',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['service'],
        summary: 'How the queues do: ages, throughput, what is aside by reason, targets, disk',
        response: { 200: QueueHealthSchema, ...ErrorResponses },
      },
    },
    ({ sight }) => queueHealthOf(store, config, status(sight), sight, new Date()),
  );
}
