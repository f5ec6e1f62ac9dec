// Frames that are no picture of a sample: told by the header (navigation camera, chamber view) or plain to see (blank, screenshot).
// Conservative: a sample taken for a blank frame would never get a label by itself, a blank frame that is asked about costs one answer.

import type { Grey } from '../domain/grey.ts';
import type { FrameKind, InstrumentHeader } from '../domain/header.ts';

/** `rows`: the scan, without the info bar. */
export function frameOf(
  grey: Grey,
  header: InstrumentHeader | undefined,
  rows = grey.height,
): FrameKind | undefined {
  if (header?.frame) return header.frame;
  if (isBlank(grey, rows)) return 'blank';
  return isScreenshot(grey, rows) ? 'screenshot' : undefined;
}

/** Side of the blocks whose means tell structure from noise. */
const BLOCK = 16;

/**
 * One level, or the noise of the amplifier on a black or white ground: block means stray no more than those of pure noise do, and
 * neighbours know nothing of each other. A featureless film under the beam is neither black nor white and stays a picture.
 */
function isBlank(grey: Grey, rows: number): boolean {
  if (rows < BLOCK || grey.width < BLOCK) return false;
  // some hundred blocks are enough to see that a picture is not blank, which nearly all are
  const step = Math.max(2, Math.floor(Math.min(rows, grey.width) / (16 * BLOCK)));
  return looksBlank(grey, rows, step) && looksBlank(grey, rows, 1);
}

function looksBlank({ width, data, bits }: Grey, rows: number, step: number): boolean {
  const full = bits === 16 ? 65535 : 255;
  let [sum, sum2, pairs, min, max] = [0, 0, 0, Infinity, -Infinity];
  let [means2, blocks] = [0, 0];
  for (let by = 0; by + BLOCK <= rows; by += BLOCK * step)
    for (let bx = 0; bx + BLOCK <= width; bx += BLOCK * step) {
      let block = 0;
      for (let y = by; y < by + BLOCK; y++)
        for (let x = 0, i = y * width + bx; x < BLOCK; x++, i++) {
          const v = data[i]!;
          block += v;
          sum2 += v * v;
          // two to the right: next-door pixels may share a detector's afterglow
          if (x + 2 < BLOCK) pairs += v * data[i + 2]!;
          if (v < min) min = v;
          if (v > max) max = v;
        }
      sum += block;
      means2 += (block / BLOCK ** 2) ** 2;
      blocks++;
    }
  if (max - min <= (bits === 16 ? 15 : 1)) return true;
  const n = blocks * BLOCK ** 2;
  const mean = sum / n;
  const variance = sum2 / n - mean * mean;
  const ground = mean < 0.08 * full || mean > 0.96 * full;
  if (!ground || Math.sqrt(variance) > 0.03 * full) return false;
  const ofMeans = means2 / blocks - mean * mean;
  const correlation = (pairs / (n * (1 - 2 / BLOCK)) - mean * mean) / variance;
  // pure noise: variance of means = variance / 256; three times that leaves room for a slow drift of the amplifier
  return ofMeans < (3 * variance) / BLOCK ** 2 && Math.abs(correlation) < 0.1;
}

/**
 * Drawn, not scanned: most pixels equal their neighbours to the bit, over several grey levels, and rows repeat each other. A scan has
 * noise everywhere but where it is cut off at black or white.
 */
function isScreenshot(grey: Grey, rows: number): boolean {
  if (grey.bits !== 8 || rows < 32) return false;
  // some rows first: a scan is never flat enough to look closer
  if (drawnShares(grey, rows, Math.max(4, Math.floor(rows / 64))).flat < 0.4) return false;
  const { flat, areas, repeated } = drawnShares(grey, rows);
  return flat > 0.6 && areas >= 3 && repeated > 0.08;
}

/** Shares of the picture: pixels equal to their right and lower neighbours; levels whose flat pixels fill 1.5 % or more; rows equal to the one above. */
function drawnShares(
  { width, data }: Grey,
  rows: number,
  step = 1,
): { flat: number; areas: number; repeated: number } {
  const flatAt = new Uint32Array(256);
  let [repeated, looked] = [0, 0];
  for (let y = 0; y + 1 < rows; y += step) {
    let same = 0;
    looked++;
    for (let x = 0, i = y * width; x + 1 < width; x++, i++) {
      const v = data[i]!;
      if (v !== data[i + width]) continue;
      same++;
      if (v === data[i + 1]) flatAt[v]!++;
    }
    if (same === width - 1) repeated++;
  }
  const pixels = width * looked;
  const flat = flatAt.reduce((a, b) => a + b, 0) / pixels;
  // black and white are what a scan too can be full of
  const areas = flatAt.subarray(4, 252).filter((n) => n > 0.015 * pixels).length;
  return { flat, areas, repeated: repeated / looked };
}
