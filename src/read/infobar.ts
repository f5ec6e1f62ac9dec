// Which rows of a picture are sample: by the header where it tells, else by finding the info bar that many instruments draw into the lower
// part of the frame. Cuts only what is surely a bar: a bar left in costs the classifier little, a lost part of the sample may cost the label.

import type { Grey } from '../domain/grey.ts';
import type { InstrumentHeader, ScanArea } from '../domain/header.ts';

/** Shares of the stored height. Bars seen: 5.5 % (Phenom) to 16 %; SmartSEM and old FEI may leave a strip of sample below theirs. */
const LOWEST_BAR = 0.015;
const HIGHEST_CUT = 0.27;
const MOST_BELOW_BAR = 0.14;
/** Part of a row that paper fills: in text rows of a bar that spans half the width it is this low. */
const PAPER_ROW = 0.35;

/** The header's scan area; without one what the pixels show; without a bar the whole page. Rows count from the top. */
export function scanAreaOf(grey: Grey, header: InstrumentHeader | undefined): ScanArea {
  const told = header?.scanArea;
  if (told && told.width > 0 && told.height > 0 && told.width <= grey.width && told.height <= grey.height)
    return told;
  return { width: grey.width, height: rowsAboveBar(grey), origin: 'derived' };
}

/** Number of rows above the info bar; the picture's height when there is none. */
export function rowsAboveBar(grey: Grey): number {
  const low = lowerPart(grey);
  let top = low.rows;
  // a bar may have two bands of different paper; a third one would be sample
  for (let band = 0; band < 2; band++) {
    const found = bandEndingAt(low, top, band > 0);
    if (found === undefined) break;
    top = found;
  }
  return low.first + top;
}

/**
 * The rows that a bar can be in, from a little above, and what of the picture they are.
 * 16-bit samples are taken 64 levels together, so that a row has enough samples a level.
 */
type LowerPart = {
  grey: Grey;
  first: number;
  rows: number;
  width: number;
  /** samples of a row in its histogram */
  counted: number;
  shift: number;
  levels: number;
  histograms: Uint32Array;
};

function lowerPart(grey: Grey): LowerPart {
  const { width, height, data, bits } = grey;
  const first = Math.max(0, Math.floor(height * (1 - HIGHEST_CUT - 0.06)));
  const shift = bits === 16 ? 6 : 0;
  const levels = 65536 >> (bits === 16 ? 6 : 8);
  const rows = height - first;
  // a thousand samples tell the share of a row well enough
  const step = Math.max(1, Math.floor(width / 1024));
  const histograms = new Uint32Array(rows * levels);
  for (let y = 0; y < rows; y++) {
    const at = (first + y) * width;
    const row = y * levels;
    for (let x = 0; x < width; x += step) histograms[row + (data[at + x]! >> shift)]!++;
  }
  return { grey, first, rows, width, counted: Math.ceil(width / step), shift, levels, histograms };
}

/** Paper: the level that fills most of a bar, how far its samples stray (0 as written, more after JPEG), the least rise of its share. */
type Paper = { level: number; spread: number; jump: number };

/** Row where a band begins that ends at `bottom`, or not far above it when it is the first one. Undefined: there is none. */
function bandEndingAt(low: LowerPart, bottom: number, second: boolean): number | undefined {
  let best: Band | undefined;
  for (const paper of papersOf(low, bottom))
    for (const band of bandsOf(low, bottom, paper)) {
      if (
        second
          ? band.end < bottom - 2 || band.jump < 0.5
          : band.end < low.rows - MOST_BELOW_BAR * low.grey.height
      )
        continue;
      if ((!best || band.jump > best.jump) && hasInk(low, band, paper)) best = band;
    }
  return best && withFrameLine(low, best.top);
}

