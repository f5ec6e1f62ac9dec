// One visit gives the whole of an image's facts, on every kind of fixture, and refuses plainly what is no image.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, makeFixtures } from '../../fixtures/generate.ts';
import { KINDS } from '../../fixtures/make.ts';
import type { Bottlenecks } from '../../src/domain/job.ts';
import { readImage } from '../../src/read/image.ts';
import { writeThumbnail } from '../../src/read/thumbnail.ts';

const dir = mkdtempSync(join(tmpdir(), 'semtag-image-'));
const limits = { pixels: 1e8 };
let rows: Fixture[];
beforeAll(async () => {
  rows = await makeFixtures(dir, { seed: 7, n: KINDS.length, size: 640 });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function jobOf(row: Fixture) {
  const sidecar = row.sidecar && { name: row.sidecar, bytes: readFileSync(join(dir, row.sidecar)) };
  return { path: join(dir, row.file), name: row.file, limits, ...(sidecar ? { sidecar } : {}) };
}

describe('readImage', () => {
  it('finds size, scan and header of every fixture', async () => {
    for (const row of rows) {
      const facts = await readImage(jobOf(row));
      const where = `${row.file} ${row.special}`;
      expect([facts.mediaType, facts.width, facts.height, facts.bitsPerSample], where).toEqual([
        row.mediaType,
        row.width,
        row.height,
        row.bits,
      ]);
      if (!row.frame) expect(facts.scanArea.height, where).toBe(row.scanHeight);
      expect(facts.header.format, where).toBe(row.vendor);
      for (const [name, truth] of Object.entries(row.truth)) {
        const field = facts.header.fields[name as keyof typeof facts.header.fields];
        if (typeof truth === 'object') expect(field, `${where} ${name}`).toMatchObject(truth);
        else if (typeof truth === 'string') expect(field?.value, `${where} ${name}`).toBe(truth);
        else
          expect(
            Math.abs((field?.value as number) - truth),
            `${where} ${name} ${field?.value}`,
          ).toBeLessThanOrEqual(Math.abs(truth) * 1e-5);
      }
      const invented = Object.entries(facts.header.fields).filter(
        ([name, f]) => !(name in row.truth) && f.origin !== 'derived',
      );
      expect(invented, where).toEqual([]);
    }
  });

  it('writes a thumbnail of the scan alone', async () => {
    for (const row of rows) {
      const thumb = join(dir, 'thumbs', `${row.file}.jpg`);
      const facts = await readImage({ ...jobOf(row), thumb });
      const { data, info } = await sharp(thumb)
        .toColourspace('b-w')
        .raw()
        .toBuffer({ resolveWithObject: true });
      const meta = await sharp(thumb).metadata();
      expect([meta.format, meta.channels, info.width], row.special).toEqual(['jpeg', 1, 512]);
      expect(
        Math.abs(info.height - (512 * facts.scanArea.height) / facts.width),
        row.special,
      ).toBeLessThanOrEqual(1);
      // 16-bit fixtures use half of their range: without the stretch nothing would be bright
      if (row.bits === 16)
        expect(
          data.reduce((a, b) => Math.max(a, b)),
          row.special,
        ).toBeGreaterThan(200);
    }
    expect(readdirSync(join(dir, 'thumbs')).filter((f) => f.endsWith('.part'))).toEqual([]);
  });

  it('makes the picture as large as it is asked to, never larger than it is', async () => {
    const row = rows.find((r) => r.width > 600)!;
    for (const [thumbSize, width] of [
      [300, 300],
      [2048, row.width],
    ] as const) {
      const thumb = join(dir, 'pictures', `${thumbSize}.jpg`);
      await readImage({ ...jobOf(row), thumb, thumbSize });
      expect((await sharp(thumb).metadata()).width).toBe(width);
    }
  });

  it('makes a thumbnail of as many pixels as the limit allows, beyond the limit of sharp itself', async () => {
    const side = 16_500; // 272 million pixels; sharp refuses 268 million unless told
    const thumb = join(dir, 'pictures', 'large.jpg');
    const grey = { width: side, height: side, bits: 8 as const, data: new Uint8Array(side * side) };
    await writeThumbnail(grey, { width: side, height: side }, thumb);
    expect(await sharp(thumb).metadata()).toMatchObject({ width: 512, height: 512 });
  });

  it('hands the grey picture and the scan area to what makes the features', async () => {
    const row = rows.find((r) => r.vendor === 'zeiss')!;
    const bottlenecks: Bottlenecks = {
      backbone: 'b',
      preprocessing: 'p',
      engine: 'onnx',
      views: [Float32Array.of(1)],
    };
    let seen: unknown;
    const facts = await readImage(jobOf(row), async (grey, scanArea) => {
      seen = [grey.width, grey.height, grey.data.length, scanArea.height];
      return bottlenecks;
    });
    expect(seen).toEqual([row.width, row.height, row.width * row.height, row.scanHeight]);
    expect(facts.bottlenecks).toBe(bottlenecks);
    expect(Object.keys(facts.timings).sort()).toEqual(['area', 'decode', 'features', 'frame', 'header']);
    await expect(readImage(jobOf(row), () => Promise.reject(new Error('no engine')))).rejects.toThrow(
      'no engine',
    );
  });

  it('says what it had to change about the pixels', async () => {
    const row = rows.find((r) => r.special.includes('overlay'))!;
    const { header } = await readImage(jobOf(row));
    expect(header.warnings).toContainEqual({
      code: 'pixels_converted',
      message: 'overlay colours of the palette ignored',
    });
  });

  it('names the file and says what is missing of one that was cut off', async () => {
    const path = join(dir, 'cut.tif');
    writeFileSync(path, readFileSync(join(dir, rows.find((r) => r.mediaType === 'image/tiff')!.file)).subarray(0, 8)); // prettier-ignore
    const error = await readImage({ path, name: 'cut.tif', limits }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'malformed', message: expect.stringMatching(/^cut\.tif: IFD at \d+ is outside the file of 8 bytes$/) as string }); // prettier-ignore
  });

  it('refuses what is no image, and more pixels than allowed', async () => {
    const text = join(dir, 'notes.tif');
    writeFileSync(text, 'not an image at all');
    await expect(readImage({ path: text, name: 'notes.tif', limits })).rejects.toMatchObject({
      code: 'not_an_image',
    });
    await expect(readImage({ ...jobOf(rows[0]!), limits: { pixels: 1000 } })).rejects.toMatchObject({
      code: 'too_large',
    });
  });
});

const hostile = '../shared/malformed';
describe.skipIf(!existsSync(hostile))('hostile files (../shared/malformed)', () => {
  it('each gives facts or a plain error, none hangs', async () => {
    const outcomes: Record<string, number> = {};
    for (const file of readdirSync(hostile).filter((f) => !f.endsWith('.tsv'))) {
      const start = performance.now();
      const code = await readImage({ path: join(hostile, file), name: file, limits }).then(
        () => 'read',
        (error: { code?: string; message: string }) => error.code ?? `unexpected: ${file}: ${error.message}`,
      );
      outcomes[code] = (outcomes[code] ?? 0) + 1;
      expect(performance.now() - start, file).toBeLessThan(20_000);
    }
    console.log('malformed:', JSON.stringify(outcomes));
    expect(Object.keys(outcomes).filter((c) => c.startsWith('unexpected'))).toEqual([]);
  }, 300_000);
});
