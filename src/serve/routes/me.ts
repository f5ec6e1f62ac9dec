// GET /api/me: who the service takes the caller for, so that a page knows what to show. Tells nothing about anybody else.

import Type, { type Static } from 'typebox';
import { ROLES, type Caller, type Role } from '../../domain/access.ts';
import type { App } from '../app.ts';
import { ErrorResponses } from '../error-body.ts';

const MeSchema = Type.Object(
  {
    how: Type.Unsafe<Caller['how']>({
      type: 'string',
      enum: ['session', 'token', 'station', 'loopback', 'files'],
      description: 'How it was let in.',
    }),
    role: Type.Unsafe<Role>({ type: 'string', enum: [...ROLES] }),
    name: Type.Optional(Type.String({ description: 'Absent where people are named with each answer.' })),
    instruments: Type.Optional(
      Type.Array(Type.String(), { description: 'A station sees and answers for these only.' }),
    ),
    projects: Type.Array(Type.String(), { description: 'Private projects that it is a member of.' }),
    csrf: Type.Optional(
      Type.String({ description: 'Sent back in x-csrf-token with all that is written by cookie.' }),
    ),
  },
  { description: 'Who sends this.' },
);
export type Me = Static<typeof MeSchema>;

export function meRoutes(app: App): void {
  app.get(
    '/api/me',
    {
      config: { access: 'known' },
      schema: {
        tags: ['service'],
        summary: 'Who the caller is',
        response: { 200: MeSchema, ...ErrorResponses },
      },
    },
    (request, reply) => {
      const caller = request.caller!;
      const byCookie = caller.how === 'session' || caller.how === 'station';
      return { ...caller, ...(byCookie ? { csrf: reply.pageToken() } : {}) };
    },
  );
}
