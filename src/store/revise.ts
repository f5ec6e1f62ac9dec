// revise(): the one function that makes the next revision of an image's record; and what follows from answers, corrections and newer versions.

import type { Corrections, Facts } from '../domain/facts.ts';
import { correctedFacts, headerFacts, joinFacts } from '../domain/facts.ts';
import type { InstrumentHeader } from '../domain/header.ts';
import type { Label } from '../domain/label.ts';
import type { ImageState } from '../domain/states.ts';
import { SemtagError } from '../errors.ts';
import { history } from './history.ts';
import type { Db } from './open.ts';
import { transitions } from './transition.ts';

type Held = {
  state: ImageState;
  revision: number;
  label_id: number | null;
  prompt_version: number;
  facts: string;
  name: string;
};

export function revisions(db: Db) {
  const transition = transitions(db);
  const lines = history(db);
  const insertLabel = db.prepare(
    'INSERT INTO label (sha256, kind, category, second, basis, by, at, note) VALUES (@sha256, @kind, @category, @second, @basis, @by, @at, @note)',
  );

  function held(sha256: string): Held {
    const row = db
      .prepare('SELECT state, revision, label_id, prompt_version, facts, name FROM image WHERE sha256 = ?')
      .get(sha256);
    if (!row) throw new SemtagError('not_found', `image ${sha256}`);
    return row as Held;
  }

  /** Makes the next revision of an image that has been tagged: back to labelled, older deliveries that are still owed are superseded. */
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
    const owed = db
      .prepare("SELECT id FROM delivery WHERE sha256 = ? AND state = 'owed'")
      .pluck()
      .all(sha256) as number[];
    for (const id of owed)
      transition({ subject: 'delivery', key: id, to: 'superseded', at, who, what: cause });
  }

  function addLabel(sha256: string, label: Label): number {
    const row = { sha256, kind: label.kind, category: label.category ?? null, second: label.second ?? null };
    const { lastInsertRowid } = insertLabel.run({
      ...row,
      basis: label.basis,
      by: label.by,
      at: label.at,
      note: label.note ?? null,
    });
    return Number(lastInsertRowid);
  }

  const published = (state: ImageState) => state === 'tagged' || state === 'forwarded';

  return {
    addLabel,

    /**
     * A person's answer or correction. With `promptVersion` only if the question is still the one that was shown.
     * Before tagging it replaces the label; afterwards it makes the next revision.
     */
    label(sha256: string, label: Label, promptVersion?: number): void {
      db.transaction(() => {
        const image = held(sha256);
        if (
          promptVersion !== undefined &&
          (image.state !== 'asked' || image.prompt_version !== promptVersion)
        )
          throw new SemtagError('stale_prompt', `${image.name} is ${image.state} now`);
        if (image.state === 'settled' || image.state === 'read' || image.state === 'quarantined')
          throw new SemtagError(
            'wrong_state',
            `${image.name} is ${image.state}; it can be labelled once it was classified`,
          );
        const label_id = addLabel(sha256, label);
        const set = { label_id, prompt_version: image.prompt_version + 1 };
        const what = `Labelled ${label.category ?? label.kind}`;
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

    /** What was tagged is gone before every target had it: the next revision is built from the acquired bytes. */
    rebuild(sha256: string, cause: string, at: string): void {
      db.transaction(() => {
        if (held(sha256).state === 'tagged') revise(sha256, cause, 'semtag', at);
      }).immediate();
    },

    /** Operator, project or sample corrected by a person; the origin becomes `operator NAME`. Null clears one. */
    correctFacts(sha256s: string[], corrections: Corrections, who: string, at: string): void {
      db.transaction(() => {
        for (const sha256 of sha256s) {
          const image = held(sha256);
          const joined = JSON.stringify(correctedFacts(JSON.parse(image.facts) as Facts, corrections));
          if (joined === image.facts) continue;
          if (published(image.state)) revise(sha256, 'facts corrected', who, at);
          db.prepare('UPDATE image SET facts = ? WHERE sha256 = ?').run(joined, sha256);
          lines.add({ at, subject: 'image', key: sha256, who, what: 'Facts corrected', detail: corrections });
        }
      }).immediate();
    },

    /** A vendor sidecar that came after its image: header and record follow, the scores stay. */
    lateSidecar(
      sha256: string,
      sidecar: { name: string; bytes: Buffer },
      header: InstrumentHeader,
      at: string,
    ): void {
      db.transaction(() => {
        const image = held(sha256);
        db.prepare('INSERT OR REPLACE INTO sidecar (sha256, name, bytes) VALUES (?, ?, ?)').run(
          sha256,
          sidecar.name,
          sidecar.bytes,
        );
        if (published(image.state)) revise(sha256, 'sidecar arrived', 'semtag', at);
        if (image.state !== 'settled')
          db.prepare('UPDATE image SET header = ?, facts = ? WHERE sha256 = ?').run(
            JSON.stringify(header),
            JSON.stringify(joinFacts(JSON.parse(image.facts) as Facts, headerFacts(header))),
            sha256,
          );
        lines.add({
          at,
          subject: 'image',
          key: sha256,
          who: 'semtag',
          what: `The sidecar ${sidecar.name} arrived`,
        });
      }).immediate();
    },

    /** A file has its bytes again, as when somebody brought an older version back. Joins the caller's transaction. */
    currentAgain(sha256: string, at: string): void {
      const what = 'A file has these bytes again: no newer version any more';
      const image = held(sha256);
      db.prepare('UPDATE image SET superseded_by = NULL WHERE sha256 = ?').run(sha256);
      if (published(image.state)) revise(sha256, 'the newest version of the file again', 'semtag', at);
      else lines.add({ at, subject: 'image', key: sha256, who: 'semtag', what });
      const basis = db.prepare('SELECT label_basis FROM image WHERE sha256 = ?').pluck().get(sha256);
      if (basis !== 'superseded' || image.state === 'quarantined') return;
      // nobody was asked while there was a newer one
      const set = { label_id: null, prompt_version: image.prompt_version + 1 };
      transition({ subject: 'image', key: sha256, to: 'asked', at, who: 'semtag', what, set });
    },

    /** A newer version of its file settled. Joins the caller's transaction. */
    superseded(sha256: string, by: string, at: string): void {
      const image = held(sha256);
      db.prepare('UPDATE image SET superseded_by = ? WHERE sha256 = ?').run(by, sha256);
      if (published(image.state)) revise(sha256, 'superseded by a newer version of the file', 'semtag', at);
      else if (image.state === 'asked') {
        const label_id = addLabel(sha256, { kind: 'unlabelled', basis: 'superseded', by: 'semtag', at });
        const set = { label_id, prompt_version: image.prompt_version + 1 };
        transition({
          subject: 'image',
          key: sha256,
          to: 'labelled',
          at,
          who: 'semtag',
          what: 'A newer version of the file settled',
          set,
        });
      } else
        lines.add({
          at,
          subject: 'image',
          key: sha256,
          who: 'semtag',
          what: 'A newer version of the file settled',
        });
    },
  };
}
