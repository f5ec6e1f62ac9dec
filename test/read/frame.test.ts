// Frames that show no sample are recognised; a picture of a sample, however dark or flat, never is one.

import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ball, canvas, type Canvas, grain, samples, texture } from '../../fixtures/canvas.ts';
import { type Fixture, makeFixtures } from '../../fixtures/generate.ts';
import { KINDS } from '../../fixtures/make.ts';
import { randomFrom } from '../../fixtures/random.ts';
import type { Grey } from '../../src/domain/grey.ts';
import { frameOf } from '../../src/read/frame.ts';
import { rowsAboveBar } from '../../src/read/infobar.ts';
import { readImage } from '../../src/read/image.ts';
import { decode } from '../../src/read/pixels.ts';

const random = randomFrom(11);
const greyOf = (c: Canvas, bits: 8 | 16 = 8): Grey => ({
  width: c.width,
  height: c.height,
  data: samples(c, bits),
  bits,
});
const noisy = (level: number, noise: number, draw?: (c: Canvas) => void) => {
  const c = canvas(320, 240, level);
  draw?.(c);
  grain(c, random, noise);
  return c;
};

describe('frameOf', () => {
  it('believes the header', () => {
    const header = { format: 'fei', fields: {}, warnings: [], page: 0, frame: 'navigation_camera' as const };
    expect(frameOf(greyOf(noisy(0.5, 0.1)), header)).toBe('navigation_camera');
  });

  it.each([8, 16] as const)('sees blank frames (%s bits)', (bits) => {
    for (const level of [0, 0.5, 1])
      expect(frameOf(greyOf(canvas(320, 240, level), bits), undefined)).toBe('blank');
    for (const noise of [0.002, 0.01])
      expect(frameOf(greyOf(noisy(0.03, noise), bits), undefined)).toBe('blank');
  });

  it('takes no faint picture for blank', () => {
    const faint: [string, Canvas][] = [
      ['one small particle in the dark', noisy(0.02, 0.004, (c) => ball(c, 200, 100, 6, 6, 0.4))],
      ['a weak gradient', noisy(0.02, 0.004, (c) => texture(c, random, 200, 0.02, 1))],
      ['a flat film under the beam', noisy(0.4, 0.06)],
      ['a dark picture with fine texture', noisy(0.04, 0.003, (c) => texture(c, random, 5, 0.03, 1))],
    ];
    for (const [name, c] of faint)
      for (const bits of [8, 16] as const) expect(frameOf(greyOf(c, bits), undefined), name).toBeUndefined();
  });
});

describe('fixtures', () => {
  const dir = mkdtempSync(join(tmpdir(), 'semtag-frame-'));
  let rows: Fixture[];
  beforeAll(async () => {
    rows = await makeFixtures(dir, { seed: 2, n: KINDS.length * 2 });
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('every frame is recognised and no picture is one', async () => {
    for (const row of rows) {
      const facts = await readImage({ path: join(dir, row.file), name: row.file, limits: { pixels: 1e8 } });
      expect(facts.frame, `${row.file} ${row.category} ${row.special}`).toBe(row.frame);
    }
  });
});

const material = '../shared/sem-images';
describe.skipIf(!existsSync(material))('real pictures (../shared/sem-images)', () => {
  it('none of them is taken for a frame', async () => {
    const hits: string[] = [];
    const files = readdirSync(material, { recursive: true, encoding: 'utf8' }).filter((f) =>
      /\.(jpe?g|png)$/i.test(f),
    );
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) {
      const type = file.endsWith('png') ? 'image/png' : 'image/jpeg';
      const grey = await decode(join(material, file), type, 0, { pixels: 1e8 });
      const frame = frameOf(grey, undefined, rowsAboveBar(grey));
      if (frame) hits.push(`${file}: ${frame}`);
    }
    expect(hits).toEqual([]);
  });
});
