// The rescore stage: after an answer, and after one that was taken back, the images that can profit are scored again. Never changes what a person said.

import type { InstrumentConfig } from '../config/schema.ts';
import { decide, type Thresholds } from '../domain/decision.ts';
import type { Label, Mode } from '../domain/label.ts';
import { labelOf } from '../domain/label-of.ts';
import { top } from '../domain/scores.ts';
import { routed, type Teach, type TaughtScores } from '../domain/teaching.ts';
import { faultPoint } from '../faults.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { ModelReference } from '../record/record.ts';
import type { Rescored } from '../store/rescoring.ts';
import type { Shaken, Stale } from '../store/stale.ts';
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

type Work = 'taken back' | 'waiting' | 'untaught' | 'shaken' | 'doubts';
type Item = { work: Work; images: Stale[]; position: number; round: number };
type Scored = { image: Stale; scores: TaughtScores };

export type RescoreStage = Stage<Item> & {
  /** Bottlenecks were made that may have been missing: what rested for want of them is scored. */
  again(): void;
};

export function rescoreStage(deps: RescoreDeps): RescoreStage {
  const { store } = deps;
  // they may have been made just before a crash
  store.rescoring.rouse(false);
  const instruments = new Map(deps.instruments.map((i) => [i.name, i]));
  /** Instruments that are taught, or that are not: none is while teaching is set aside. */
  const which = (taught: boolean) => {
    const { use } = store.teaching.current();
    return deps.instruments.filter(({ teach }) => (teach && use) === taught).map(({ name }) => name);
  };
  /** labels that answers speak against are being looked for: the series that are left, up to where in the log, and behind which image */
  let looking: { series: number[]; to: number; after: string } | undefined;
  /** up to here in the log all of them were found */
  let doubtsTo = store.rescoring.judgedTo(deps.model.head);
  /** work that failed, and where the log was: it rests until the log goes on, or bottlenecks were made */
  const failedAt = new Map<Work, number>();
  let round = 0;

  /**
   * What is labelled because of an answer that is gone comes first, then the people who wait, then all that was scored since that answer (an old
   * one: tens of thousands, for minutes), then second thoughts.
   */
  function* found(position: number): Generator<Pick<Item, 'work' | 'images'>> {
    yield { work: 'taken back', images: store.rescoring.fallen(BATCH) };
    yield { work: 'waiting', images: store.rescoring.asked(position, which(true), deps.open(), BATCH) };
    yield { work: 'untaught', images: store.rescoring.untaught(which(false), deps.open(), BATCH) };
    yield { work: 'shaken', images: store.rescoring.shaken(BATCH) };
    if (store.teaching.current().use) yield { work: 'doubts', images: unjudged(position) };
  }

  /** The next images that labelled themselves where people taught since; all of them in the end, however many there are. */
  function unjudged(position: number): Stale[] {
    if (!looking && doubtsTo >= position) return [];
    looking ??= { series: store.rescoring.taughtSeries(doubtsTo, position), to: position, after: '' };
    for (let [series] = looking.series; series !== undefined; [series] = looking.series) {
      const images = store.rescoring.automatic(series, looking.after, BATCH);
      if (images.length > 0) return images;
      looking.series.shift();
      looking.after = '';
    }
    doubtsTo = looking.to;
    looking = undefined;
    return unjudged(position);
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
   * A label whose own series lost an answer stands on new ground or falls; one whose answers went with it stands. One that only the head's
   * correction carried falls where that does not carry it any more, by the thresholds of then and of now; never because teaching, the mode or
   * the thresholds were changed: labels that are given stay. Of all others only the scores are new.
   */
  function rebased(one: Scored, now: Thresholds, at: string): Rescored & { rebase: boolean } {
    const { because, direct, onto, answered, category, thresholdsVersion } = one.image as Shaken;
    if (because && direct) return { ...labelled(one, now, at), rebase: true };
    const { mode, teach } = ruleOf(one.image);
    const then = store.thresholds.versions().find(({ version }) => version === thresholdsVersion) ?? now;
    const refreshed = (thresholds: Thresholds) => ({
      ...scoredAs(one, thresholds, true).rescored,
      rebase: false,
    });
    // found where it left its series, with the answers there; those of its new one would have its own among them
    if (answered) return { ...scoredAs(one, then, false).rescored, rebase: false };
    if (onto) return { ...refreshed(then), onto: { ...onto, position: one.scores.lesson } };
    if (!because || !teach || mode !== 'auto') return refreshed(then);
    const carrying = [then, now].find((thresholds) => {
      const seen = decide(one.scores.scores, thresholds);
      return seen.decision === 'auto' && seen.category === category;
    });
    return carrying ? refreshed(carrying) : { ...labelled(one, now, at), rebase: true };
  }

  /** The label of one that cannot be scored: as of one that is not sure. */
  function unscored(image: Stale, at: string): { label?: Label } {
    const seen = { decision: 'choose', category: image.category! } as const;
    const label = labelOf(image, seen, ruleOf(image).mode, at);
    return label ? { label } : {};
  }

  return {
    name: 'rescore',
    concurrency: 1,
    due(_limit, skip) {
      const position = store.lessons.position();
      if (position === 0) return [];
      for (const { work, images } of found(position)) {
        if (skip.has(work) || failedAt.get(work) === position) continue;
        if (images.length > 0) return [{ work, images, position, round }];
      }
      return [];
    },
    key: ({ work }) => work,
    async run(item) {
      const { work, images, position } = item;
      const all = await deps.teach(images);
      const at = deps.now().toISOString();
      const thresholds = deps.thresholds();
      const open = deps.open();
      const asks = work === 'waiting' || work === 'untaught';
      const scored = images.flatMap((image, i): Scored[] => {
        const scores = all[i];
        return scores && !(asks && open.has(image.sha256)) ? [{ image, scores }] : [];
      });
      const without = images.filter((_, i) => !all[i]);
      if (asks) store.rescoring.rescored(scored.map((one) => rescored(one, thresholds, at)), at); // prettier-ignore
      if (work === 'taken back' || work === 'shaken') {
        store.rescoring.rebase(scored.map((one) => rebased(one, thresholds, at)), at); // prettier-ignore
        const fallen = (without as Shaken[]).filter(({ because, direct }) => because && direct);
        store.rescoring.fall(fallen.map((image) => ({ image, ...unscored(image, at) })), at); // prettier-ignore
      }
      if (work === 'doubts') {
        const taught = which(true);
        const judge = (one: Scored) => doubtOf(one, taught.includes(one.image.instrument), thresholds, at);
        // set aside meanwhile: they are looked at once teaching is used again
        if (store.teaching.current().use) {
          store.rescoring.doubt(scored.map(judge));
          const { series, sha256 } = images.at(-1)!;
          if (item.round === round && looking?.series[0] === series) looking.after = sha256;
          if (unjudged(position).length === 0) store.rescoring.judged(deps.model.head, doubtsTo);
        }
      } else store.rescoring.passOver((without as Shaken[]).filter(({ direct }) => !direct).map((image) => rested(image, position))); // prettier-ignore
      failedAt.delete(work);
      faultPoint('rescore.committed');
    },
    failed(item) {
      // nothing is lost: scores stay as they are, and the next answer tries again
      if (item.round === round) failedAt.set(item.work, item.position);
    },
    again() {
      // what was being scored when the child was started again failed for no other reason
      round++;
      failedAt.clear();
      doubtsTo = 0;
      looking = undefined;
      store.rescoring.rouse(true);
    },
  };
}

/** One that cannot be scored: a label that stands names its answers by their places of now. */
function rested({ onto, ...image }: Shaken, position: number) {
  return onto ? { ...image, onto: { ...onto, position } } : image;
}

/** Only answers of the image's own series doubt a label: what the head learned elsewhere does not know better. Where answers do not teach they doubt nothing. */
function doubtOf({ image, scores }: Scored, teach: boolean, thresholds: Thresholds, at: string) {
  const { sha256, series } = image;
  const { category, score } = decide(scores.scores, thresholds);
  const speaks = teach && (scores.taught?.lessons.length ?? 0) > 0 && category !== image.category;
  return { sha256, series, doubt: speaks ? { category, score, at } : undefined };
}
