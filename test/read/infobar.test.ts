// Info bars are found to the row where they are drawn in, and nothing is cut where there is none.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { box, canvas, type Canvas, grain, samples, texture } from '../../fixtures/canvas.ts';
import { type BarStyle, drawBar } from '../../fixtures/databar.ts';
import { type Fixture, makeFixtures } from '../../fixtures/generate.ts';
import { KINDS } from '../../fixtures/make.ts';
import { randomFrom } from '../../fixtures/random.ts';
import type { Grey } from '../../src/domain/grey.ts';
import type { InstrumentHeader } from '../../src/domain/header.ts';
import { rowsAboveBar, scanAreaOf } from '../../src/read/infobar.ts';
import { decode } from '../../src/read/pixels.ts';

const greyOf = (c: Canvas, bits: 8 | 16 = 8): Grey => ({
  width: c.width,
  height: c.height,
  data: samples(c, bits),
  bits,
});

/** A noisy sample of one mean level. */
function sample(level: number, noise = 0.05, width = 400, height = 300): Canvas {
  const random = randomFrom(Math.round(level * 1000) + width);
  const c = canvas(width, height, level);
  texture(c, random, 60, 0.1);
  grain(c, random, noise);
  return c;
}

const WORDS = ['5.00 KV', 'WD 4.2 MM', 'INLENS', '12 JAN 2024'];

describe('rowsAboveBar', () => {
  it.each(['black', 'white'] as BarStyle[])('finds a %s bar on samples of every brightness', (style) => {
    for (const level of [0.05, 0.3, 0.6, 0.95])
      for (const bits of [8, 16] as const) {
        const c = sample(level);
        drawBar(c, 268, WORDS, style);
        expect(rowsAboveBar(greyOf(c, bits)), `${level} ${bits}`).toBe(268);
      }
  });

  it('finds a bar that leaves a strip of sample below it, and one with a line on top', () => {
    const c = sample(0.4);
    const below = canvas(400, 275, 0);
    below.data.set(c.data.subarray(0, below.data.length));
    drawBar(below, 245, WORDS, 'white');
    c.data.set(below.data);
    expect(rowsAboveBar(greyOf(c))).toBe(245);

    const lined = sample(0.4);
    drawBar(lined, 268, WORDS, 'black');
    box(lined, 0, 266, 400, 2, 1);
    expect(rowsAboveBar(greyOf(lined))).toBe(266);
  });

  it.each([0, 0.02, 0.1, 0.5, 0.9, 1])('cuts nothing from a sample of level %s', (level) => {
    expect(rowsAboveBar(greyOf(sample(level)))).toBe(300);
    expect(rowsAboveBar(greyOf(sample(level, 0.3)))).toBe(300);
    expect(rowsAboveBar(greyOf(canvas(400, 300, level)))).toBe(300);
  });

  it('cuts neither a dark lower part nor a scale bar drawn on the sample', () => {
    const dark = sample(0.4);
    box(dark, 0, 255, 400, 45, 0); // saturated and sharply bounded, but nothing is written on it
    expect(rowsAboveBar(greyOf(dark))).toBe(300);
    const label = sample(0.3);
    const corner = canvas(120, 30, 0);
    drawBar(corner, 0, ['2 UM'], 'white');
    for (let y = 0; y < 30; y++)
      label.data.set(corner.data.subarray(y * 120, y * 120 + 120), (265 + y) * 400 + 270);
    expect(rowsAboveBar(greyOf(label))).toBe(300);
  });

  it('takes tiny pictures', () => {
    for (const [w, h] of [
      [1, 1],
      [3, 2],
      [16, 5],
      [40, 12],
    ] as const)
      expect(rowsAboveBar(greyOf(canvas(w, h, 0.5)))).toBe(h);
  });
});

describe('scanAreaOf', () => {
  const header: InstrumentHeader = { format: 'x', fields: {}, warnings: [], page: 0 };
  it('believes the header, unless it says more than there is', () => {
    const grey = greyOf(sample(0.5));
    const told = { width: 400, height: 280, origin: 'tiff:34682 [Image] ResolutionY' };
    expect(scanAreaOf(grey, { ...header, scanArea: told })).toEqual(told);
    expect(scanAreaOf(grey, { ...header, scanArea: { ...told, height: 301 } })).toEqual({
      width: 400,
      height: 300,
      origin: 'derived',
    });
  });
});

describe('fixtures', () => {
  const dir = mkdtempSync(join(tmpdir(), 'semtag-infobar-'));
  let rows: Fixture[];
  beforeAll(async () => {
    rows = await makeFixtures(dir, { seed: 5, n: KINDS.length * 3 });
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('the scan of every fixture is found from the pixels alone', async () => {
    const wrong: string[] = [];
    for (const row of rows.filter((r) => !r.frame)) {
      const found = rowsAboveBar(await decode(join(dir, row.file), row.mediaType, 0, { pixels: 1e8 }));
      if (found !== row.scanHeight)
        wrong.push(`${row.file} ${row.category} ${row.special}: ${found}, not ${row.scanHeight}`);
    }
    expect(wrong).toEqual([]);
  });
});

const material = '../shared/vendor-files';
describe.skipIf(!existsSync(material))('real files (../shared/vendor-files)', () => {
  type Expected = {
    file: string;
    format?: { container?: string };
    expected: { image_height_px?: number };
    extra?: { overlay_bar_rows_measured?: number };
  };
  const read = (name: string) =>
    JSON.parse(readFileSync(join(material, 'expected', name), 'utf8')) as Expected;
  const all = existsSync(material)
    ? readdirSync(join(material, 'expected'))
        .filter((n) => n.endsWith('.json'))
        .map(read)
    : [];

  const zeiss = all.filter((e) => e.extra?.overlay_bar_rows_measured !== undefined);
  it.each(zeiss.map((e) => [e.file, e.extra!.overlay_bar_rows_measured!] as const))(
    '%s: %s rows of bar',
    async (file, bar) => {
      const grey = await decode(join(material, file), 'image/tiff', 0, { pixels: 1e8 });
      expect(grey.height - rowsAboveBar(grey)).toBe(bar);
    },
  );

  // pixels blanked before publication, or damaged: no bar is left to see; the legacy FEI bar lies inside the frame that the header tells
  const blanked = /rsciio_FEI|SightX|nexuslims|AxioVision|nanoballs|zeiss/;
  const drawn = all.filter(
    (e) => /\.(tiff?|jpg|bmp)$/i.test(e.file) && !blanked.test(e.file) && e.expected?.image_height_px,
  );
  it.each(drawn.map((e) => [e.file, e.expected.image_height_px!] as const))(
    '%s: the %s rows of its header, from the pixels',
    async (file, height) => {
      const type = file.endsWith('jpg') ? 'image/jpeg' : file.endsWith('bmp') ? 'image/bmp' : 'image/tiff';
      expect(rowsAboveBar(await decode(join(material, file), type, 0, { pixels: 1e8 }))).toBe(height);
    },
  );
});
