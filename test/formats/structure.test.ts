// Completeness: every prefix of a file in the making is refused, every whole one is taken, and hostile files cost little time.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeBmp } from '../../fixtures/bmp-writer.ts';
import { writeTiff } from '../../fixtures/tiff-writer.ts';
import { bufferSource, withFile } from '../../src/formats/source.ts';
import { checkStructure } from '../../src/formats/structure.ts';
import { entry, walkTiff } from '../../src/formats/tiff.ts';
import { pagesOf, SHAPES } from './shapes.ts';

const check = (bytes: Uint8Array) => checkStructure(bufferSource(bytes));
const incomplete = expect.objectContaining({ complete: false, code: 'incomplete' }) as unknown;
const grey = Uint8Array.from({ length: 37 * 23 }, (_, i) => 1 + ((i * 91) % 255));

async function made(): Promise<Record<string, Buffer>> {
  const raw = sharp(grey, { raw: { width: 37, height: 23, channels: 1 } });
  const files: Record<string, Buffer> = {
    png: await raw.clone().png().toBuffer(),
    jpeg: await raw.clone().jpeg().toBuffer(),
    'progressive jpeg': await raw.clone().jpeg({ progressive: true }).toBuffer(),
    bmp: writeBmp(37, 23, grey),
  };
  for (const [name, shape, more] of SHAPES) files[name] = writeTiff(pagesOf(more, 2), shape);
  return files;
}

let files: Record<string, Buffer> = {};
beforeAll(async () => {
  files = await made();
});

test('every whole file is complete', () => {
  for (const [name, bytes] of Object.entries(files))
    expect(check(bytes), name).toMatchObject({ complete: true });
});

test('written front to back: no prefix is complete, and each may still become an image', () => {
  for (const [name, bytes] of Object.entries(files))
    for (let size = 0; size < bytes.length; size++)
      expect(check(bytes.subarray(0, size)), `${name} at ${size} of ${bytes.length}`).toEqual(incomplete);
});

test('space reserved first: incomplete, or said to end in zeros where zeros could be pixels or the last link', () => {
  for (const [name, bytes] of Object.entries(files)) {
    const end = bytes.findLastIndex((byte) => byte !== 0);
    for (let size = 0; size <= end - 64; size++) {
      const bytesSoFar = Buffer.alloc(bytes.length);
      bytes.copy(bytesSoFar, 0, 0, size);
      const result = check(bytesSoFar);
      const waits = result.complete ? result.endsInZeros : result.code === 'incomplete';
      expect(waits, `${name} at ${size} of ${bytes.length}: ${JSON.stringify(result)}`).toBe(true);
    }
  }
});

test('header written last: complete only with it', () => {
  for (const [name, shape, more] of SHAPES) {
    const bytes = writeTiff(pagesOf(more, 2), shape);
    const pending = Buffer.from(bytes);
    pending.fill(0, shape.big ? 8 : 4, shape.big ? 16 : 8);
    expect(check(pending), name).toEqual(incomplete);
    pending.fill(0, 0, shape.big ? 16 : 8);
    expect(check(pending), name).toEqual(incomplete);
  }
  const bmp = Buffer.from(files['bmp']!);
  bmp.fill(0, 0, 54);
  expect(check(bmp)).toEqual(incomplete);
});

