// The rescore stage: after an answer, and after one that was taken back, the images that can profit are scored again. Never changes what a person said.

import type { InstrumentConfig } from '../config/schema.ts';
import { decide, type Thresholds } from '../domain/decision.ts';
import { labelOf } from '../domain/label-of.ts';
import { routed, type Teach, type TaughtScores } from '../domain/teaching.ts';
import { faultPoint } from '../faults.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { Rescored, Shaken, Stale } from '../store/rescoring.ts';
import type { Store } from '../store/store.ts';

export type RescoreDeps = {
  store: Store;
  instruments: InstrumentConfig[];
  thresholds: () => Thresholds;
  teach: Teach;
  /** on a screen at this moment: it does not change under the eyes of whoever looks at it */
  open: () => ReadonlySet<string>;
  now: () => Date;
};

/** So many at once: one commit, and the service does nothing else for some milliseconds. */
const BATCH = 200;
/** Images that labelled themselves in a series before people spoke: so many of the newest are looked at again. */
const LOOKED_BACK = 1000;

type Work = 'waiting' | 'taken back' | 'doubts';

export function rescoreStage(deps: RescoreDeps): Stage<{ work: Work; images: Stale[]; position: number }> {
  const { store } = deps;
  const instruments = new Map(deps.instruments.map((i) => [i.name, i]));
  const taught = deps.instruments.filter(({ teach }) => teach).map(({ name }) => name);
  /** the log up to here has been worked through, for each kind of work */
  const handled = { 'taken back': 0, doubts: 0 };

  /** What is labelled because of an answer that is gone comes first, then the people who wait, then second thoughts. */
  function next(position: number, skip: ReadonlySet<string>): { work: Work; images: Stale[] } | undefined {
    const shaken = handled['taken back'] < position ? store.rescoring.shaken(handled['taken back']) : [];
    if (shaken.length > 0) return { work: 'taken back', images: shaken };
    handled['taken back'] = position;
    const waiting = store.rescoring.asked(position, taught, deps.open(), BATCH);
    if (waiting.length > 0) return { work: 'waiting', images: waiting };
    if (handled.doubts >= position || skip.size > 0) return undefined;
    return { work: 'doubts', images: store.rescoring.automatic(handled.doubts, LOOKED_BACK) };
  }

  function rescored(image: Stale, scores: TaughtScores, thresholds: Thresholds, at: string): Rescored {
    const { routing, because } = routed(scores, thresholds);
    const { mode = 'ask' } = instruments.get(image.instrument) ?? {};
    const label = image.withdrawn ? undefined : labelOf(image, routing, mode, at, because);
    const { category, score, decision } = routing;
    return {
      sha256: image.sha256,
      scores: scores.scores,
      category,
      score,
      decision,
      thresholdsVersion: thresholds.version,
      lesson: scores.lesson,
      ...(scores.taught ? { taught: scores.taught } : {}),
      ...(label?.basis === 'auto' ? { label } : {}),
    };
  }

  return {
    name: 'rescore',
    concurrency: 1,
    due(_limit, skip) {
      const position = store.lessons.position();
      const found = position > 0 ? next(position, skip) : undefined;
      return found ? [{ ...found, position }] : [];
    },
    key: ({ work }) => work,
    async run({ work, images, position }) {
      const scores = await deps.teach(images);
      const at = deps.now().toISOString();
      const thresholds = deps.thresholds();
      const pairs = images.map((image, i) => ({ image, scores: scores[i]! }));
      if (work === 'waiting')
        store.rescoring.rescored(pairs.map((p) => rescored(p.image, p.scores, thresholds, at)), at); // prettier-ignore
      if (work === 'taken back') {
        store.rescoring.rebase(rebased(pairs, thresholds, at), at);
        handled['taken back'] = position;
      }
      if (work === 'doubts') {
        store.rescoring.doubt(pairs.map((p) => doubtOf(p.image, p.scores, thresholds, at))); // prettier-ignore
        handled.doubts = position;
      }
      faultPoint('rescore.committed');
    },
    failed() {
      // nothing is lost: scores stay as they are, and the next answer tries again
    },
  };

  /**
   * A label whose own series lost an answer stands on new ground or falls; one that only the head's correction carried falls where it does not
   * carry any more, and one that has left for the repository and still holds gets no revision for that. Of all others only the scores are new.
   */
  function rebased(
    pairs: { image: Stale; scores: TaughtScores }[],
    thresholds: Thresholds,
    at: string,
  ): (Rescored & { labelId?: number })[] {
    return pairs.map(({ image, scores }) => {
      const one = rescored(image, scores, thresholds, at);
      const { because, direct, labelId, category, state } = image as Shaken;
      const stays = !because || (!direct && state !== 'labelled' && one.label?.category === category);
      return stays || labelId === undefined ? one : { ...one, labelId };
    });
  }
}

function doubtOf(image: Stale, scores: TaughtScores, thresholds: Thresholds, at: string) {
  const { category, score } = decide(scores.scores, thresholds);
  const speaks = scores.taught && category !== image.category;
  return { sha256: image.sha256, doubt: speaks ? { category, score, at } : undefined };
}
