// Checks requests against their schemas. Words of a query or path become numbers and defaults; a body is taken as it was sent or refused.

import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import Value from 'typebox/value';

export const validatorOf: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema);
  return (sent: unknown) => {
    const value = httpPart === 'body' ? sent : Value.Convert(schema, Value.Default(schema, sent));
    return compiled.Check(value) ? { value } : { error: compiled.Errors(value) };
  };
};
