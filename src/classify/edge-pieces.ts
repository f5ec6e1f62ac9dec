// The edges of a picture as straight pieces with direction and length: what wires are counted by. Pure numbers: knows no category.

import { gradient, smoothed, SMALLEST_SIDE, type Field } from './structure-tensor.ts';

export type EdgePieces = {
  /** degrees from 0 to below 180, anticlockwise as seen, 0 is along the rows. [pieces] */
  directions: number[];
  /** pixels. [pieces] */
  lengths: number[];
};

/** Standard deviation in pixels of the window before slopes are taken: lets noise of a sixth of the contrast pass, and keeps wires of 2 pixels apart. */
const WINDOW = 1.5;
/** A slope counts from this many standard deviations of the slopes of noise on, and from this share of the picture's strong edges. */
const ABOVE_NOISE = 5;
const SHARE_OF_STRONG = 0.1;
const STRONG = 0.8;
/** The slope of a pixel of a piece lies within so many degrees of the piece's own. */
const TOLERANCE = 30;
/** Shorter pieces have no direction of their own: ends of wires, noise. */
const SHORTEST = 4;
/** A piece goes on over a gap of one pixel. */
const REACH = 2;

/**
 * Pixels where the slope is steepest across the edge are joined to pieces of one direction, as line segment detectors do (Burns, Hanson &
 * Riseman 1986; von Gioi et al. 2010); the direction is that of the piece's own pixels, which noise of single slopes hardly moves. Every edge
 * counts by its length, however bright: weighting by energy would count the brighter wires instead of the longer ones.
 */
export function edgePieces(field: Field): EdgePieces {
  const { width, height } = field;
  const found: EdgePieces = { directions: [], lengths: [] };
  if (Math.min(width, height) < SMALLEST_SIDE) return found;
  const values = smoothed(field.values, width, height, WINDOW);
  const slope = gradient({ width, height, values });
  const candidates = ridges(slope, width, height, ABOVE_NOISE * slopeOfNoise(field));
  const free = new Uint8Array(width * height);
  for (const at of candidates) free[at] = 1;
  const piece = new Int32Array(candidates.length);
  for (const seed of candidates) {
    if (!free[seed]) continue;
    const size = grow(seed, piece, free, slope, width);
    if (size < 2) continue;
    const { direction, length } = measured(piece, size, width);
    if (length < SHORTEST) continue;
    found.directions.push(direction);
    found.lengths.push(length);
  }
  return found;
}

type Slope = { x: Float32Array; y: Float32Array };

/** One pixel a row or column: those steeper than their neighbours along the axis that the slope is closer to. */
function ridges({ x, y }: Slope, width: number, height: number, least: number): Int32Array {
  const n = width * height;
  const steepness = new Float32Array(n);
  for (let i = 0; i < n; i++) steepness[i] = Math.sqrt(x[i]! * x[i]! + y[i]! * y[i]!);
  const candidates = new Int32Array(n);
  let count = 0;
  // two pixels from the border the window has repeated the edge pixels
  for (let row = 2; row < height - 2; row++)
    for (let at = row * width + 2, end = (row + 1) * width - 2; at < end; at++) {
      const s = steepness[at]!;
      if (s < least) continue;
      const step = Math.abs(x[at]!) > Math.abs(y[at]!) ? 1 : width;
      if (s >= steepness[at - step]! && s > steepness[at + step]!) candidates[count++] = at;
    }
  const steep = candidates.subarray(0, count).map((at) => at);
  const sorted = Float32Array.from(steep, (at) => steepness[at]!).sort();
  const from = SHARE_OF_STRONG * (sorted[Math.floor(STRONG * count)] ?? 0);
  return steep.filter((at) => steepness[at]! >= from);
}

/** Pixels that join one by one: near, of the same side of an edge, and with a slope along the mean of those before. Gives how many. */
function grow(seed: number, piece: Int32Array, free: Uint8Array, { x, y }: Slope, width: number): number {
  const enough = Math.cos((TOLERANCE * Math.PI) / 180);
  let [sumX, sumY, size] = [0, 0, 0];
  const add = (at: number) => {
    const steepness = Math.sqrt(x[at]! * x[at]! + y[at]! * y[at]!);
    sumX += x[at]! / steepness;
    sumY += y[at]! / steepness;
    free[at] = 0;
    piece[size++] = at;
  };
  add(seed);
  for (let k = 0; k < size; k++)
    for (let dy = -REACH; dy <= REACH; dy++)
      for (let dx = -REACH; dx <= REACH; dx++) {
        const at = piece[k]! + dy * width + dx;
        if (!free[at]) continue;
        const along = x[at]! * sumX + y[at]! * sumY;
        const lengths = (x[at]! * x[at]! + y[at]! * y[at]!) * (sumX * sumX + sumY * sumY);
        if (along > 0 && along * along > enough * enough * lengths) add(at);
      }
  return size;
}

/** Direction: the long axis of the pixels. Length: they are one a column, or one a row where the piece is steep. */
function measured(piece: Int32Array, size: number, width: number): { direction: number; length: number } {
  let [mx, my, xx, xy, yy] = [0, 0, 0, 0, 0];
  const [x0, y0] = [piece[0]! % width, Math.floor(piece[0]! / width)];
  for (let k = 0; k < size; k++) {
    const [x, y] = [(piece[k]! % width) - x0, Math.floor(piece[k]! / width) - y0];
    mx += x;
    my += y;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  const angle = Math.atan2(2 * (xy - (mx * my) / size), xx - (mx * mx) / size - yy + (my * my) / size) / 2;
  const degrees = (-angle * 180) / Math.PI; // rows go down, angles up
  return {
    direction: degrees < 0 ? degrees + 180 : degrees,
    length: size / Math.max(Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))),
  };
}

/**
 * Standard deviation of one component of the slope of white noise behind the window. The noise itself: median of a difference that edges
 * hardly touch (Immerkaer, Comput. Vis. Image Underst. 64, 300, 1996; median / 0.6745 instead of its mean, so that crowded edges do not count).
 */
function slopeOfNoise({ width, height, values: v }: Field): number {
  const found: number[] = [];
  for (let row = 1; row < height - 1; row += 4)
    for (let at = row * width + 1, end = (row + 1) * width - 1; at < end; at += 3) {
      const [up, down] = [at - width, at + width];
      const corners = v[up - 1]! + v[up + 1]! + v[down - 1]! + v[down + 1]!;
      const sides = v[up]! + v[down]! + v[at - 1]! + v[at + 1]!;
      found.push(Math.abs(corners - 2 * sides + 4 * v[at]!));
    }
  const noise = (Float32Array.from(found).sort()[found.length >> 1] ?? 0) / 0.6745 / 6;
  // a derivative of a Gaussian window passes 1 / (sqrt(8 pi) s^2) of white noise
  return noise / (Math.sqrt(8 * Math.PI) * WINDOW * WINDOW);
}
