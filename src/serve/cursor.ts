// The cursor of lists of images: where the last one stood, opaque to callers. New images never move what comes after it.

import { SemtagError } from '../errors.ts';

export type Position = { settledAt: string; sha256: string };

export function toCursor({ settledAt, sha256 }: Position): string {
  return Buffer.from(`${settledAt} ${sha256}`).toString('base64url');
}

/** Throws bad_request for anything that toCursor did not make. */
export function fromCursor(cursor: string): Position {
  const match = /^(\S+) ([0-9a-f]{64})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match) throw new SemtagError('bad_request', 'cursor: take it from `next` of the list before');
  return { settledAt: match[1]!, sha256: match[2]! };
}
