// Finds what a request asks for among what is public, or says why there is nothing: never given (404), withdrawn (410), paused (503). Of what was never public nothing can be told from the answer.

import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { SemtagError } from '../../errors.ts';
import type { Given, Givens } from '../../harvest/given.ts';

/** With the form of the identifier, so that endings behind it are told apart. */
export const RECORD = '/records/:uuid(^[0-9a-fA-F-]{36}$)';

export const RecordParams = Type.Object({
  uuid: Type.String({
    pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
    description: 'Of the identifier of the record, `urn:uuid:UUID`.',
  }),
});

/** Until somebody ends the pause; nobody knows when. */
export const RETRY_S = 3600;

export function needGiven(givens: Givens, reply: FastifyReply, uuid: string, revision?: number): Given {
  const found = givens.get(`urn:uuid:${uuid.toLowerCase()}`, revision);
  if (found === 'paused') throw paused(reply);
  if (found === 'gone') throw new SemtagError('withdrawn', `urn:uuid:${uuid}`);
  if (!found) throw new SemtagError('not_found', `urn:uuid:${uuid}${revision === undefined ? '' : `, revision ${revision}`}`); // prettier-ignore
  return found;
}

/** Before whatever lists: an empty list would say that there is nothing. Throws harvest_paused. */
export function needGoing(givens: Givens, reply: FastifyReply): void {
  if (givens.pausedSince() !== undefined) throw paused(reply);
}

function paused(reply: FastifyReply): SemtagError {
  void reply.header('retry-after', RETRY_S);
  return new SemtagError('harvest_paused', 'ask again later');
}
