// For monitors and supervisors: is the process alive, can it do all of its work. Open to anybody and any Host, which get codes alone: sentences name places, samples and instruments.

import Type from 'typebox';
import { may } from '../../domain/access.ts';
import type { App } from '../app.ts';
import { isOwnHost } from '../bind.ts';
import type { AppDeps } from '../deps.ts';
import { notReady } from '../status.ts';

const Ready = Type.Object({
  ready: Type.Boolean(),
  reasons: Type.Array(
    Type.Object({
      code: Type.String(),
      sentence: Type.Optional(Type.String({ description: 'For callers who may read.' })),
    }),
  ),
});

export function healthRoutes(app: App, { status, config }: AppDeps): void {
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
        summary:
          'It can do all of its work; 503 with the reasons where it cannot: a code each, and a sentence for who may read',
        response: { 200: Ready, 503: Ready },
      },
    },
    async ({ sight, caller, headers }, reply) => {
      const all = notReady(status(sight));
      // a rebound name reaches it as this machine itself
      const told = may(caller, 'read') && isOwnHost(headers.host, config.serve);
      const reasons = told ? all : all.map(({ code }) => ({ code }));
      return reply.code(reasons.length ? 503 : 200).send({ ready: reasons.length === 0, reasons });
    },
  );
}
