// What people say about an image: answers, corrections of a label, answers taken back. Old labels stay.

import type { Category } from '../domain/categories.ts';
import type { Label } from '../domain/label.ts';
import type { Scores } from '../domain/scores.ts';
import { lessonWeight } from '../domain/teaching.ts';
import { SemtagError } from '../errors.ts';
import { history } from './history.ts';
import { lessons } from './lessons.ts';
import type { Db } from './open.ts';
import { published, revising } from './revise.ts';
import { transitions } from './transition.ts';

export function labels(db: Db) {
  const transition = transitions(db);
  const lines = history(db);
  const { held, revise } = revising(db);
  const log = lessons(db);
  const seenAs = db.prepare('SELECT series, scores FROM image WHERE sha256 = ?');
  const undoubted = db.prepare('UPDATE image SET doubt = NULL WHERE sha256 = ?');
  const insertLabel = db.prepare(
    `INSERT INTO label (sha256, kind, category, second, basis, by, at, note, teaches, because)
     VALUES (@sha256, @kind, @category, @second, @basis, @by, @at, @note, @teaches, @because)`,
  );

  function addLabel(sha256: string, label: Label): number {
    const row = { sha256, kind: label.kind, category: label.category ?? null, second: label.second ?? null };
    const { lastInsertRowid } = insertLabel.run({
      ...row,
      basis: label.basis,
      by: label.by,
      at: label.at,
      note: label.note ?? null,
      teaches: label.teaches === false ? 0 : 1,
      because: label.because ? JSON.stringify(label.because) : null,
    });
    return Number(lastInsertRowid);
  }

  /** An image that was never classified (no bottlenecks, no series) has nothing to teach with. */
  function teach(sha256: string, label: number, category: Category, at: string): void {
    const { series, scores } = seenAs.get(sha256) as { series: number | null; scores: string | null };
    if (series === null || scores === null) return;
    const weight = lessonWeight((JSON.parse(scores) as Scores)[category]);
    log.learn({ label, sha256, series, category, weight, at });
  }

  return {
    addLabel,

    /**
     * A person's answer or correction. With `promptVersion` only if the question is still the one that was shown, be it one that waits or the
     * blind check of an automatic label: every label, and every one taken back, counts the version up.
     * Before tagging it replaces the label; afterwards it makes the next revision. `teaches`: other images may learn from it; what this image
     * taught before is unlearned in any case.
     */
    label(sha256: string, label: Label, promptVersion?: number, teaches = false): void {
      db.transaction(() => {
        const image = held(sha256);
        if (
          promptVersion !== undefined &&
          (!(image.state === 'asked' || image.to_check === 1) || image.prompt_version !== promptVersion)
        )
          throw new SemtagError('stale_prompt', `${image.name} is ${image.state} now`);
        if (image.state === 'settled' || image.state === 'read' || image.state === 'quarantined')
          throw new SemtagError(
            'wrong_state',
            `${image.name} is ${image.state}; it can be labelled once it was classified`,
          );
        const label_id = addLabel(sha256, label);
        log.unlearn(sha256, label.at);
        if (teaches && label.category) teach(sha256, label_id, label.category, label.at);
        undoubted.run(sha256);
        const set = { label_id, prompt_version: image.prompt_version + 1 };
        const unlearned = label.teaches === false ? '; nothing is learned from it' : '';
        const what = `Labelled ${label.category ?? label.kind}${unlearned}`;
        if (image.state === 'asked')
          transition({
            subject: 'image',
            key: sha256,
            to: 'labelled',
            at: label.at,
            who: label.by,
            what,
            detail: label,
            set,
          });
        else {
          if (published(image.state)) revise(sha256, 'relabelled', label.by, label.at);
          db.prepare(
            'UPDATE image SET label_id = ?, prompt_version = ?, changed_at = ? WHERE sha256 = ?',
          ).run(label_id, set.prompt_version, label.at, sha256);
          lines.add({ at: label.at, subject: 'image', key: sha256, who: label.by, what, detail: label });
        }
      }).immediate();
    },

    /** Takes a person's answer back: the image is asked again, also when it was tagged meanwhile. */
    undo(sha256: string, who: string, at: string): void {
      db.transaction(() => {
        const image = held(sha256);
        const basis = db.prepare('SELECT basis FROM label WHERE id = ?').pluck().get(image.label_id) as
          string | undefined;
        if (basis !== 'answer' || !(image.state === 'labelled' || published(image.state)))
          throw new SemtagError('nothing_to_undo', `${image.name} has no answer that can be taken back`);
        if (published(image.state)) revise(sha256, 'answer taken back', who, at);
        log.unlearn(sha256, at);
        db.prepare('UPDATE label SET withdrawn_at = ?, withdrawn_by = ? WHERE id = ?').run(
          at,
          who,
          image.label_id,
        );
        const set = { label_id: null, prompt_version: image.prompt_version + 1 };
        transition({
          subject: 'image',
          key: sha256,
          to: 'asked',
          at,
          who,
          what: 'The answer was taken back',
          set,
        });
      }).immediate();
    },
  };
}
