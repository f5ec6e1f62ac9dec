// The rescore stage: after an answer, and after one that was taken back, the images that can profit are scored again. Never changes what a person said.

import type { InstrumentConfig } from '../config/schema.ts';
import { decide, type Thresholds } from '../domain/decision.ts';
import type { Mode } from '../domain/label.ts';
import { labelOf } from '../domain/label-of.ts';
import { top } from '../domain/scores.ts';
import { routed, type Teach, type TaughtScores } from '../domain/teaching.ts';
import { faultPoint } from '../faults.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { ModelReference } from '../record/record.ts';
import type { Rescored, Shaken, Stale } from '../store/rescoring.ts';
import type { Store } from '../store/store.ts';

export type RescoreDeps = {
  store: Store;
  instruments: InstrumentConfig[];
  model: Omit<ModelReference, 'engine'>;
  thresholds: () => Thresholds;
  teach: Teach;
  /** share of the automatic labels that people check; absent or 0: none */
  check?: number;
  /** on a screen at this moment: it does not change under the eyes of whoever looks at it */
  open: () => ReadonlySet<string>;
  now: () => Date;
};

/** So many at once: one commit, and the service does nothing else for some milliseconds. */
const BATCH = 200;
/** Images that labelled themselves in a series before people spoke: so many are looked at again. */
const LOOKED_BACK = 1000;

type Work = 'taken back' | 'waiting' | 'untaught' | 'shaken' | 'doubts';
type Item = { work: Work; images: Stale[]; position: number };
type Scored = { image: Stale; scores: TaughtScores };

