// A picture coloured by direction, as OrientationJ shows it: hue = direction, saturation = local coherency, brightness = the picture. For eyes only.

import type { ColourPicture, Grey } from '../domain/grey.ts';
import type { ScanArea } from '../domain/header.ts';
import { alignmentField, localTensor } from './alignment.ts';
import { coherency, directionOf, gradient, products, SMALLEST_SIDE } from './structure-tensor.ts';

/** 0 degrees red, 60 green, 120 blue, 180 red again. Undefined for a picture of a few pixels. */
export function orientationMap(
  grey: Grey,
  scanArea: Pick<ScanArea, 'width' | 'height'>,
): ColourPicture | undefined {
  const field = alignmentField(grey, scanArea);
  const { width, height, values } = field;
  if (Math.min(width, height) < SMALLEST_SIDE) return undefined;
  const { xx, xy, yy } = localTensor(products(gradient(field)), field);
  const { low, high } = range(values);
  const rgb = new Uint8Array(3 * values.length);
  for (let i = 0; i < values.length; i++) {
    const tensor = { xx: xx[i]!, xy: xy[i]!, yy: yy[i]! };
    const brightness = Math.min(1, Math.max(0, (values[i]! - low) / (high - low)));
    rgb.set(colourOf(directionOf(tensor), coherency(tensor), brightness), 3 * i);
  }
  return { width, height, rgb };
}

/** HSB to RGB (Smith, Color gamut transform pairs, SIGGRAPH 1978), the hue twice the direction. Bytes. */
export function colourOf(
  direction: number,
  saturation: number,
  brightness: number,
): [number, number, number] {
  const of = (n: number) => {
    const k = (n + direction / 30) % 6;
    return Math.round(255 * brightness * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1))));
  };
  return [of(5), of(3), of(1)];
}

/** Between the first and the 99th percentile, so that a dark picture shows its colours too. */
function range(values: Float32Array): { low: number; high: number } {
  const sorted = values.toSorted();
  const low = sorted[Math.floor(0.01 * (sorted.length - 1))]!;
  return { low, high: Math.max(sorted[Math.floor(0.99 * (sorted.length - 1))]!, low + 1) };
}
