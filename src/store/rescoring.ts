// What answers change for other images: the commits of new scores. Who is to be scored again is found in stale.ts. Never touches what a person said.

import type { Checking } from '../domain/blind-check.ts';
import type { Category } from '../domain/categories.ts';
import type { Decision } from '../domain/decision.ts';
import type { Label } from '../domain/label.ts';
import type { Scores } from '../domain/scores.ts';
import type { ImageState } from '../domain/states.ts';
import { becauseWords, type Taught } from '../domain/teaching.ts';
import type { ModelReference } from '../record/record.ts';
import { checks } from './checks.ts';
import { history } from './history.ts';
import type { Doubt } from './images.ts';
import { labels } from './labels.ts';
import type { Db } from './open.ts';
import { published, revising } from './revise.ts';
import { stale, type Stale } from './stale.ts';
import { transitions } from './transition.ts';

/** What a new score says of an image. */
export type Rescored = {
  image: Pick<Stale, 'sha256' | 'series' | 'promptVersion'>;
  scores: Scores;
  category: Category;
  score: number;
  decision: Decision;
  thresholdsVersion: number;
  model: ModelReference;
  taught?: Taught;
  lesson: number;
  label?: Label;
  /** the label in force names its answers so from now on */
  onto?: Taught;
  /** how that label is chosen to be checked */
  checking?: Checking;
};

