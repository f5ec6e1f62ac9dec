// Gives an image a label and takes it back: the row of the label, the state, the revision that it makes. Who teaches and what goes along is decided elsewhere.

import type { Label } from '../domain/label.ts';
import { history } from './history.ts';
import type { Db } from './open.ts';
import { published, revising } from './revise.ts';
import { transitions } from './transition.ts';

export function labelRows(db: Db) {
  const transition = transitions(db);
  const lines = history(db);
  const { held, revise } = revising(db);
  const insert = db.prepare(
    `INSERT INTO label (sha256, kind, category, second, basis, by, at, note, teaches, because, lead)
     VALUES (@sha256, @kind, @category, @second, @basis, @by, @at, @note, @teaches, @because, @lead)`,
  );
  const put = db.prepare(
    'UPDATE image SET label_id = ?, prompt_version = ?, changed_at = ?, doubt = NULL WHERE sha256 = ?',
  );
  const askLater = db.prepare(
    `UPDATE image SET label_id = NULL, prompt_version = prompt_version + 1, resume = 'asked' WHERE sha256 = ?`,
  );
  const withdraw = db.prepare('UPDATE label SET withdrawn_at = ?, withdrawn_by = ? WHERE id = ?');

  /** `lead`: the answer to another image that it is given together with. */
  function addLabel(sha256: string, label: Label, lead?: number): number {
    const row = { sha256, kind: label.kind, category: label.category ?? null, second: label.second ?? null };
    const { lastInsertRowid } = insert.run({
      ...row,
      basis: label.basis,
      by: label.by,
      at: label.at,
      note: label.note ?? null,
      teaches: label.teaches === false ? 0 : 1,
      because: label.because ? JSON.stringify(label.because) : null,
      lead: lead ?? null,
    });
    return Number(lastInsertRowid);
  }

  /** Joins the caller's transaction. An image that waits is labelled, one that has a label gets this one, with a revision where it was tagged. */
  function give(sha256: string, label: Label, what: string, lead?: number): number {
    const { state, prompt_version } = held(sha256);
    const label_id = addLabel(sha256, label, lead);
    const line = {
      subject: 'image',
      key: sha256,
      at: label.at,
      who: label.by,
      what,
      detail: label,
    } as const;
    const version = prompt_version + 1;
    if (state === 'asked') {
      transition({ ...line, to: 'labelled', set: { label_id, prompt_version: version, doubt: null } });
      return label_id;
    }
    if (published(state)) revise(sha256, 'relabelled', label.by, label.at);
    put.run(label_id, version, label.at, sha256);
    lines.add(line);
    return label_id;
  }

  /** Joins the caller's transaction. The image is asked again, one that is aside once it is retried; what was tagged gets its next revision. */
  function takeBack(sha256: string, who: string, at: string, what: string): void {
    const { state, label_id, prompt_version } = held(sha256);
    if (published(state)) revise(sha256, 'answer taken back', who, at);
    withdraw.run(at, who, label_id);
    if (state === 'quarantined') {
      askLater.run(sha256);
      lines.add({ at, subject: 'image', key: sha256, who, what });
      return;
    }
    const set = { label_id: null, prompt_version: prompt_version + 1 };
    transition({ subject: 'image', key: sha256, to: 'asked', at, who, what, set });
  }

  return { addLabel, give, takeBack };
}
