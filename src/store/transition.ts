// transition(): the one function that moves a file, an image or a delivery from state to state, with its history line (R5).

import { isAllowed, type Subject } from '../domain/states.ts';
import { SemtagError } from '../errors.ts';
import { history, type Names } from './history.ts';
import type { Db } from './open.ts';
import { statements } from './statements.ts';

export type Transition = {
  subject: Subject;
  /** file id, image SHA-256 or delivery id */
  key: string | number;
  to: string;
  at: string;
  who: string;
  what: string;
  detail?: unknown;
  names?: Names;
  /** further columns of the row, written in the same statement */
  set?: Record<string, string | number | Buffer | null>;
};

const KEY = { file: 'id', image: 'sha256', delivery: 'id' } as const;

/** Returns a function that joins the caller's transaction. A pair that is not in the table of transitions is refused, here and by the trigger. */
export function transitions(db: Db) {
  const lines = history(db);
  const statement = statements(db);
  return function transition(move: Transition): void {
    const { subject, key, to, at } = move;
    const from = (
      statement(`SELECT state FROM ${subject} WHERE ${KEY[subject]} = ?`).get(key) as
        { state: string } | undefined
    )?.state;
    if (from === undefined) throw new SemtagError('not_found', `${subject} ${key}`);
    if (!isAllowed(subject, from, to))
      throw new SemtagError('wrong_state', `${subject} ${key}: ${from} -> ${to}`);
    const set: Record<string, unknown> = {
      ...move.set,
      state: to,
      ...(subject === 'image' ? { changed_at: at } : {}),
    };
    const columns = Object.keys(set).map((c) => `${c} = @${c}`);
    statement(`UPDATE ${subject} SET ${columns.join(', ')} WHERE ${KEY[subject]} = @_key`).run({
      ...set,
      _key: key,
    });
    const line = { at, subject, key: String(key), from, to, who: move.who, what: move.what };
    const { detail, names } = move;
    lines.add({ ...line, ...(detail === undefined ? {} : { detail }), ...(names ? { names } : {}) });
  };
}
