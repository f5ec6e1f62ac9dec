// From images labelled aligned or not to an alignment head with its provenance. What it is worth is judged on groups that it has not seen. Writes nothing.

import { createHash } from 'node:crypto';
import {
  alignmentHeadText,
  alignmentLogit,
  parseAlignmentHead,
  type AlignmentHead,
} from '../classify/alignment-head.ts';
import { findBackbone } from '../classify/backbones.ts';
import { SemtagError } from '../errors.ts';
import type { AlignmentExample } from './alignment-list.ts';
import { auc } from './auc.ts';
import type { Skipped, TrainingBottlenecks } from './bottlenecks.ts';
import { fitSoftmax } from './softmax-regression.ts';
import { fitTemperature } from './temperature.ts';
import { emphasisOf, imageWeights, type Weighting } from './weights.ts';

export type AlignmentSet = (Omit<TrainingBottlenecks, 'example'> & { example: AlignmentExample })[];

export type AlignmentSettings = Weighting & {
  backbone: string;
  /** inverse strength of L2, as in scikit-learn */
  C: number;
  equalTaps: boolean;
  /** training views an image, the two of classification included */
  views: number;
};

/** As for the categories, but both kinds count the same. Nothing here was chosen by its figures: there are too few images for that. */
export const ALIGNMENT_SETTINGS: AlignmentSettings = {
  backbone: 'efficientnet-lite0',
  C: 0.1,
  balance: 1,
  series: 1,
  equalTaps: true,
  views: 15,
};

type Unnamed = Omit<AlignmentHead, 'sha256' | 'name' | 'temperature'>;

/**
 * Each group is judged by a head of the others: two of each kind are the least with which every one can be. Throws training_data, saying how
 * many there are.
 */
export function refuseUnjudgeable(examples: AlignmentExample[]): void {
  const groups = (kind: boolean) => new Set(examples.filter(({ aligned }) => aligned === kind).map(({ group }) => group)).size; // prettier-ignore
  const [aligned, not] = [groups(true), groups(false)];
  if (aligned < 2 || not < 2)
    throw new SemtagError(
      'training_data',
      `aligned and not aligned images are needed, from two groups each or more: there are ${aligned} groups of aligned and ${not} of not aligned images`,
      { advice: 'Add images of other samples to the list, each with its own group.' },
    );
}

/** In the order of the set, which decides the rounding. Throws training_data where one of the kinds is absent. */
export function fitAlignment(set: AlignmentSet, settings: AlignmentSettings): Unnamed {
  if (new Set(set.map(({ example }) => example.aligned)).size < 2)
    throw new SemtagError('training_data', 'aligned and not aligned images are needed');
  const backbone = findBackbone(settings.backbone);
  const { length } = backbone;
  const perImage = Math.min(settings.views, ...set.map(({ views }) => views.length));
  const n = set.length * perImage;
  const rows = { x: new Float32Array(n * length), n, length, y: new Int32Array(n), w: new Float64Array(n) };
  const kinds = set.map(({ example: { aligned, group } }) => ({ category: String(aligned), group }));
  const weights = imageWeights(kinds, settings);
  for (const [i, { example, views }] of set.entries())
    for (let v = 0, row = i * perImage; v < perImage; v++, row++) {
      rows.x.set(views[v]!, row * length);
      rows.y[row] = example.aligned ? 1 : 0;
      rows.w[row] = weights[i]! / perImage;
    }
  const {
    mean,
    scale,
    weights: both,
    bias,
  } = fitSoftmax(rows, { classes: 2, C: settings.C, emphasis: emphasisOf(backbone, settings) });
  // of two classes only the difference says anything
  return {
    backbone: { name: backbone.name, sha256: backbone.sha256 },
    preprocessing: backbone.preprocessing,
    length,
    mean,
    scale,
    weights: both.subarray(length).map((w, j) => w - both[j]!),
    bias: bias[1]! - bias[0]!,
  };
}