/** Levels that fill much of many rows, the most frequent first. */
function papersOf(low: LowerPart, bottom: number): Paper[] {
  const votes = new Float64Array(low.levels);
  for (let y = 0; y < bottom; y++) {
    let top = 0;
    const at = y * low.levels;
    for (let v = 1; v < low.levels; v++) if (low.histograms[at + v]! > low.histograms[at + top]!) top = v;
    // after JPEG the paper is spread over some levels, and still far above a sample's few per cent a level
    const share = low.histograms[at + top]! / low.counted;
    if (share > 0.1) votes[top]! += share;
  }
  const unit = low.levels / 256;
  const papers: Paper[] = [];
  for (let n = 0; n < 3; n++) {
    let level = 0;
    for (let v = 1; v < low.levels; v++) if (votes[v]! > votes[level]!) level = v;
    if (votes[level] === 0) break;
    for (let v = Math.max(0, level - 6 * unit); v <= Math.min(low.levels - 1, level + 6 * unit); v++)
      votes[v] = 0;
    papers.push({ level, spread: 0, jump: 0.3 });
    // JPEG smears bars; a smeared middle grey may also be a flat part of the sample: that one must begin more sharply
    const sharp = level < 32 * unit || level >= 224 * unit ? 0.3 : 0.6;
    papers.push({ level, spread: 2 * unit, jump: 0.3 }, { level, spread: 6 * unit, jump: sharp });
  }
  return papers;
}

type Band = { top: number; end: number; jump: number };

/**
 * Bands that begin all at once: mostly paper below the row, not above it. A dark sample fades out or goes on and has no such row.
 * A band ends at `bottom` or where paper is missing in several rows.
 */
function bandsOf(low: LowerPart, bottom: number, paper: Paper): Band[] {
  const share = Float64Array.from({ length: bottom }, (_, y) => paperShare(low, y, paper));
  const mean = (from: number, to: number) => {
    let sum = 0;
    for (let y = Math.max(0, from); y < to; y++) sum += share[y]!;
    return sum / Math.max(1, to - Math.max(0, from));
  };
  const least = Math.max(6, Math.round(low.grey.height * LOWEST_BAR));
  const gap = Math.max(4, Math.round(least / 2));
  const bands: Band[] = [];
  for (let top = Math.ceil(low.grey.height * (1 - HIGHEST_CUT)) - low.first; top <= bottom - least; top++) {
    const jump = mean(top, top + 3) - mean(top - 3, top);
    if (jump < paper.jump) continue;
    let end = top;
    for (let y = top; y < bottom && y - end < gap; y++) if (share[y]! >= PAPER_ROW) end = y + 1;
    // the last rows of the picture may be a frame line or a row of ink
    if (bottom - end < gap) end = bottom;
    if (end - top < least || mean(top, end) < 0.5) continue;
    if (mean(top - Math.max(10, end - top), top) > 0.55 * mean(top, end)) continue;
    if (end < bottom && mean(end - 3, end) - mean(end, end + 3) < 0.25) continue;
    bands.push({ top, end, jump });
  }
  return bands;
}

function paperShare(low: LowerPart, y: number, { level, spread }: Pick<Paper, 'level' | 'spread'>): number {
  let n = 0;
  const to = Math.min(low.levels - 1, level + spread);
  for (let v = Math.max(0, level - spread); v <= to; v++) n += low.histograms[y * low.levels + v]!;
  return n / low.counted;
}

/** Letters: some rows change several times between paper and something far from it. */
function hasInk(low: LowerPart, { top, end }: Band, { level, spread }: Paper): boolean {
  const far = (50 * low.levels) / 256 + spread;
  const { data } = low.grey;
  let written = 0;
  for (let y = low.first + top; y < low.first + end; y++) {
    let changes = 0;
    let inked = false;
    for (let i = y * low.width, last = i + low.width; i < last; i++) {
      const ink = Math.abs((data[i]! >> low.shift) - level) > far;
      if (ink !== inked) changes++;
      inked = ink;
    }
    if (changes >= 10) written++;
  }
  return written >= Math.max(3, 0.08 * (end - top));
}

/** Rows of one level right above the bar: the line that some instruments draw there. More than four rows of it are sample. */
function withFrameLine(low: LowerPart, top: number): number {
  const spread = (5 * low.levels) / 256;
  const { data } = low.grey;
  for (let y = top; y > 0 && y > top - 5; y--) {
    const level = data[(low.first + y - 1) * low.width + (low.width >> 1)]! >> low.shift;
    if (paperShare(low, y - 1, { level, spread }) < 0.95) return y;
  }
  return top;
}
