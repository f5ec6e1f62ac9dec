// Where an image lies among others: the principal axes of the bottlenecks that a head was trained on. Answers are compared here; never changed by one.

import { rootOf, type Linear } from './head.ts';

/** On top of the head's own standardisation. Axes are orthonormal, the widest first. */
export type Space = {
  /** [axes x length], row-major */
  rotation: Float32Array;
  /** mean square of the training bottlenecks along each axis, above 0; [axes] */
  variance: Float32Array;
};

/** `x`: coordinates, the mean of the views'; [axes]. `u`: each over the axis's own spread, scaled to length 1; all 0 for an image at the origin. */
export type Place = { x: Float32Array; u: Float32Array };

/** `views`: bottlenecks of the two views of classification. */
export function placeOf(
  head: Pick<Linear, 'length' | 'roots' | 'mean' | 'scale'>,
  { rotation, variance }: Space,
  views: Float32Array[],
): Place {
  const { length } = head;
  const mean = new Float64Array(length);
  for (const view of views) {
    const standard = standardised(head, view);
    for (let j = 0; j < length; j++) mean[j]! += standard[j]! / views.length;
  }
  const x = Float32Array.from(variance, (_, k) => {
    let sum = 0;
    for (let j = 0; j < length; j++) sum += rotation[k * length + j]! * mean[j]!;
    return sum;
  });
  const spread = Float64Array.from(x, (v, k) => v / Math.sqrt(variance[k]!));
  const size = Math.sqrt(spread.reduce((sum, v) => sum + v * v, 0)) || 1;
  return { x, u: Float32Array.from(spread, (v) => v / size) };
}

/** A bottleneck as the head's weights see it; [length] */
export function standardised(
  { length, roots, mean, scale }: Pick<Linear, 'length' | 'roots' | 'mean' | 'scale'>,
  bottleneck: Float32Array,
): Float64Array {
  const standard = new Float64Array(length);
  for (let j = 0; j < length; j++)
    standard[j] = ((roots ? rootOf(bottleneck[j]!) : bottleneck[j]!) - mean[j]!) * scale[j]!;
  return standard;
}
