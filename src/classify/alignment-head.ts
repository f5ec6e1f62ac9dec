// The alignment head: logistic regression on the bottlenecks, aligned or not, as one JSON file that is its own identity. Trained in learn/, only applied here.

import { fileURLToPath } from 'node:url';
import type { AlignmentHeadResult } from '../domain/alignment.ts';
import type { Bottlenecks } from '../domain/job.ts';
import {
  headFileText,
  openHeadFile,
  readHeadFile,
  storedFloats,
  toText,
  type Envelope,
} from './head-file.ts';

export const ALIGNMENT_HEAD_FORMAT = 'semtag-alignment-head/1';

/** The alignment head that comes with semtag; its provenance lies beside it. */
export const SHIPPED_ALIGNMENT_HEAD = fileURLToPath(
  new URL('../../models/alignment/aligned-1.json', import.meta.url),
);

export type AlignmentHead = Envelope & {
  /** SHA-256 of the file: names this head exactly */
  sha256: string;
  /** of the training bottlenecks; `scale` is 1 / standard deviation. [length] each */
  mean: Float32Array;
  scale: Float32Array;
  /** [length], for standardised bottlenecks */
  weights: Float32Array;
  bias: number;
};

/** Mean over the views of w ((x - mean) scale) + b: above 0 says aligned. */
export function alignmentLogit(
  head: Pick<AlignmentHead, 'length' | 'mean' | 'scale' | 'weights' | 'bias'>,
  views: Float32Array[],
): number {
  const { length, mean, scale, weights, bias } = head;
  let sum = 0;
  for (const view of views)
    for (let j = 0; j < length; j++) sum += weights[j]! * (view[j]! - mean[j]!) * scale[j]!;
  return bias + sum / views.length;
}

/** Undefined for bottlenecks of another backbone or preprocessing than the head's: it can say nothing of them. */
export function alignmentOf(head: AlignmentHead, bottlenecks: Bottlenecks): AlignmentHeadResult | undefined {
  const { name, sha256, backbone, preprocessing, temperature } = head;
  if (bottlenecks.backbone !== backbone.sha256 || bottlenecks.preprocessing !== preprocessing)
    return undefined;
  const probability = 1 / (1 + Math.exp(-alignmentLogit(head, bottlenecks.views) / temperature));
  return { probability, head: { name, sha256 }, backbone, preprocessing };
}

/** The file's text; the same head gives the same bytes. */
export function alignmentHeadText(head: Omit<AlignmentHead, 'sha256'>): string {
  const { name, backbone, preprocessing, length, temperature, bias } = head;
  return headFileText({
    format: ALIGNMENT_HEAD_FORMAT,
    name,
    backbone,
    preprocessing,
    length,
    temperature,
    bias,
    mean: toText(head.mean),
    scale: toText(head.scale),
    weights: toText(head.weights),
  });
}

/** Throws model_missing, naming `where`, when it is no alignment head or a damaged one. */
export function parseAlignmentHead(text: string, where: string): AlignmentHead {
  const { envelope, sha256, rest, wrong } = openHeadFile(text, where, ALIGNMENT_HEAD_FORMAT, 'an alignment head'); // prettier-ignore
  const { length } = envelope;
  const { bias } = rest;
  const [mean, scale, weights] = [rest['mean'], rest['scale'], rest['weights']].map(storedFloats);
  if (
    typeof bias !== 'number' ||
    mean?.length !== length ||
    scale?.length !== length ||
    weights?.length !== length
  )
    throw wrong('its parts do not fit each other');
  return { ...envelope, sha256, bias, mean, scale, weights };
}

/** Throws model_missing where the file is not there or damaged. */
export async function loadAlignmentHead(path = SHIPPED_ALIGNMENT_HEAD): Promise<AlignmentHead> {
  return parseAlignmentHead(await readHeadFile(path), path);
}
