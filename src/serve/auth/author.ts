// Who an answer or a change is by: the account that sent it, or the name that came with it. The one place where a body's `by` is read, and where it is said which names are whose.

import type { Caller } from '../../domain/access.ts';
import { drawn } from '../../domain/person.ts';
import { SemtagError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';

type Users = Pick<Store['users'], 'named' | 'managers'>;
type Sender = Caller | undefined;

/** Throws bad_request where a name is needed, other_name where another one than the account's was sent. */
export function authorOf({ caller, body }: { caller: Sender; body: { by?: string } }): string {
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

/** The name of a manager's account, or one that looks like it, is taken by that account alone, or by who can write the database anyway. Throws forbidden. */
export function refuseManagersName(users: Users, caller: Sender, field: string, name: string): void {
  if (caller?.how === 'files') return;
  const [account, looks] = [users.named(name), drawn(name)];
  if (account && account.name === caller?.name) return;
  const manager = users.managers().find((one) => drawn(one) === looks);
  if (manager !== undefined && manager !== caller?.name) throw notYours(field, manager, 'a manager');
}

/**
 * Answers under one name are given to another: a manager may do that; who else is signed in, from and to the own name and names that are no
 * account; who is not, where neither is a manager's. Throws forbidden.
 */
export function refuseMove(users: Users, caller: Sender, names: { from: string; to: string }): void {
  refuseManagersName(users, caller, 'to', names.to);
  if (caller?.role === 'manager') return;
  for (const field of ['from', 'to'] as const) {
    refuseManagersName(users, caller, field, names[field]);
    const account = users.named(names[field]);
    if (account && caller?.name !== undefined && account.name !== caller.name)
      throw notYours(field, account.name, 'somebody else');
  }
}

const notYours = (field: string, name: string, whose: string): SemtagError =>
  new SemtagError('forbidden', `${field}: ${name} is the account of ${whose}`, {
    advice: `Sign in as ${name}, or pick another name.`,
  });
