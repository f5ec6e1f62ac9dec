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
          const id = give(sha256, label, `Labelled ${label.category ?? label.kind}${unlearned}`);
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

    /** Takes a person's answer back: the image is asked again, also when it was tagged meanwhile; so are those that it was given to as well, which are returned. */
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
