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
  if (number !== undefined) return { number: Number(number) };
  const match = /^(\S+) ([0-9a-f]{64})$/.exec(text);
  if (!match) throw new SemtagError('bad_request', 'cursor: take it from `next` of the list before');
  return { settledAt: match[1]!, sha256: match[2]! };
}
