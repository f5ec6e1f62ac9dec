// Gives an image a label and takes it back: the row of the label, the state, the revision that it makes, the blind check that it answers or closes. Who teaches and what goes along is decided elsewhere.

import type { Label } from '../domain/label.ts';
import { checkUndo } from './check-undo.ts';
import { history } from './history.ts';
import type { Db } from './open.ts';
import { published, revising } from './revise.ts';
import { transitions } from './transition.ts';

export function labelRows(db: Db) {
  const transition = transitions(db);
  const lines = history(db);
  const { held, revise } = revising(db);
  const insert = db.prepare(
    `INSERT INTO label (sha256, kind, category, second, basis, by, at, note, teaches, because, lead, checked)
     VALUES (@sha256, @kind, @category, @second, @basis, @by, @at, @note, @teaches, @because, @lead, @checked)`,
  );
  const put = db.prepare(
    `UPDATE image SET label_id = @label_id, prompt_version = @prompt_version, changed_at = @at, doubt = NULL,
       blind_check = iif(@checked IS NULL, NULL, blind_check) WHERE sha256 = @sha256`,
  );
  const askLater = db.prepare(
    `UPDATE image SET label_id = NULL, prompt_version = prompt_version + 1, resume = 'asked', blind_check = NULL WHERE sha256 = ?`,
  );
  const ofLabel = db.prepare('SELECT sha256 FROM label WHERE id = ?').pluck();
  const restored = checkUndo(db);
  const withdraw = db.prepare('UPDATE label SET withdrawn_at = ?, withdrawn_by = ? WHERE id = ?');

  /** `lead`: the answer to another image that it is given together with; `checked`: the automatic label that it answers blind. */
  function addLabel(sha256: string, label: Label, lead?: number, checked?: number): number {
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
      checked: checked ?? null,
    });
    return Number(lastInsertRowid);
  }

  /** Joins the caller's transaction. An image that waits is labelled, one that has a label gets this one, with a revision where it was tagged. Without `checked` a blind check of it is void. */
  function give(sha256: string, label: Label, what: string, lead?: number, checked?: number): number {
    const names = lead === undefined ? {} : { names: { images: [ofLabel.get(lead) as string] } };
    const { state, prompt_version } = held(sha256);
    const label_id = addLabel(sha256, label, lead, checked);
    const line = {
      subject: 'image',
      key: sha256,
      at: label.at,
      who: label.by,
      what,
      detail: label,
      ...names,
    } as const;
    const version = prompt_version + 1;
    if (state === 'asked') {
      transition({ ...line, to: 'labelled', set: { label_id, prompt_version: version, doubt: null } });
      return label_id;
    }
    if (published(state)) revise(sha256, 'relabelled', label.by, label.at);
    put.run({ label_id, prompt_version: version, at: label.at, checked: checked ?? null, sha256 });
    lines.add(line);
    return label_id;
  }

  /**
   * Joins the caller's transaction. The image is asked again, one that is aside once it is retried; after a blind check it has the label by
   * itself again, and the check waits. What was tagged gets its next revision. `lead`: the image that `what` names.
   */
  function takeBack(sha256: string, who: string, at: string, what: string, lead?: string): void {
    const { state, label_id, prompt_version } = held(sha256);
    if (published(state)) revise(sha256, 'answer taken back', who, at);
    withdraw.run(at, who, label_id);
    const names = lead === undefined ? {} : { names: { images: [lead] } };
    if (state === 'quarantined') {
      askLater.run(sha256);
      lines.add({ at, subject: 'image', key: sha256, who, what, ...names });
      return;
    }
    if (restored(sha256, who, at)) return;
    const set = { label_id: null, prompt_version: prompt_version + 1, blind_check: null };
    transition({ subject: 'image', key: sha256, to: 'asked', at, who, what, set, ...names });
  }

  return { addLabel, give, takeBack };
}
