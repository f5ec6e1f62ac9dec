// Training views of one picture: fixed and random crops, flipped and turned, so that few images teach more. Seeded by the image, never by the run.

import type { Cut } from './area.ts';
import { centreSquare, viewOf, viewsOf, wholeCut, type Picture } from './preprocess.ts';
import { shrinks, summedArea, type Steps } from './summed-area.ts';
import { randomOf } from '../domain/random.ts';

/** Changing what is cut needs a new version: cached bottlenecks carry it. */
export const TRAINING_VIEWS = 'crops-2';

const RANDOM_CROPS = 8;
const SQUARE = 0.75;
const SMALLEST_AREA = 0.35;
/** Crops are cut from the picture at this many samples a view's sample along its shorter side, or more. */
const FINEST = 2;

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
  // all crops from one table of sums: by themselves they would cost a fifth of the network's time
  const sums = summedArea(picture, FINEST * size, size);
  const crops = [...fixed, ...loose].map((cut) => {
    const steps = stepsOf(Math.floor(random() * 8), size);
    return shrinks(sums, cut, size) ? sums.crop(cut, steps) : turned(viewOf(picture, cut, size), steps);
  });
  return [...viewsOf(picture, size), ...crops];
}

/** One of the eight symmetries of the square: bit 0 mirrors, bit 1 flips, bit 2 swaps rows and columns. */
export function stepsOf(symmetry: number, size: number): Steps {
  const [row, column] = symmetry & 4 ? [1, size] : [size, 1];
  const [flip, mirror] = [symmetry & 2, symmetry & 1];
  const last = size - 1;
  return {
    first: (flip ? last * row : 0) + (mirror ? last * column : 0),
    row: flip ? -row : row,
    column: mirror ? -column : column,
  };
}

export function turned(view: Float32Array, { first, row, column }: Steps): Float32Array {
  const size = Math.sqrt(view.length);
  const out = new Float32Array(view.length);
  for (let y = 0, i = 0; y < size; y++)
    for (let x = 0, from = first + y * row; x < size; x++, from += column) out[i++] = view[from]!;
  return out;
}
