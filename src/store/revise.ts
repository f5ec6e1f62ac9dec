// revise(): the one function that makes the next revision of an image's record. What calls for one is in labels, corrections and versions.

import type { ImageState } from '../domain/states.ts';
import { SemtagError } from '../errors.ts';
import type { Db } from './open.ts';
import { transitions } from './transition.ts';

type Held = {
  state: ImageState;
  revision: number;
  label_id: number | null;
  /** of the label in force */
  category: string | null;
  prompt_version: number;
  /** 1: its automatic label is to be checked by a person */
  to_check: 0 | 1;
  facts: string;
  name: string;
};

/** A target holds it or is owed it: a change needs the next revision. */
export const published = (state: ImageState) => state === 'tagged' || state === 'forwarded';

export function revising(db: Db) {
  const transition = transitions(db);
  const select = db.prepare(
    `SELECT state, revision, label_id, label_category AS category, prompt_version, blind_check IS NOT NULL AND label_basis IS 'auto' AS to_check,
       facts, name FROM image WHERE sha256 = ?`,
  );
  const openOf = db
    .prepare("SELECT id FROM delivery WHERE sha256 = ? AND state IN ('owed', 'withheld')")
    .pluck();

  /** The image as it is now; throws not_found. */
  function held(sha256: string): Held {
    const row = select.get(sha256);
    if (!row) throw new SemtagError('not_found', `image ${sha256}`);
    return row as Held;
  }

  /** Joins the caller's transaction. Makes the next revision of an image that has been tagged: back to labelled, older deliveries that are still owed or withheld are superseded. */
  function revise(sha256: string, cause: string, who: string, at: string): void {
    const { revision } = held(sha256);
    transition({
      subject: 'image',
      key: sha256,
      to: 'labelled',
      at,
      who,
      what: `Revision ${revision + 1}: ${cause}`,
      set: { revision: revision + 1, cause },
    });
    for (const id of openOf.all(sha256) as number[])
      transition({ subject: 'delivery', key: id, to: 'superseded', at, who, what: cause });
  }

  /** What was tagged is gone before every target had it: the next revision is built from the acquired bytes. */
  function rebuild(sha256: string, cause: string, at: string): void {
    db.transaction(() => {
      if (held(sha256).state === 'tagged') revise(sha256, cause, 'semtag', at);
    }).immediate();
  }

  return { held, revise, rebuild };
}
