// The alignment head: logistic regression on the bottlenecks, aligned or not, as one JSON file that is its own identity. Trained in learn/, only applied here.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AlignmentHeadResult } from '../domain/alignment.ts';
import type { Bottlenecks } from '../domain/job.ts';
import { SemtagError } from '../errors.ts';
import { storedFloats, toText } from './head.ts';

export const ALIGNMENT_HEAD_FORMAT = 'semtag-alignment-head/1';

/** The alignment head that comes with semtag; its provenance lies beside it. */
export const SHIPPED_ALIGNMENT_HEAD = fileURLToPath(
  new URL('../../models/alignment/aligned-1.json', import.meta.url),
);

export type AlignmentHead = {
  name: string;
  /** SHA-256 of the file: names this head exactly */
  sha256: string;
  backbone: { name: string; sha256: string };
  preprocessing: string;
  /** numbers in one bottleneck */
  length: number;
  /** the logit is divided by it (Guo et al. 2017) */
  temperature: number;
  /** of the training bottlenecks; `scale` is 1 / standard deviation. [length] each */
  mean: Float32Array;
  scale: Float32Array;
  /** [length], for standardised bottlenecks */
  weights: Float32Array;
  bias: number;
};

type Stored = Omit<AlignmentHead, 'sha256' | 'mean' | 'scale' | 'weights'> & {
  format: string;
  mean: string;
  scale: string;
  weights: string;
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
  const stored: Stored = {
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
  };
  return JSON.stringify(stored, null, 1) + '\n';
}

/** Throws model_missing, naming `where`, when it is no alignment head or a damaged one. */
export function parseAlignmentHead(text: string, where: string): AlignmentHead {
  const wrong = (reason: string) => new SemtagError('model_missing', `${where}: ${reason}`);
  let stored: Partial<Stored> | null;
  try {
    stored = JSON.parse(text) as Partial<Stored> | null;
  } catch {
    stored = null;
  }
  if (!stored) throw wrong('not an alignment head of semtag');
  const { format, name, backbone, preprocessing, length, temperature, bias } = stored;
  if (format !== ALIGNMENT_HEAD_FORMAT) throw wrong(`format ${format}, not ${ALIGNMENT_HEAD_FORMAT}`);
  const [mean, scale, weights] = [stored.mean, stored.scale, stored.weights].map(storedFloats);
  if (!name || !backbone?.sha256 || !preprocessing || !length || !temperature)
    throw wrong('a part of it is missing');
  if (bias === undefined || [mean, scale, weights].some((part) => part?.length !== length))
    throw wrong('its parts do not fit each other');
  const sha256 = createHash('sha256').update(text).digest('hex');
  const parts = { mean: mean!, scale: scale!, weights: weights! };
  return { name, sha256, backbone, preprocessing, length, temperature, bias, ...parts };
}

/** Throws model_missing where the file is not there or damaged. */
export async function loadAlignmentHead(path = SHIPPED_ALIGNMENT_HEAD): Promise<AlignmentHead> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new SemtagError('model_missing', `${path}: ${error.message}`, { cause: error });
  });
  return parseAlignmentHead(text, path);
}
