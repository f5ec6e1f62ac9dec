// For monitors and supervisors: is the process alive, can it do all of its work. Open to any Host; tells nothing about images.

import Type from 'typebox';
import { ALL_SIGHT } from '../../domain/access.ts';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { notReady } from '../status.ts';

const Ready = Type.Object({
  ready: Type.Boolean(),
  reasons: Type.Array(Type.Object({ code: Type.String(), sentence: Type.String() })),
});

export function healthRoutes(app: App, { status }: AppDeps): void {
  app.get(
    '/health/live',
    {
      config: { access: 'open' },
      schema: {
        tags: ['service'],
        summary: 'The process answers',
        response: { 200: Type.Object({ live: Type.Literal(true) }) },
      },
    },
    () => ({ live: true as const }),
  );

  app.get(
    '/health/ready',
    {
      config: { access: 'open' },
      schema: {
        tags: ['service'],
        summary: 'It can do all of its work; 503 with the reasons where it cannot',
        response: { 200: Ready, 503: Ready },
      },
    },
    async (_request, reply) => {
      const reasons = notReady(status(ALL_SIGHT));
      return reply.code(reasons.length ? 503 : 200).send({ ready: reasons.length === 0, reasons });
    },
  );
}
