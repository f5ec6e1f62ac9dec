// From the grey picture to what the backbone sees. Part of the model's identity: any change of a result needs a new PREPROCESSING version.

import type { Grey } from '../domain/grey.ts';
import { scaled, type Cut, type Samples } from './area.ts';

/** Stored with every bottleneck and every head; a head takes only bottlenecks of its own version. */
export const PREPROCESSING = 'stretched-views-1';

/** What the backbone needs to know of a picture: the pixels and how much of them is sample (the info bar lies below). */
export type Picture = Samples & { area: { width: number; height: number } };

/** `scanArea`: the part from the upper left corner that is sample picture, in pixels. Pixels outside it are never looked at. */
export function pictureOf(grey: Grey, scanArea: { width: number; height: number }): Picture {
  const area = {
    width: Math.max(1, Math.min(scanArea.width, grey.width)),
    height: Math.max(1, Math.min(scanArea.height, grey.height)),
  };
  // rows below the scan area must not bleed into the last output row, nor into the percentiles
  const inside: Grey = { ...grey, height: area.height };
  return grey.bits === 8
    ? { grey: inside, area }
    : { grey: inside, area, scale: stretch16(inside, area.width) };
}

/** Pixels that the percentiles are taken from, at least, when a picture has as many: whole rows, evenly spread. */
const ENOUGH = 2 ** 20;

/**
 * Table from 16-bit values to 0..255: linear between the 0.1 and 99.9 percentiles of the scan area, clipped.
 * This also settles 12 bits kept in 16.
 */
function stretch16(grey: Grey, width: number): Float32Array {
  const counts = new Uint32Array(65536);
  const step = Math.max(1, Math.floor((width * grey.height) / ENOUGH));
  let total = 0;
  for (let y = 0; y < grey.height; y += step) {
    total += width;
    const at = y * grey.width;
    for (let x = 0; x < width; x++) counts[grey.data[at + x]!]!++;
  }
  const low = percentile(counts, 0.001 * (total - 1));
  const high = Math.max(percentile(counts, 0.999 * (total - 1)), low + 1);
  const table = new Float32Array(counts.length);
  for (let v = 0; v < table.length; v++)
    table[v] = Math.min(Math.max(((v - low) / (high - low)) * 255, 0), 255);
  return table;
}

/** The value at a rank (0-based, rounded to the nearest) of what was counted. */
function percentile(counts: Uint32Array, rank: number): number {
  let left = Math.round(rank);
  for (let v = 0; v < counts.length; v++) {
    left -= counts[v]!;
    if (left < 0) return v;
  }
  return counts.length - 1;
}

/** The largest square in the middle of the scan area. */
export function centreSquare({ area }: Picture): Cut {
  const side = Math.min(area.width, area.height);
  return { left: (area.width - side) / 2, top: (area.height - side) / 2, width: side, height: side };
}

export function wholeCut({ area }: Picture): Cut {
  return { left: 0, top: 0, width: area.width, height: area.height };
}

/** Whole picture squashed to a square, and the centre square: two arrays of size * size values 0..1, row-major. */
export function viewsOf(picture: Picture, size: number): Float32Array[] {
  const whole = wholeCut(picture);
  const centre = centreSquare(picture);
  // a landscape picture has its centre square in the same rows: they are averaged once
  const views =
    centre.height === whole.height
      ? scaled(picture, whole, size, size, [whole, centre])
      : [whole, centre].flatMap((cut) => scaled(picture, cut, size, size));
  return views.map(stretched);
}

/** One cut of the picture as a view: size * size values 0..1. */
export function viewOf(picture: Picture, cut: Cut, size: number): Float32Array {
  return stretched(scaled(picture, cut, size, size)[0]!);
}

/** 0.5 + 0.22 z with z = (v - mean) / (std + 1), clipped to 0..1: the same contrast for every image. In place. */
export function stretched(view: Float32Array): Float32Array {
  const n = view.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += view[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const d = view[i]! - mean;
    squares += d * d;
  }
  const gain = 0.22 / (Math.sqrt(squares / n) + 1);
  for (let i = 0; i < n; i++) {
    const v = 0.5 + gain * (view[i]! - mean);
    view[i] = v < 0 ? 0 : v > 1 ? 1 : v;
  }
  return view;
}
