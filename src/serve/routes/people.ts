// /api/people: accounts, tokens of programs and paired stations, for managers. A secret is in the answer that made it and in no other.

import Type, { type Static } from 'typebox';
import { ROLES, type Role } from '../../domain/access.ts';
import type { App } from '../app.ts';
import { authorOf } from '../auth/author.ts';
import { people } from '../auth/people.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { addressElsewhere } from '../bind.ts';
import { By, Time } from '../schema.ts';

const strict = { additionalProperties: false };
const RoleSchema = Type.Unsafe<Role>({ type: 'string', enum: [...ROLES] });
const Projects = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
  maxItems: 100,
  description: 'Private projects that it sees.',
});
const Id = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) });
const Only = Type.Object({ by: By }, strict);
const Revoked = Type.Object({ revoked: Type.Boolean({ description: 'False: it was revoked already.' }) });

const UserSchema = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  role: RoleSchema,
  disabled: Type.Boolean(),
  hasPassword: Type.Boolean({ description: 'False: the first link has not been used yet.' }),
  projects: Projects,
});
const TokenSchema = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  role: RoleSchema,
  projects: Projects,
  madeAt: Time,
  madeBy: Type.String(),
  expiresAt: Type.Optional(Time),
  usedAt: Type.Optional({ ...Time, description: 'Last use, to an hour.' }),
});
const StationSchema = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  instruments: Type.Array(Type.String()),
  pairedAt: Time,
  pairedBy: Type.String(),
  usedAt: { ...Time, description: 'Last use, to an hour.' },
});
const CodeSchema = {
  code: Type.String({ description: 'Of the one-time link: `#/sign-in?link=CODE`. It cannot be read again.' }),
  expiresAt: Time,
};

const PeopleSchema = Type.Object({
  users: Type.Array(UserSchema),
  tokens: Type.Array(TokenSchema),
  stations: Type.Array(StationSchema),
  instruments: Type.Array(Type.String(), { description: 'Of the config: what a station can be limited to.' }),
  privateProjects: Type.Array(Type.String(), {
    description: 'Of the config: what somebody can be a member of.',
  }),
  address: Type.Optional(
    Type.String({ description: 'Where people on other machines open the pages; absent where the config does not say.' }), // prettier-ignore
  ),
});
export type PeopleView = Static<typeof PeopleSchema>;

const route = <const S extends object>(summary: string, schema: S) => ({
  config: { access: 'manage' } as const,
  schema: { tags: ['people'], summary, ...schema },
});

export function peopleRoutes(app: App, { store, config }: AppDeps): void {
  const instruments = config.instruments.map(({ name }) => name);
  const hands = people(store, instruments);
  const address = addressElsewhere(config.serve);

  app.get(
    '/api/people',
    route('Who is let in: accounts, tokens, stations', {
      response: { 200: PeopleSchema, ...ErrorResponses },
    }),
    () => ({
      ...hands.list(),
      instruments,
      privateProjects: store.projects.private(),
      ...(address === undefined ? {} : { address }),
    }),
  );

  app.post(
    '/api/people/users',
    route('Make an account; the answer has the code of the link that sets its password', {
      body: Type.Object(
        { name: Type.String(), role: RoleSchema, projects: Type.Optional(Projects), by: By },
        strict,
      ),
      response: { 200: Type.Object({ user: UserSchema, ...CodeSchema }), ...ErrorResponses },
    }),
    (request) => hands.addUser(request.body, authorOf(request)),
  );

  app.post(
    '/api/people/users/:id',
    route(
      'Change the role of an account or of which private projects it is a member, disable it or enable it again',
      {
        params: Id,
        body: Type.Object(
          {
            role: Type.Optional(RoleSchema),
            disabled: Type.Optional(Type.Boolean()),
            join: Type.Optional({
              ...Projects,
              description: 'Private projects of which the person becomes a member.',
            }),
            leave: Type.Optional({ ...Projects, description: 'Those of which it is a member no more.' }),
            by: By,
          },
          strict,
        ),
        response: { 200: Type.Object({ user: UserSchema }), ...ErrorResponses },
      },
    ),
    (request) => {
      const { role, disabled, join, leave } = request.body;
      const change = {
        ...(role ? { role } : {}),
        ...(disabled === undefined ? {} : { disabled }),
        ...(join ? { join } : {}),
        ...(leave ? { leave } : {}),
      };
      return hands.changeUser(request.params.id, change, authorOf(request));
    },
  );

  app.post(
    '/api/people/users/:id/link',
    route('A new link to set the password of an account; an older one is void', {
      params: Id,
      body: Only,
      response: { 200: Type.Object({ user: UserSchema, ...CodeSchema }), ...ErrorResponses },
    }),
    (request) => hands.passwordLink(request.params.id, authorOf(request)),
  );

  app.post(
    '/api/people/first-manager',
    route('A link that makes the first manager, while there is none', {
      body: Only,
      response: { 200: Type.Object(CodeSchema), ...ErrorResponses },
    }),
    (request) => hands.firstManagerLink(authorOf(request)),
  );

  app.post(
    '/api/people/tokens',
    route('Make a token for a program; the answer has its secret', {
      body: Type.Object(
        {
          name: Type.String(),
          role: RoleSchema,
          projects: Type.Optional(Projects),
          days: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 3650,
              description: 'How long it holds; else until it is revoked.',
            }),
          ),
          by: By,
        },
        strict,
      ),
      response: { 200: Type.Object({ token: TokenSchema, secret: Type.String() }), ...ErrorResponses },
    }),
    (request) => hands.addToken(request.body, authorOf(request)),
  );

  app.post(
    '/api/people/tokens/:id/revoke',
    route('Revoke a token', { params: Id, body: Only, response: { 200: Revoked, ...ErrorResponses } }),
    (request) => hands.revokeToken(request.params.id, authorOf(request)),
  );

  app.post(
    '/api/people/stations',
    route('Make the link that pairs the browser which opens it', {
      body: Type.Object(
        {
          name: Type.String(),
          instruments: Type.Array(Type.String(), { minItems: 1, maxItems: 100 }),
          by: By,
        },
        strict,
      ),
      response: { 200: Type.Object(CodeSchema), ...ErrorResponses },
    }),
    (request) => hands.pair(request.body, authorOf(request)),
  );

  app.post(
    '/api/people/stations/:id/revoke',
    route('Revoke a station', { params: Id, body: Only, response: { 200: Revoked, ...ErrorResponses } }),
    (request) => hands.revokeStation(request.params.id, authorOf(request)),
  );
}
