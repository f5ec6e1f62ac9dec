// The classify stage: head x bottleneck in the parent, committed together with the decision. Needs no image bytes.

import type { InstrumentConfig } from '../config/schema.ts';
import type { Thresholds } from '../domain/decision.ts';
import type { Bottlenecks } from '../domain/job.ts';
import type { Label, Mode } from '../domain/label.ts';
import { SemtagError } from '../errors.ts';
import { faultPoint } from '../faults.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { Classification } from '../record/record.ts';
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
  now: () => Date;
};

export function classifyStage(deps: ClassifyDeps): Stage<Image> {
  const { store, model } = deps;
  const modes = new Map(deps.instruments.map((i) => [i.name, i.mode]));
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
      const classification = bottlenecks && classificationOf(model, bottlenecks, deps.thresholds());
      const aligned = bottlenecks && deps.alignmentHead && alignmentOf(deps.alignmentHead, bottlenecks);
      const label = labelOf(image, classification, modes.get(image.instrument) ?? 'ask', at());
      store.images.classified(image.sha256, classification, label, at(), aligned);
      faultPoint('classify.committed');
    },
    failed: (image, error) =>
      store.images.quarantine(image.sha256, { code: error.code, message: error.message }, at()),
  };

  async function bottlenecksOf(image: Image): Promise<Bottlenecks> {
    const { backbone, preprocessing } = model.reference;
    const known = store.bottlenecks.get(image.sha256, backbone.sha256, preprocessing);
    const bottlenecks = known ?? (await deps.again?.(image));
    if (!bottlenecks)
      throw new SemtagError('bottlenecks_missing', `${image.name}: no bottlenecks of ${backbone.name}`);
    return bottlenecks;
  }
}

/** The label that the service gives by itself; undefined = a person is asked. */
export function labelOf(
  image: Pick<Image, 'supersededBy'>,
  classification: Pick<Classification, 'decision' | 'category'> | undefined,
  mode: Mode,
  at: string,
): Label | undefined {
  const by = 'semtag';
  if (!classification) return { kind: 'unlabelled', basis: 'not_a_sample', by, at };
  if (mode === 'observe') return { kind: 'unlabelled', basis: 'observe', by, at };
  if (mode === 'auto' && classification.decision === 'auto')
    return { kind: 'category', category: classification.category, basis: 'auto', by, at };
  // nobody is asked about a version that a newer one has replaced
  if (image.supersededBy) return { kind: 'unlabelled', basis: 'superseded', by, at };
  return undefined;
}