describe('what instruments write and readers take', () => {
  const patch = (tag: number, change: (bytes: Buffer, at: number) => void, more = {}) => {
    const bytes = writeTiff(pagesOf(more));
    change(bytes, entry(walkTiff(bufferSource(bytes)).ifds[0], tag)!.valueOffset);
    return bytes;
  };

  test('a last strip declared as long as the others, at the end of the file', () => {
    // data moved behind the IFD, so that the over-declared strip would pass the end
    const strips = writeTiff(pagesOf({ rowsPerStrip: 7 }));
    const tiff = walkTiff(bufferSource(strips));
    const offsets = entry(tiff.ifds[0], 273)!.valueOffset;
    const counts = entry(tiff.ifds[0], 279)!.valueOffset;
    const last = strips.length;
    const bytes = Buffer.concat([strips, Buffer.from(grey.subarray(0, 2 * 37))]);
    bytes.writeUInt32LE(last, offsets + 12);
    bytes.writeUInt32LE(7 * 37, counts + 12);
    expect(check(bytes)).toMatchObject({ complete: true });
    expect(check(bytes.subarray(0, -1))).toEqual(incomplete);
  });

  test('StripByteCounts missing or 0 with one strip', () => {
    expect(check(writeTiff(pagesOf({ omit: [279] })))).toMatchObject({ complete: true });
    expect(check(patch(279, (b, at) => b.writeUInt32LE(0, at)))).toMatchObject({ complete: true });
  });

  test('SamplesPerPixel, BitsPerSample and RowsPerStrip missing', () => {
    expect(check(writeTiff(pagesOf({ omit: [277, 278] })))).toMatchObject({ complete: true });
  });

  test('but a height of 0 and a strip without a place are not there yet', () => {
    expect(check(patch(257, (b, at) => b.writeUInt32LE(0, at)))).toEqual(incomplete);
    expect(check(patch(273, (b, at) => b.writeUInt32LE(0, at), { rowsPerStrip: 7 }))).toEqual(incomplete);
  });

  test('bytes behind the end of a JPEG or PNG', () => {
    for (const name of ['png', 'jpeg'])
      expect(check(Buffer.concat([files[name]!, Buffer.from('maker data')])), name).toMatchObject({
        complete: true,
      });
  });

  test('zeros at the end are told', () => {
    const bytes = Buffer.concat([writeTiff(pagesOf()), Buffer.alloc(5000)]);
    expect(check(bytes)).toEqual({ mediaType: 'image/tiff', complete: true, endsInZeros: true });
    expect(check(files['png']!)).toMatchObject({ endsInZeros: false });
  });
});

test('what is no image says so', () => {
  for (const text of [
    'BMW is a car, and this is a text',
    'ImageName=a.tif\r\n',
    'GIF89a....',
    '\0\0\0\x03dm3 file',
  ])
    expect(check(Buffer.from(text))).toMatchObject({ complete: false, code: 'not_an_image' });
});

const shared = new URL('../../../shared/', import.meta.url).pathname;
const here = existsSync(shared);

describe.skipIf(!here)('files of ../shared (skipped where that folder is missing)', () => {
  /** its pixels lie beyond its end: readers give zeros */
  const CUT = ['fei_nexuslims_quad1image_001_no_beam_scan_or_system_meta.tif'];
  const folder = join(shared, 'vendor-files');

  test('every vendor image is complete but the one that is cut', () => {
    const images = readdirSync(folder).filter((name) => /\.(tiff?|jpg|bmp|png)$/i.test(name));
    const refused = images.filter((name) => !withFile(join(folder, name), checkStructure).complete);
    expect(images.length).toBeGreaterThan(40);
    expect(refused).toEqual(CUT);
  });

  test('hostile files: an answer, never another error, in bounded time', () => {
    const names = readdirSync(join(shared, 'malformed')).filter((name) => name !== 'MANIFEST.tsv');
    expect(names.length).toBeGreaterThan(300);
    for (const name of names) {
      const source = bufferSource(readFileSync(join(shared, 'malformed', name)));
      const start = performance.now();
      expect(typeof checkStructure(source).complete).toBe('boolean');
      // 12 ms is the worst seen alone; the bound leaves room for a busy machine
      expect(performance.now() - start, name).toBeLessThan(500);
    }
  });

  test('a TIFF that a strict decoder takes is never refused, unless its pages run in a circle', async () => {
    const names = readdirSync(join(shared, 'malformed')).filter((name) => name !== 'MANIFEST.tsv');
    const wrong: string[] = [];
    for (const name of names) {
      const bytes = readFileSync(join(shared, 'malformed', name));
      const structure = check(bytes);
      if (structure.complete || structure.mediaType !== 'image/tiff') continue;
      const decodes = await sharp(bytes, { failOn: 'warning', limitInputPixels: 1e7 }).stats().then(() => true, () => false); // prettier-ignore
      if (decodes && !structure.reason.endsWith('loop')) wrong.push(name);
    }
    expect(wrong).toEqual([]);
  });
});
