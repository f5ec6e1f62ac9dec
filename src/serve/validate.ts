// Checks requests against their schemas. Words of a query or path become numbers and defaults; a body is taken as it was sent or refused.

import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import Value from 'typebox/value';
import { readable } from './refusal.ts';

export const validatorOf: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema);
  return (sent: unknown) => {
    const value = httpPart === 'body' ? sent : ofWords(schema, sent);
    return compiled.Check(value) ? { value } : { error: readable(schema, compiled.Errors(value), value) };
  };
};

const WHOLE = /^[-+]?\d+$/;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** Convert would also make 1 of `true` and 0 of `0.5`: what is not written as such a number is none. */
function ofWords(schema: TSchema, sent: unknown): unknown {
  const converted = Value.Convert(schema, Value.Default(schema, { ...(sent as object) })) as Record<
    string,
    unknown
  >;
  const { properties = {} } = schema as { properties?: Record<string, { type?: string }> };
  for (const [name, { type }] of Object.entries(properties)) {
    const word = (sent as Record<string, unknown> | undefined)?.[name];
    if (typeof word !== 'string') continue;
    if ((type === 'integer' && !WHOLE.test(word)) || (type === 'number' && !NUMBER.test(word)))
      converted[name] = word;
  }
  return converted;
}
