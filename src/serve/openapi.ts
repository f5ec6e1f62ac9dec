// The OpenAPI document: what the routes say of themselves, with who may call each. Describes; decides nothing.

import type { SwaggerOptions } from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import type { Access } from '../domain/access.ts';

const TAGS = [
  { name: 'images', description: 'Reading: people and programs of the facility' },
  { name: 'answers', description: 'What operators do' },
  { name: 'manage', description: 'What facility managers do' },
  { name: 'people', description: 'Signing in; accounts, tokens and stations' },
  {
    name: 'public',
    description: 'What is public: landing pages, records, search; without a token where the config says so',
  },
  { name: 'service', description: 'State of the service' },
];

const DESCRIPTION = `Images of scanning electron microscopes: what they show, who says so, where they are.

Every error has the same body: code, message, hint and requestId. Bodies are taken as they are sent or refused: a number in quotes is not a number.
What is named by a SHA-256 that the caller does not see is answered as what does not exist.`;

/** What it takes to be let in, beside being on this machine where the config lets such callers in. */
const SECURITY_SCHEMES = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'semtag-session',
    description:
      'Signed in at the page; over TLS its name begins with __Host-. It ends serve.idle after the last request with the header x-in-use, by which the page says that somebody was there.',
  },
  station: {
    type: 'apiKey',
    in: 'cookie',
    name: 'semtag-station',
    description: 'A browser that was paired; over TLS its name begins with __Host-.',
  },
  csrf: { type: 'apiKey', in: 'header', name: 'x-csrf-token', description: 'With a cookie, for all that writes; GET /api/me tells it.' }, // prettier-ignore
  bearer: { type: 'http', scheme: 'bearer', description: 'A token that a manager made.' },
} as const;

const READING = new Set(['GET', 'HEAD']);

function securityOf(access: Access | undefined, method: string): Record<string, string[]>[] {
  if (access === 'open') return [];
  const page = READING.has(method) ? {} : { csrf: [] };
  const managers = [{ session: [], ...page }, { bearer: [] }];
  // stations, and {}: this machine where the config lets it in, answer as operators
  return access === 'manage' ? managers : [...managers, { station: [], ...page }, {}];
}

type Query = { properties?: Record<string, { default?: unknown }>; required?: string[] };

/** What has a default may be left out. */
function optionalDefaults({ required = [], ...rest }: Query): Query {
  return { ...rest, required: required.filter((name) => rest.properties?.[name]?.default === undefined) };
}

export function openapiOf(version: string): SwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'semtag', version, description: DESCRIPTION },
      tags: TAGS,
      components: { securitySchemes: SECURITY_SCHEMES },
    },
    transform: ({ schema, url, route }) => {
      const { access } = route.config ?? {};
      const method = String([route.method].flat()[0]);
      const given = { ...(schema as FastifySchema & { hide?: boolean }) };
      if (given.querystring) given.querystring = optionalDefaults(given.querystring);
      const said = given.hide ? {} : { 'x-access': access, security: securityOf(access, method) };
      return { schema: { ...given, ...said }, url };
    },
  };
}
