// What people say about an image: answers, corrections of a label, answers taken back. Old labels stay.

import type { Category } from '../domain/categories.ts';
import type { Label } from '../domain/label.ts';
import type { Scores } from '../domain/scores.ts';
import { lessonWeight } from '../domain/teaching.ts';
import { SemtagError } from '../errors.ts';
import { labelRows } from './label-row.ts';
import { lessons } from './lessons.ts';
import type { Db } from './open.ts';
import { published, revising } from './revise.ts';
import { together, type Shown, type Together } from './together.ts';

export function labels(db: Db) {
  const { held } = revising(db);
  const { addLabel, give, takeBack } = labelRows(db);
  const group = together(db);
  const log = lessons(db);
  const seenAs = db.prepare('SELECT series, scores FROM image WHERE sha256 = ?');
  const basisOf = db.prepare('SELECT basis FROM label WHERE id = ?').pluck();
  const checkedBy = db.prepare('SELECT kind, category, checked FROM label WHERE id = ?');

  /** An image that was never classified (no bottlenecks, no series) has nothing to teach with. */
  function teach(sha256: string, label: number, category: Category, at: string): void {
    const { series, scores } = seenAs.get(sha256) as { series: number | null; scores: string | null };
    if (series === null || scores === null) return;
    const weight = lessonWeight((JSON.parse(scores) as Scores)[category]);
    log.learn({ label, sha256, series, category, weight, at });
  }

  /**
   * The automatic label that this answer checks. One that says the same as the answer to a check leaves that as it is: a second look is taken
   * mostly where the first one was strange.
   */
  function checked(label: Label, before: number | null, blind: boolean): number | undefined {
    if (before === null) return undefined;
    if (blind) return before;
    const last = checkedBy.get(before) as { kind: string; category: string | null; checked: number | null };
    const same = last.kind === label.kind && last.category === (label.category ?? null);
    return same ? (last.checked ?? undefined) : undefined;
  }

  return {
    addLabel,

    /**
     * A person's answer or correction. With `promptVersion` only if the question is still the one that was shown, be it one that waits or the
     * blind check of an automatic label: every label, and every one taken back, counts the version up. Without it whoever answers may have
     * seen that label: it answers no check, and one that waits is void.
     * Before tagging it replaces the label; afterwards it makes the next revision. `teaches`: other images may learn from it; what this image
     * taught before is unlearned, unless it is the same. `also`: other images that it is given to; the waiting parts of its acquisition get it in any
     * case. What went along with the answer before is corrected with it.
     */
    label(
      sha256: string,
      label: Label,
      promptVersion?: number,
      teaches = false,
      also: Shown[] = [],
    ): Together {
      return db
        .transaction(() => {
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
          const unlearned = label.teaches === false ? '; nothing is learned from it' : '';
          const blind = promptVersion !== undefined && image.to_check === 1;
          const what = `Labelled ${label.category ?? label.kind}${blind ? ' in a blind check' : ''}${unlearned}`;
          const check = checked(label, image.label_id, blind);
          const id = give(sha256, label, what, undefined, check);
          const { category } = label;
          if (!(teaches && category && log.sayAgain(sha256, id, category))) {
            log.unlearn(sha256, label.at);
            if (teaches && category) teach(sha256, id, category, label.at);
          }
          const lead = { id, sha256, name: image.name, label };
          const corrected = group.correct(image.label_id, lead);
          const { together, left } = group.follow(lead, also);
          return { together: [...corrected, ...together], left };
        })
        .immediate();
    },

    /**
     * Takes a person's answer back: the image is asked again, also when it was tagged meanwhile, or has its automatic label again where the
     * answer was to a blind check. Those that it was given to as well, which are returned, are asked again.
     */
    undo(sha256: string, who: string, at: string): string[] {
      return db
        .transaction(() => {
          const { name, state, label_id } = held(sha256);
          if (basisOf.get(label_id) !== 'answer' || !(state === 'labelled' || published(state)))
            throw new SemtagError('nothing_to_undo', `${name} has no answer that can be taken back`);
          log.unlearn(sha256, at);
          takeBack(sha256, who, at, 'The answer was taken back');
          return group.undo(label_id!, name, who, at);
        })
        .immediate();
    },
  };
}
