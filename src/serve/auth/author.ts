// Who an answer or a change is by: the account that sent it, or the name that came with it. The one place where a body's `by` is read.

import type { Caller } from '../../domain/access.ts';
import { SemtagError } from '../../errors.ts';

/** Throws bad_request where a name is needed, other_name where another one than the account's was sent. */
export function authorOf({ caller, body }: { caller: Caller | undefined; body: { by?: string } }): string {
  const { by } = body;
  const name = caller?.name;
  if (name === undefined) {
    if (by === undefined) throw new SemtagError('bad_request', 'by: a name is needed');
    return by;
  }
  if (by !== undefined && by.trim() !== name)
    throw new SemtagError('other_name', `by: ${by.slice(0, 80)}, but ${name} is signed in`);
  return name;
}