/** A logit for every image from a head that saw nothing of its part: its group, or its whole source. NaN where the rest is of one kind only. */
export function logitsWithout(
  part: 'group' | 'source',
  set: AlignmentSet,
  settings: AlignmentSettings,
  onPart: (done: number, all: number) => void = () => {},
): number[] {
  const logits = new Array<number>(set.length).fill(NaN);
  const parts = [...new Set(set.map(({ example }) => example[part]))];
  for (const [k, name] of parts.entries()) {
    const rest = set.filter(({ example }) => example[part] !== name);
    if (new Set(rest.map(({ example }) => example.aligned)).size === 2) {
      const head = fitAlignment(rest, settings);
      for (const [i, { example, views }] of set.entries())
        if (example[part] === name) logits[i] = alignmentLogit(head, views.slice(0, 2));
    }
    onPart(k + 1, parts.length);
  }
  return logits;
}

export type Within = { source: string; aligned: number; notAligned: number; auc: number };

/** AUC within each source that has both kinds: there the source cannot give the answer away. */
export function withinSources(examples: AlignmentExample[], values: number[]): Within[] {
  const sources = [...new Set(examples.map(({ source }) => source))].sort();
  return sources.flatMap((source) => {
    const own = examples.flatMap((e, i) => (e.source === source && !Number.isNaN(values[i]) ? [{ value: values[i]!, yes: e.aligned }] : [])); // prettier-ignore
    const aligned = own.filter(({ yes }) => yes).length;
    const notAligned = own.length - aligned;
    return aligned && notAligned ? [{ source, aligned, notAligned, auc: auc(own) }] : [];
  });
}

export type TrainedAlignment = {
  head: AlignmentHead;
  text: string;
  /** in the order of the set; of heads that saw nothing of the image's group */
  logits: number[];
  /** over all images, and within the sources that have both kinds */
  validation: { groups: number; auc: number; accuracy: number; within: Within[] };
};

export function trainAlignment(
  set: AlignmentSet,
  name: string,
  settings: AlignmentSettings,
  onPart?: (done: number, all: number) => void,
): TrainedAlignment {
  const examples = set.map(({ example }) => example);
  refuseUnjudgeable(examples);
  const logits = logitsWithout('group', set, settings, onPart);
  const judged = examples.flatMap(({ aligned }, i) => (Number.isNaN(logits[i]) ? [] : [{ value: logits[i]!, yes: aligned }])); // prettier-ignore
  const temperature = fitTemperature(judged.map(({ value }) => [0, value]), judged.map(({ yes }) => (yes ? 1 : 0))); // prettier-ignore
  const text = alignmentHeadText({ name, temperature, ...fitAlignment(set, settings) });
  return {
    head: parseAlignmentHead(text, name),
    text,
    logits,
    validation: {
      groups: new Set(examples.map(({ group }) => group)).size,
      auc: auc(judged),
      accuracy: judged.filter(({ value, yes }) => value > 0 === yes).length / judged.length,
      within: withinSources(examples, logits),
    },
  };
}

/** What must be known about the head: it lies beside it as NAME.provenance.json. No machine's paths, so that it can be passed on. */
export function alignmentProvenance(
  { head, validation }: TrainedAlignment,
  set: AlignmentSet,
  skipped: Skipped[],
  settings: AlignmentSettings,
  data: string,
): object {
  const examples = set.map(({ example }) => example);
  const lines = set.map(({ sha256, example }) => `${sha256} ${example.aligned ? 'aligned' : 'not_aligned'} ${example.group}\n`).sort(); // prettier-ignore
  const sources = [...new Set(examples.map(({ source }) => source))].sort().map((source) => {
    const own = examples.filter((e) => e.source === source);
    const aligned = own.filter((e) => e.aligned).length;
    return { source, aligned, notAligned: own.length - aligned };
  });
  return {
    head: { name: head.name, sha256: head.sha256, temperature: head.temperature },
    backbone: head.backbone,
    preprocessing: head.preprocessing,
    data: {
      from: data,
      images: set.length,
      aligned: examples.filter(({ aligned }) => aligned).length,
      sources,
      /** SHA-256 over the sorted lines "image kind group" */
      sha256: createHash('sha256').update(lines.join('')).digest('hex'),
      skipped,
    },
    // a backbone given by its folder: by name here
    settings: { ...settings, backbone: head.backbone.name },
    groupsLeftOut: validation,
  };
}
