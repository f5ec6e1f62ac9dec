// The cursor of lists of images: where the last one stood, opaque to callers. New images never move what comes after it.

import { SemtagError } from '../errors.ts';

export type Position = { settledAt: string; sha256: string } | { number: number };

export function toCursor(position: Position): string {
  const text =
    'number' in position ? `number ${position.number}` : `${position.settledAt} ${position.sha256}`;
  return Buffer.from(text).toString('base64url');
}

/** Throws bad_request for anything that toCursor did not make. */
export function fromCursor(cursor: string): Position {
  const text = Buffer.from(cursor, 'base64url').toString();
  const number = /^number (\d{1,16})$/.exec(text)?.[1];
  const [, settledAt, sha256] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f]{64})$/.exec(text) ?? [];
  const position =
    number !== undefined
      ? { number: Number(number) }
      : settledAt && sha256
        ? { settledAt, sha256 }
        : undefined;
  // what is no base64url, or has zeros before a number, is read all the same
  if (!position || toCursor(position) !== cursor)
    throw new SemtagError('bad_request', 'cursor: take it from `next` of the list before');
  return position;
}
