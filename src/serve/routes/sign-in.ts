// Signing in and out, one-time links and one's own password. Says neither which names there are nor what a wrong password lacked.

import type { FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { ROLES, type Role } from '../../domain/access.ts';
import { folded } from '../../domain/person.ts';
import { SemtagError } from '../../errors.ts';
import type { App } from '../app.ts';
import { setStationCookie } from '../auth/cookies.ts';
import { checkPassword, hashPassword, isPassword, LONGEST } from '../auth/password.ts';
import { triesOf } from '../auth/tries.ts';
import type { AppDeps } from '../deps.ts';
import { personName } from '../../decide/answers.ts';
import { ErrorResponses } from '../error-body.ts';
import { Time } from '../schema.ts';

const strict = { additionalProperties: false };
const Password = Type.String({ maxLength: LONGEST });
const Code = Type.String({ minLength: 1, maxLength: 100, description: 'As the link has it.' });

const SignedIn = Type.Object({
  name: Type.String(),
  role: Type.Unsafe<Role>({ type: 'string', enum: [...ROLES] }),
});

const LinkSchema = Type.Object(
  {
    purpose: Type.Unsafe<'first_manager' | 'password' | 'station'>({
      type: 'string',
      enum: ['first_manager', 'password', 'station'],
    }),
    name: Type.Optional(Type.String({ description: 'Of the account or the station.' })),
    instruments: Type.Optional(Type.Array(Type.String(), { description: 'That a station is limited to.' })),
    expiresAt: Time,
  },
  { description: 'What a one-time link is for.' },
);
export type LinkView = Static<typeof LinkSchema>;

const Used = Type.Object({
  purpose: LinkSchema.properties.purpose,
  name: Type.String({ description: 'Who is signed in now, or the station that was paired.' }),
});

export function signInRoutes(app: App, { store, config: { serve } }: AppDeps): void {
  const tries = triesOf();
  const now = () => new Date();

  /** With an id that nobody had before. `password`: the hash that was checked. Throws wrong_password where it is the account's no more. */
  async function enter(request: FastifyRequest, user: number, password: string): Promise<void> {
    await request.session.regenerate();
    store.sessions.start(request.session.sessionId, user, password, serve.idle, now());
    request.session.user = user;
  }

  app.post(
    '/api/sign-in',
    {
      config: { access: 'open' },
      schema: {
        tags: ['people'],
        summary: 'Sign in at a page; the answer sets a cookie',
        body: Type.Object({ name: Type.String({ minLength: 1, maxLength: 80 }), password: Password }, strict),
        response: { 200: SignedIn, ...ErrorResponses },
      },
    },
    async (request) => {
      const { name, password } = request.body;
      const { id, hash } = await tries(request, `sign in ${folded(name)}`, async () => {
        const kept = store.users.passwordOf(name);
        if (!(await isPassword(password, kept?.hash)))
          throw new SemtagError('wrong_password', 'this name or this password is wrong');
        return kept!;
      });
      await enter(request, id, hash);
      const { name: own, role } = store.users.need(id);
      return { name: own, role };
    },
  );

  app.post(
    '/api/sign-out',
    {
      config: { access: 'open' },
      schema: {
        tags: ['people'],
        summary: 'Sign out; without a session nothing happens',
        body: Type.Object({}, strict),
        response: { 200: Type.Object({ signedOut: Type.Literal(true) }), ...ErrorResponses },
      },
    },
    async (request) => {
      if (request.session.user !== undefined) await request.session.destroy();
      return { signedOut: true as const };
    },
  );

  app.post(
    '/api/link',
    {
      config: { access: 'open' },
      schema: {
        tags: ['people'],
        summary: 'What a one-time link is for; it stays unused',
        body: Type.Object({ code: Code }, strict),
        response: { 200: LinkSchema, ...ErrorResponses },
      },
    },
    async (request) => {
      const link = await tries(request, undefined, () => store.links.look(request.body.code, now()));
      const { purpose, expiresAt } = link;
      if (link.purpose === 'station') return { purpose, expiresAt, ...link.station };
      return {
        purpose,
        expiresAt,
        ...(link.purpose === 'password' ? { name: store.users.need(link.user).name } : {}),
      };
    },
  );

  app.post(
    '/api/link/use',
    {
      config: { access: 'open' },
      schema: {
        tags: ['people'],
        summary:
          'Use a one-time link: make the first manager, set a password, pair this browser as a station',
        body: Type.Object(
          {
            code: Code,
            name: Type.Optional(Type.String({ description: 'Of the first manager.' })),
            password: Type.Optional(Password),
          },
          strict,
        ),
        response: { 200: Used, ...ErrorResponses },
      },
    },
    async (request, reply) => {
      const { code, name, password } = request.body;
      const link = await tries(request, undefined, () => store.links.look(code, now()));
      const at = now().toISOString();
      if (link.purpose === 'station') {
        const secret = store.links.use(code, now(), () => store.stations.pair(link.station, link.madeBy, at));
        setStationCookie(reply, serve, secret);
        return { purpose: link.purpose, name: link.station.name };
      }
      const own = link.purpose === 'password' ? store.users.need(link.user).name : personName(name ?? '');
      if (password === undefined) throw new SemtagError('bad_request', 'password: one is needed');
      await checkPassword(password, own);
      const hash = await hashPassword(password);
      const user = store.links.use(code, now(), (used) => {
        if (used.purpose === 'password') {
          store.users.setPassword(used.user, hash, own, at);
          return store.users.need(used.user);
        }
        if (store.users.hasManager()) throw new SemtagError('link_void', 'there is a manager already');
        return store.users.add(own, 'manager', [], own, at, hash);
      });
      await enter(request, user.id, hash);
      return { purpose: link.purpose, name: user.name };
    },
  );

  app.post(
    '/api/password',
    {
      config: { access: 'known' },
      schema: {
        tags: ['people'],
        summary: 'Change the own password; other sessions of the person end',
        body: Type.Object({ old: Password, password: Password }, strict),
        response: { 200: SignedIn, ...ErrorResponses },
      },
    },
    async (request) => {
      const { body } = request;
      const caller = request.caller!;
      if (caller.how !== 'session')
        throw new SemtagError('forbidden', 'only who is signed in has a password');
      const name = caller.name!;
      // counted apart: who guesses at the door keeps nobody inside from it
      const kept = await tries(request, `change ${folded(name)}`, async () => {
        const kept = store.users.passwordOf(name);
        if (!(await isPassword(body.old, kept?.hash)))
          throw new SemtagError('wrong_password', 'the old password is another one');
        return kept!;
      });
      await checkPassword(body.password, name);
      const hash = await hashPassword(body.password);
      store.users.setPassword(kept.id, hash, name, now().toISOString(), kept.hash);
      await enter(request, kept.id, hash);
      return { name, role: caller.role };
    },
  );
}