export function rescoreStage(deps: RescoreDeps): Stage<Item> {
  const { store } = deps;
  const instruments = new Map(deps.instruments.map((i) => [i.name, i]));
  /** Instruments that are taught, or that are not: none is while teaching is set aside. */
  const which = (taught: boolean) => {
    const { use } = store.teaching.current();
    return deps.instruments.filter(({ teach }) => (teach && use) === taught).map(({ name }) => name);
  };
  /** the log up to here was looked through for labels that answers speak against */
  let doubtsTo = 0;
  /** work that failed or has no bottlenecks to be done with, and where the log was: it rests until the log goes on */
  const failedAt = new Map<Work, number>();

  /**
   * What is labelled because of an answer that is gone comes first, then the people who wait, then all that was scored since that answer (an old
   * one: tens of thousands, for minutes), then second thoughts.
   */
  function* found(position: number): Generator<Omit<Item, 'position'>> {
    yield { work: 'taken back', images: store.rescoring.fallen(BATCH) };
    yield { work: 'waiting', images: store.rescoring.asked(position, which(true), deps.open(), BATCH) };
    yield { work: 'untaught', images: store.rescoring.untaught(which(false), deps.open(), BATCH) };
    yield { work: 'shaken', images: store.rescoring.shaken(BATCH) };
    if (doubtsTo < position && store.teaching.current().use)
      yield { work: 'doubts', images: store.rescoring.automatic(doubtsTo, LOOKED_BACK) };
  }

  /** Its scores, the head's own or as answers have made them, and what they ask for. */
  function scoredAs({ image, scores }: Scored, thresholds: Thresholds, taught: boolean) {
    const { taught: known, ...alone } = scores;
    const { routing, because } = routed(taught ? scores : { ...alone, scores: alone.head }, thresholds);
    const { category, score, decision } = routing;
    const rescored: Rescored = {
      image,
      scores: taught ? scores.scores : scores.head,
      category,
      score,
      decision,
      thresholdsVersion: thresholds.version,
      model: { ...deps.model, engine: scores.engine },
      // the head alone knows no lesson: once it is taught again, all of them are new to it
      lesson: taught ? scores.lesson : 0,
      ...(taught && known ? { taught: known } : {}),
    };
    return { rescored, routing, because };
  }

  /** Answers teach on its instrument, and what is sure enough labels itself there. */
  function ruleOf({ instrument }: Stale): { mode: Mode; teach: boolean } {
    const { mode = 'ask', teach = false } = instruments.get(instrument) ?? {};
    return { mode, teach: teach && store.teaching.current().use };
  }

  /** With the label that it gets now, as one that is classified. */
  function labelled(one: Scored, thresholds: Thresholds, at: string): Rescored {
    const { image, scores } = one;
    const { mode, teach } = ruleOf(image);
    const { rescored, routing, because } = scoredAs(one, thresholds, teach);
    const label = image.withdrawn ? undefined : labelOf(image, routing, mode, at, because);
    const checking = { share: deps.check ?? 0, head: top(scores.head).category };
    return { ...rescored, ...(label ? { label } : {}), checking };
  }

  /** An image that waits goes on only where it labels itself. */
  function rescored(one: Scored, thresholds: Thresholds, at: string): Rescored {
    const { label, ...rest } = labelled(one, thresholds, at);
    return label?.basis === 'auto' ? { ...rest, label } : rest;
  }

  /**
   * A label whose own series lost an answer stands on new ground or falls. One that only the head's correction carried falls where that does not
   * carry it any more, by the thresholds of then and of now; never because teaching, the mode or the thresholds were changed: labels that are
   * given stay. Of all others only the scores are new.
   */
  function rebased(one: Scored, now: Thresholds, at: string): Rescored & { rebase: boolean } {
    const { because, direct, category, thresholdsVersion } = one.image as Shaken;
    if (because && direct) return { ...labelled(one, now, at), rebase: true };
    const { mode, teach } = ruleOf(one.image);
    const then = store.thresholds.versions().find(({ version }) => version === thresholdsVersion) ?? now;
    const refreshed = (thresholds: Thresholds) => ({
      ...scoredAs(one, thresholds, true).rescored,
      rebase: false,
    });
    if (!because || !teach || mode !== 'auto') return refreshed(then);
    const carrying = [then, now].find((thresholds) => {
      const seen = decide(one.scores.scores, thresholds);
      return seen.decision === 'auto' && seen.category === category;
    });
    return carrying ? refreshed(carrying) : { ...labelled(one, now, at), rebase: true };
  }

  return {
    name: 'rescore',
    concurrency: 1,
    due(_limit, skip) {
      const position = store.lessons.position();
      if (position === 0) return [];
      for (const { work, images } of found(position)) {
        if (skip.has(work) || failedAt.get(work) === position) continue;
        if (images.length > 0) return [{ work, images, position }];
        if (work === 'doubts') doubtsTo = position;
      }
      return [];
    },
    key: ({ work }) => work,
    async run({ work, images, position }) {
      const all = await deps.teach(images);
      const at = deps.now().toISOString();
      const thresholds = deps.thresholds();
      const open = deps.open();
      const asks = work === 'waiting' || work === 'untaught';
      const scored = images.flatMap((image, i): Scored[] => {
        const scores = all[i];
        return scores && !(asks && open.has(image.sha256)) ? [{ image, scores }] : [];
      });
      const without = images.filter((_, i) => !all[i]).map(({ sha256 }) => sha256);
      if (asks) store.rescoring.rescored(scored.map((one) => rescored(one, thresholds, at)), at); // prettier-ignore
      if (work === 'taken back' || work === 'shaken') store.rescoring.rebase(scored.map((one) => rebased(one, thresholds, at)), at); // prettier-ignore
      if (work === 'doubts') {
        const taught = which(true);
        const judge = (one: Scored) => doubtOf(one, taught.includes(one.image.instrument), thresholds, at);
        // set aside meanwhile: they are looked at once teaching is used again
        if (store.teaching.current().use) {
          store.rescoring.doubt(scored.map(judge));
          doubtsTo = position;
        }
      } else if (without.length > 0) store.rescoring.passOver(without, position);
      // what cannot be scored would be found again at once
      if (without.length === images.length) failedAt.set(work, position);
      else failedAt.delete(work);
      faultPoint('rescore.committed');
    },
    failed({ work, position }) {
      // nothing is lost: scores stay as they are, and the next answer tries again
      failedAt.set(work, position);
    },
  };
}

/** Only answers of the image's own series doubt a label: what the head learned elsewhere does not know better. Where answers do not teach they doubt nothing. */
function doubtOf({ image, scores }: Scored, teach: boolean, thresholds: Thresholds, at: string) {
  const { sha256, series } = image;
  const { category, score } = decide(scores.scores, thresholds);
  const speaks = teach && (scores.taught?.lessons.length ?? 0) > 0 && category !== image.category;
  return { sha256, series, doubt: speaks ? { category, score, at } : undefined };
}
