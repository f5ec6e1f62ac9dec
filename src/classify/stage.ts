// The classify stage: head x bottleneck in the parent, committed together with the decision. Needs no image bytes.

import type { InstrumentConfig } from '../config/schema.ts';
import type { Thresholds } from '../domain/decision.ts';
import type { Bottlenecks } from '../domain/job.ts';
import { labelOf } from '../domain/label-of.ts';
import { top } from '../domain/scores.ts';
import { routed, type Nearest, type TaughtScores, type Teach } from '../domain/teaching.ts';
import { SemtagError } from '../errors.ts';
import { faultPoint } from '../faults.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { Image } from '../store/images.ts';
import type { Store } from '../store/store.ts';
import { alignmentOf, type AlignmentHead } from './alignment-head.ts';
import { classificationOf, type Model } from './classification.ts';

export type ClassifyDeps = {
  store: Store;
  model: Model;
  /** says of every picture of a sample whether it is aligned; the record asks it for wires and fibres only */
  alignmentHead?: AlignmentHead;
  instruments: InstrumentConfig[];
  thresholds: () => Thresholds;
  /** makes and stores the bottlenecks of an image that was read when the config named another backbone; without it such an image goes aside */
  again?: (image: Image) => Promise<Bottlenecks>;
  /** what answers of people make of the scores, for instruments that are taught */
  teach?: Teach;
  /** share of the automatic labels that people check; absent or 0: none */
  check?: number;
  /** where people have split a series: the one of them that a new image looks most like; without it the newest */
  nearest?: Nearest;
  /** told that the head alone decides, and why */
  untaught?: (reason: Error) => undefined;
  now: () => Date;
};

export function classifyStage(deps: ClassifyDeps): Stage<Image> {
  const { store, model } = deps;
  const instruments = new Map(deps.instruments.map((i) => [i.name, i]));
  const at = () => deps.now().toISOString();
  return {
    name: 'classify',
    concurrency: 8,
    // `again` counts as an attempt to read: one that did not finish waits as it does there
    due: (limit, skip) =>
      store.images.inState('read', limit, new Set([...skip, ...store.attempts.waiting('read', deps.now())])),
    key: (image) => image.sha256,
    async run(image) {
      const bottlenecks = image.picture?.frame ? undefined : await bottlenecksOf(image);
      const { mode = 'ask', teach = false } = instruments.get(image.instrument) ?? {};
      const inUse = () => teach && store.teaching.current().use;
      const nearest = bottlenecks && (await nearestSeries(image));
      const scored = bottlenecks && inUse() ? await taughtScores(image, nearest) : undefined;
      // read after the last await: what is decided is decided by the thresholds of now, and not by answers that were set aside meanwhile
      const thresholds = deps.thresholds();
      const taught = inUse() ? scored : undefined;
      const classification = bottlenecks && classificationOf(model, bottlenecks, thresholds, taught);
      const because = taught && routed(taught, thresholds).because;
      const aligned = bottlenecks && deps.alignmentHead && alignmentOf(deps.alignmentHead, bottlenecks);
      const label = labelOf(image, classification, mode, at(), because);
      const alone = taught ? top(taught.head).category : classification?.category;
      store.images.classified(image.sha256, classification, label, at(), {
        ...(aligned ? { alignmentHead: aligned } : {}),
        ...(taught ? { lesson: taught.lesson } : {}),
        ...(alone ? { checking: { share: deps.check ?? 0, head: alone } } : {}),
        ...(nearest === undefined ? {} : { nearest }),
      });
      faultPoint('classify.committed');
    },
    failed: (image, error) =>
      store.images.quarantine(image.sha256, { code: error.code, message: error.message }, at()),
  };

  /** Nothing where nobody has taught, or where teaching is in trouble: then the head alone decides, and no image waits. */
  async function taughtScores(
    { sha256 }: Image,
    nearest: number | undefined,
  ): Promise<TaughtScores | undefined> {
    for (let tries = 0; ; tries++) {
      const [series, realm] = [seriesOf(sha256, nearest), store.projects.realmOf(sha256)];
      const asked = deps.teach?.([{ sha256, series, realm }]);
      const [taught] = (await asked?.catch((error: Error) => deps.untaught?.(error))) ?? [];
      const same = seriesOf(sha256, nearest) === series && store.projects.realmOf(sha256) === realm;
      // an answer may have come or gone meanwhile, or a fact been corrected: nothing is committed that does not know it
      if (!taught || (same && taught.lesson >= store.lessons.position())) return taught;
      if (tries === 9) return same ? taught : undefined;
    }
  }

  /** The one that it is in or will join. */
  function seriesOf(sha256: string, nearest: number | undefined): number | undefined {
    const candidates = store.series.candidates(sha256);
    return candidates.find((one) => one === nearest) ?? candidates[0];
  }

  /** Undefined where there is nothing to choose, or no way to. */
  async function nearestSeries({ sha256 }: Image): Promise<number | undefined> {
    const candidates = store.series.candidates(sha256);
    if (candidates.length < 2) return undefined;
    return deps.nearest?.(sha256, candidates).catch((error: Error) => deps.untaught?.(error));
  }

  async function bottlenecksOf(image: Image): Promise<Bottlenecks> {
    const { backbone, preprocessing } = model.reference;
    const known = store.bottlenecks.get(image.sha256, backbone.sha256, preprocessing);
    const bottlenecks = known ?? (await deps.again?.(image));
    if (!bottlenecks)
      throw new SemtagError('bottlenecks_missing', `${image.name}: no bottlenecks of ${backbone.name}`);
    return bottlenecks;
  }
}
