// The head: standardised softmax regression on bottlenecks, as one JSON file that is its own identity. Trained in learn/, only applied here.

import { CATEGORIES } from '../domain/categories.ts';
import type { Bottlenecks } from '../domain/job.ts';
import { softmax, type Scores } from '../domain/scores.ts';
import { SemtagError } from '../errors.ts';
import { headFileText, openHeadFile, storedFloats, toText, type Envelope } from './head-file.ts';
import type { Space } from './space.ts';

export const HEAD_FORMAT = 'semtag-head/1';

export type Head = Envelope & {
  /** SHA-256 of the file: names this head exactly */
  sha256: string;
  /** every number is replaced by its root, the sign kept, before it is standardised: strong features do not drown the others (Perronnin et al., ECCV 2010) */
  roots: boolean;
  /** of the training bottlenecks; `scale` is 1 / standard deviation. [length] each */
  mean: Float32Array;
  scale: Float32Array;
  /** [categories x length], row-major, for standardised bottlenecks */
  weights: Float32Array;
  /** [categories] */
  bias: Float32Array;
  /** where its images are compared; absent in heads of before it was trained along: such a head cannot be taught by answers */
  space?: Space;
};

/** The part of a head that gives logits. */
export type Linear = Pick<Head, 'length' | 'roots' | 'mean' | 'scale' | 'weights' | 'bias'>;

/** Logits of one bottleneck, in double precision and in the order of CATEGORIES: W ((x - mean) scale) + b, with x or its roots. */
export function logitsOf(head: Linear, bottleneck: Float32Array): Float64Array {
  const { length, roots, mean, scale, weights, bias } = head;
  const logits = Float64Array.from(bias);
  for (let j = 0; j < length; j++) {
    const x = ((roots ? rootOf(bottleneck[j]!) : bottleneck[j]!) - mean[j]!) * scale[j]!;
    for (let c = 0; c < logits.length; c++) logits[c]! += weights[c * length + j]! * x;
  }
  return logits;
}

/** The square root with the sign kept. */
export function rootOf(v: number): number {
  return v < 0 ? -Math.sqrt(-v) : Math.sqrt(v);
}

/** Mean of the views' logits. [categories] */
export function meanLogits(head: Linear, views: Float32Array[]): Float64Array {
  const sum = new Float64Array(CATEGORIES.length);
  for (const view of views) logitsOf(head, view).forEach((v, c) => (sum[c]! += v));
  return sum.map((v) => v / views.length);
}

/** softmax(mean over the views of the logits / temperature). Throws model_missing for bottlenecks of another backbone or preprocessing. */
export function scoresFrom(head: Head, bottlenecks: Bottlenecks): Scores {
  if (bottlenecks.backbone !== head.backbone.sha256 || bottlenecks.preprocessing !== head.preprocessing)
    throw new SemtagError(
      'model_missing',
      `head ${head.name} is for ${head.backbone.name} with ${head.preprocessing}, these bottlenecks are not`,
    );
  return softmax(meanLogits(head, bottlenecks.views), head.temperature);
}

/** The file's text; the same head gives the same bytes. */
export function headText(head: Omit<Head, 'sha256'>): string {
  const { name, backbone, preprocessing, length, roots, temperature, space } = head;
  return headFileText({
    format: HEAD_FORMAT,
    name,
    backbone,
    preprocessing,
    length,
    roots,
    temperature,
    categories: [...CATEGORIES],
    mean: toText(head.mean),
    scale: toText(head.scale),
    weights: toText(head.weights),
    bias: toText(head.bias),
    ...(space ? { space: { rotation: toText(space.rotation), variance: toText(space.variance) } } : {}),
  });
}

/** Throws model_missing, naming `where`, when it is no head or a damaged one. */
export function parseHead(text: string, where: string): Head {
  const { envelope, sha256, rest, wrong } = openHeadFile(text, where, HEAD_FORMAT, 'a head');
  const { categories, roots } = rest;
  if (!Array.isArray(categories) || categories.join() !== CATEGORIES.join())
    throw wrong('its categories are not the ten');
  const { length } = envelope;
  const [mean, scale, weights, bias] = [rest['mean'], rest['scale'], rest['weights'], rest['bias']].map(storedFloats); // prettier-ignore
  if (
    mean?.length !== length ||
    scale?.length !== length ||
    weights?.length !== length * CATEGORIES.length ||
    bias?.length !== CATEGORIES.length
  )
    throw wrong('its parts do not fit each other');
  const head = { ...envelope, sha256, roots: roots === true, mean, scale, weights, bias };
  if (rest['space'] === undefined) return head;
  const space = spaceFrom(rest['space'], length);
  if (!space) throw wrong('its space does not fit its bottlenecks');
  return { ...head, space };
}

function spaceFrom(stored: unknown, length: number): Space | undefined {
  const parts = (stored ?? {}) as Record<string, unknown>;
  const [rotation, variance] = [storedFloats(parts['rotation']), storedFloats(parts['variance'])];
  if (!rotation || !variance || variance.length === 0) return undefined;
  return rotation.length === variance.length * length && variance.every((v) => v > 0)
    ? { rotation, variance }
    : undefined;
}
