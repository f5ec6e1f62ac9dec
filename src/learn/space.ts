// The space that a trained head carries: principal axes of its own training bottlenecks. The same bottlenecks give the same bytes.

import type { Linear } from '../classify/head.ts';
import { standardised, type Space } from '../classify/space.ts';
import { principalAxes } from './principal-axes.ts';

/** As good as 320 in replays (docs/teaching-figures.md), at a fifth of the size and time. */
export const AXES = 64;

/** Below this share of the widest axis an axis is rounding. */
const LEAST = 1e-6;

/** `views`: of each training image those of classification. Fewer axes than asked for where so few images span no more. */
export function fitSpace(
  head: Pick<Linear, 'length' | 'roots' | 'mean' | 'scale'>,
  views: Float32Array[],
  axes = AXES,
): Space {
  const { length } = head;
  const { vectors, variance } = principalAxes(
    views.map((view) => standardised(head, view)),
    axes,
  );
  const kept = variance.filter((v) => v > LEAST * variance[0]!).length;
  return {
    rotation: Float32Array.from(vectors.subarray(0, kept * length)),
    variance: Float32Array.from(variance.subarray(0, kept)),
  };
}
