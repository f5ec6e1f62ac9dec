// Training views of one picture: fixed and random crops, flipped and turned, so that few images teach more. Seeded by the image, never by the run.

import type { Cut } from './area.ts';
import { centreSquare, gainOf, viewOf, viewsOf, wholeCut, type Picture } from './preprocess.ts';
import { averaged, shrinks, summedArea } from './summed-area.ts';
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
  const sums = summedArea(picture, FINEST * size);
  const crops = [...fixed, ...loose].map((cut) => {
    const symmetry = Math.floor(random() * 8);
    if (!shrinks(sums, cut, size)) return turned(viewOf(picture, cut, size), size, symmetry);
    const averages = averaged(sums, cut, size);
    return turned(averages, size, symmetry, contrastOf(averages));
  });
  return [...viewsOf(picture, size), ...crops];
}

/** One of the eight symmetries of the square: bit 0 mirrors, bit 1 flips, bit 2 swaps rows and columns. `contrast`: stretched in the same pass. */
export function turned(
  view: Float32Array | Float64Array,
  size: number,
  symmetry: number,
  contrast?: Contrast,
): Float32Array {
  const out = new Float32Array(view.length);
  const [row, column] = symmetry & 4 ? [1, size] : [size, 1];
  const [flip, mirror] = [symmetry & 2, symmetry & 1];
  const step = mirror ? -column : column;
  for (let y = 0; y < size; y++) {
    let from = (flip ? size - 1 - y : y) * row + (mirror ? (size - 1) * column : 0);
    for (let x = 0; x < size; x++, from += step) {
      let v = view[from]!;
      if (contrast) v = Math.min(Math.max(0.5 + contrast.gain * (v - contrast.mean), 0), 1);
      out[y * size + x] = v;
    }
  }
  return out;
}

type Contrast = { mean: number; gain: number };

/** As `stretched` of preprocess.ts has it. */
function contrastOf(view: Float64Array): Contrast {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < view.length; i++) {
    const v = view[i]!;
    sum += v;
    squares += v * v;
  }
  const mean = sum / view.length;
  return { mean, gain: gainOf(Math.max(0, squares / view.length - mean * mean)) };
}
