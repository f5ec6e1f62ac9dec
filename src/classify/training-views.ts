// Training views of one picture: fixed and random crops, flipped and turned, so that few images teach more. Seeded by the image, never by the run.

import type { Cut } from './area.ts';
import { centreSquare, viewOf, viewsOf, wholeCut, type Picture } from './preprocess.ts';
import { randomOf } from '../domain/random.ts';

/** Changing what is cut needs a new version: cached bottlenecks carry it. */
export const TRAINING_VIEWS = 'crops-1';

const RANDOM_CROPS = 8;
const SQUARE = 0.75;
const SMALLEST_AREA = 0.35;

/**
 * First the two views of classification, untouched; then five squares of 0.75 side (corners and centre) and eight random crops (area 0.35 to
 * 1), each in one of the eight flips and turns. 15 arrays of size * size values.
 */
export function trainingViews(picture: Picture, size: number, seed: number): Float32Array[] {
  const random = randomOf(seed);
  const whole = wholeCut(picture);
  const centre = centreSquare(picture);
  const side = centre.width * SQUARE;
  const [right, bottom] = [whole.width - side, whole.height - side];
  const square = (left: number, top: number): Cut => ({ left, top, width: side, height: side });
  const fixed = [
    square(0, 0),
    square(right, 0),
    square(0, bottom),
    square(right, bottom),
    square(right / 2, bottom / 2),
  ];
  const loose = Array.from({ length: RANDOM_CROPS }, (): Cut => {
    const scale = Math.sqrt(SMALLEST_AREA + (1 - SMALLEST_AREA) * random());
    const [width, height] = [whole.width * scale, whole.height * scale];
    return { left: (whole.width - width) * random(), top: (whole.height - height) * random(), width, height };
  });
  const crops = [...fixed, ...loose].map((cut) =>
    turned(viewOf(picture, cut, size), size, Math.floor(random() * 8)),
  );
  return [...viewsOf(picture, size), ...crops];
}

/** One of the eight symmetries of the square: bit 0 mirrors, bit 1 flips, bit 2 swaps rows and columns. */
export function turned(view: Float32Array, size: number, symmetry: number): Float32Array {
  if (symmetry === 0) return view;
  const out = new Float32Array(view.length);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const u = symmetry & 1 ? size - 1 - x : x;
      const v = symmetry & 2 ? size - 1 - y : y;
      out[y * size + x] = symmetry & 4 ? view[u * size + v]! : view[v * size + u]!;
    }
  return out;
}