export function rescoring(db: Db) {
  const transition = transitions(db);
  const lines = history(db);
  const { addLabel } = labels(db);
  const { chosen } = checks(db);
  const { held, revise } = revising(db);
  const rest = db.prepare('UPDATE image SET lesson = -1 WHERE sha256 = ?');
  const rouse = [
    db.prepare('UPDATE image INDEXED BY image_resting SET lesson = 0 WHERE lesson = -1'),
    db.prepare(
      `UPDATE image INDEXED BY image_without SET lesson = 0 WHERE taught ->> '$.without' IS NOT NULL`,
    ),
  ];
  const unknowing = db.prepare(`UPDATE image SET lesson = 0 WHERE state = 'asked'`);
  const restOn = db.prepare(
    'UPDATE label SET because = ? WHERE id = (SELECT label_id FROM image WHERE sha256 = ?)',
  );
  // for the trigger: the place in the log that it rests on is another one
  const sameLabel = db.prepare('UPDATE image SET label_id = label_id WHERE sha256 = ?');
  const doubtOf = db.prepare(
    `SELECT doubt ->> '$.category' AS category FROM image WHERE sha256 = ? AND series = ? AND label_basis = 'auto' AND doubt ->> '$.part' IS NULL`,
  );
  const doubted = db.prepare(`UPDATE image SET doubt = ? WHERE sha256 = ? AND label_basis = 'auto'`);
  const withdraw = db.prepare('UPDATE label SET withdrawn_at = ?, withdrawn_by = ? WHERE id = ?');
  const scored = `UPDATE image SET scores = @scores, category = @category, score = @score, decision = @decision, model = @model,
    thresholds_version = @thresholds_version, taught = @taught, lesson = @lesson`;
  const refresh = db.prepare(`${scored} WHERE sha256 = @sha256`);
  // what a later blind check of the label is counted by
  const keepRouting = db.prepare(
    `UPDATE label SET routed = (SELECT json_object('scores', json(scores), 'head', model ->> '$.head', 'version', thresholds_version)
         FROM image WHERE image.sha256 = label.sha256)
       WHERE id = (SELECT label_id FROM image WHERE sha256 = ?) AND basis = 'auto' AND routed IS NULL`,
  );
  const renew = db.prepare(
    `UPDATE image SET doubt = NULL, blind_check = @blind_check, label_id = @label_id, prompt_version = @prompt_version, changed_at = @at
     WHERE sha256 = @sha256`,
  );
  const asFound = db
    .prepare('SELECT state FROM image WHERE sha256 = ? AND prompt_version = ? AND series = ?')
    .pluck();

  /** Its state, if nobody answered it, took an answer back or corrected its series since it was found. */
  const unchanged = ({ sha256, promptVersion, series }: Rescored['image']) =>
    asFound.get(sha256, promptVersion, series) as ImageState | undefined;

  return {
    ...stale(db),

    /** They have no bottlenecks to be scored with, and their scores rest until those are there (`rouse`); a label that stands on answers which went along names them. */
    passOver(images: (Pick<Stale, 'sha256' | 'series' | 'promptVersion'> & { onto?: Taught })[]): void {
      db.transaction(() => {
        for (const image of images) {
          if (image.onto && unchanged(image)) standOn(image.sha256, image.onto);
          rest.run(image.sha256);
        }
      }).immediate();
    },

    /** Bottlenecks may be there now: what rested, and what was scored without some answers for want of theirs, is found again; with `asked` so is all that waits. */
    rouse(asked: boolean): void {
      db.transaction(() => {
        for (const statement of asked ? [...rouse, unknowing] : rouse) statement.run();
      }).immediate();
    },

    /** New scores of images that wait; those with a label go on. What changed meanwhile is left for the next round. One transaction. */
    rescored(all: Rescored[], at: string): void {
      db.transaction(() => {
        for (const one of all) {
          const { image, label } = one;
          if (unchanged(image) !== 'asked') continue;
          const { sha256, series, promptVersion } = image;
          refresh.run({ ...columnsOf(one), sha256 });
          if (!label) continue;
          transition({
            subject: 'image',
            key: sha256,
            to: 'labelled',
            at,
            who: label.by,
            what: `${one.category} ${one.score.toFixed(3)}: labelled by itself ${label.because ? becauseWords(label.because) : ''}`,
            detail: label,
            set: {
              label_id: addLabel(sha256, label),
              prompt_version: promptVersion + 1,
              doubt: null,
              blind_check: chosen(sha256, series, label, one.checking),
            },
          });
        }
      }).immediate();
    },

    /** Taught scores of an image in this series that speak against its automatic label, or do so no more. The label stays: a person decides. */
    doubt(found: { sha256: string; series: number; doubt: Doubt | undefined }[]): void {
      db.transaction(() => {
        for (const { sha256, series, doubt } of found) {
          const before = doubtOf.get(sha256, series) as { category: Category | null } | undefined;
          if (!before || (before.category === null && !doubt)) continue;
          doubted.run(doubt ? JSON.stringify(doubt) : null, sha256);
          if (!doubt || doubt.category === before.category) continue;
          const what = `Answers in its series speak for ${doubt.category} ${doubt.score.toFixed(3)}`;
          lines.add({ at: doubt.at, subject: 'image', key: sha256, who: 'semtag', what });
        }
      }).immediate();
    },

    /**
     * Labelled images whose scores knew an answer that was taken back. With `rebase` the label rested on it: with a new label the image keeps
     * one, on what is left to rest on; without, it is asked again. What was tagged gets its next revision. Labels that a person gave or changed
     * meanwhile stay; without `rebase` only the scores are new.
     */
    rebase(all: (Rescored & { rebase: boolean })[], at: string): void {
      db.transaction(() => {
        for (const one of all) {
          const state = labelledAs(one.image);
          if (!state) continue;
          const { sha256 } = one.image;
          if (one.rebase) relabel(one.image, state, one.label, columnsOf(one), at, one.checking);
          else {
            keepRouting.run(sha256);
            refresh.run({ ...columnsOf(one), sha256 });
            if (one.onto) standOn(sha256, one.onto);
          }
        }
      }).immediate();
    },

    /** Labelled images whose label rested on what is gone, and that cannot be scored: their scores stay and rest. */
    fall(all: { image: Rescored['image']; label?: Label }[], at: string): void {
      db.transaction(() => {
        for (const { image, label } of all) {
          const state = labelledAs(image);
          if (state) relabel(image, state, label, undefined, at);
        }
      }).immediate();
    },
  };

  /** Its state where it is labelled and as it was found. */
  function labelledAs(image: Rescored['image']): ImageState | undefined {
    const state = unchanged(image);
    return state && (state === 'labelled' || published(state)) ? state : undefined;
  }

  /** The label in force rests on these answers: the same as before, under other places in the log. */
  function standOn(sha256: string, because: Taught): void {
    restOn.run(JSON.stringify(because), sha256);
    sameLabel.run(sha256);
  }

  /** Another label in place of one that rested on what is gone, or none: then it is asked. Without scores those that it has stay and rest. */
  function relabel(
    { sha256, series }: Rescored['image'],
    state: ImageState,
    label: Label | undefined,
    scores: ReturnType<typeof columnsOf> | undefined,
    at: string,
    checking?: Checking,
  ): void {
    const cause = 'an answer that its label rested on was taken back or corrected';
    const before = held(sha256);
    if (published(state)) revise(sha256, cause, 'semtag', at);
    withdraw.run(at, 'semtag', before.label_id);
    // a check of the label that falls is void
    const blind_check = chosen(sha256, series, label, checking);
    const set = { blind_check, prompt_version: before.prompt_version + 1 };
    const label_id = label ? addLabel(sha256, label) : null;
    const word = label?.category === before.category ? 'Still' : 'Now';
    const what = label ? `${word} ${label.category ?? label.kind}: ${cause}` : `Asked again: ${cause}`;
    const line = { at, subject: 'image', key: sha256, who: 'semtag', what } as const;
    if (label) {
      renew.run({ ...set, label_id, sha256, at });
      lines.add({ ...line, detail: label });
    } else transition({ ...line, to: 'asked', set: { ...set, label_id, doubt: null } });
    if (scores) refresh.run({ ...scores, sha256 });
    else rest.run(sha256);
  }
}

function columnsOf(one: Rescored) {
  return {
    scores: JSON.stringify(one.scores),
    category: one.category,
    score: one.score,
    decision: one.decision,
    model: JSON.stringify(one.model),
    thresholds_version: one.thresholdsVersion,
    taught: one.taught ? JSON.stringify(one.taught) : null,
    lesson: one.lesson,
  };
}
