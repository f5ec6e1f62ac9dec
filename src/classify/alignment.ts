// How far the structure of one picture lies in one direction: the gradient measures of the child. Knows no category, no head and no store.

import type { AlignmentMeasures } from '../domain/alignment.ts';
import type { Grey } from '../domain/grey.ts';
import type { ScanArea } from '../domain/header.ts';
import { alignedFraction } from './aligned-fraction.ts';
import { edgePieces } from './edge-pieces.ts';
import { fitted } from './fitted.ts';
import { pictureOf } from './preprocess.ts';
import {
  coherency,
  difference,
  directionOf,
  gradient,
  meanTensor,
  products,
  smoothed,
  SMALLEST_SIDE,
  type Field,
  type Tensor,
} from './structure-tensor.ts';

/** Stored with every measure: any change of a result needs a new version. */
export const MEASURE = 'gradient-1';

/**
 * Pixels of the longest side that is measured on. Smaller pictures are taken as they are. At 512 the measure takes some ten milliseconds whatever
 * the instrument's resolution, and a wire that is 1/250 of the picture wide still has the two pixels that a direction needs.
 */
export const LONGEST_SIDE = 512;

/** Standard deviation in pixels of the window of the local tensor, the one that OrientationJ offers first is 2. */
export const WINDOW = 2;

/** Undefined where there is nothing to measure: a picture of a few pixels, or one without any edge. */
export function measureAlignment(
  grey: Grey,
  scanArea: Pick<ScanArea, 'width' | 'height'>,
): AlignmentMeasures | undefined {
  const field = alignmentField(grey, scanArea);
  if (Math.min(field.width, field.height) < SMALLEST_SIDE) return undefined;
  const aligned = alignedFraction(edgePieces(field));
  if (!aligned) return undefined;
  const { globalCoherency, localCoherency } = coherencies(field);
  const { fraction: alignedShare, direction: orientation, histogram } = aligned;
  return {
    measure: MEASURE,
    globalCoherency,
    localCoherency,
    alignedFraction: alignedShare,
    orientation,
    histogram,
  };
}

/** The scan area as it is measured on: 0..255, info bar cut, the longest side at most 512 pixels. */
export function alignmentField(grey: Grey, scanArea: Pick<ScanArea, 'width' | 'height'>): Field {
  return fitted(pictureOf(grey, scanArea), LONGEST_SIDE);
}

export type Coherencies = {
  globalCoherency: number;
  localCoherency: number;
  /** direction of the mean tensor in degrees, 0 <= d < 180, anticlockwise from the rows */
  meanOrientation: number;
};

/** Global: of the mean tensor. Local: mean of the local coherency weighted by energy, which is sum(l1 - l2) / sum(l1 + l2). */
export function coherencies(field: Field, window = WINDOW): Coherencies {
  const raw = products(gradient(field));
  const mean = meanTensor(raw);
  const local = localTensor(raw, field, window);
  let [sum, energy] = [0, 0];
  for (let i = 0; i < local.xx.length; i++) {
    const tensor = { xx: local.xx[i]!, xy: local.xy[i]!, yy: local.yy[i]! };
    sum += difference(tensor);
    energy += tensor.xx + tensor.yy;
  }
  return {
    globalCoherency: coherency(mean),
    localCoherency: energy > 0 ? sum / energy : 0,
    meanOrientation: directionOf(mean),
  };
}

export function localTensor(
  { xx, xy, yy }: Tensor<Float32Array>,
  { width, height }: Field,
  window = WINDOW,
): Tensor<Float32Array> {
  const over = (plane: Float32Array) => smoothed(plane, width, height, window);
  return { xx: over(xx), xy: over(xy), yy: over(yy) };
}
