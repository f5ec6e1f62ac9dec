// Decoded samples equal what was stored, in every container and layout; damaged pixels are refused, never half read.

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, makeFixtures } from '../../fixtures/generate.ts';
import { KINDS } from '../../fixtures/make.ts';
import { writeTiff } from '../../fixtures/tiff-writer.ts';
import { decode } from '../../src/read/pixels.ts';

const dir = mkdtempSync(join(tmpdir(), 'semtag-pixels-'));
const limits = { pixels: 1e8 };
let rows: Fixture[];
beforeAll(async () => {
  rows = await makeFixtures(join(dir, 'fx'), { n: KINDS.length, size: 320 });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function write(name: string, bytes: Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return path;
}

/** One entry of the first IFD of a classic little-endian TIFF changed in place. */
function patchTag(file: Buffer, tag: number, change: (entry: Buffer) => void): Buffer {
  const bytes = Buffer.from(file);
  const ifd = bytes.readUInt32LE(4);
  for (let i = 0; i < bytes.readUInt16LE(ifd); i++) {
    const at = ifd + 2 + 12 * i;
    if (bytes.readUInt16LE(at) === tag) change(bytes.subarray(at, at + 12));
  }
  return bytes;
}

const ramp8 = new Uint8Array(64 * 48).map((_, i) => i % 251);
const page = { width: 64, height: 48, samples: ramp8, rowsPerStrip: 8 };

describe('decode', () => {
  it('gives the stored samples of every fixture', async () => {
    for (const row of rows) {
      const grey = await decode(join(dir, 'fx', row.file), row.mediaType, 0, limits);
      expect([grey.width, grey.height, grey.bits], row.special).toEqual([row.width, row.height, row.bits]);
      const bytes = new Uint8Array(grey.data.buffer, grey.data.byteOffset, grey.data.byteLength);
      if (row.samples)
        expect(createHash('sha256').update(bytes).digest('hex'), row.special).toBe(row.samples);
    }
  });

  it('reads old-style JPEG in a TIFF, which libvips opens and cannot decode', async () => {
    const raw = { width: 64, height: 48, channels: 1 as const };
    const jpeg = await sharp(new Uint8Array(64 * 48).fill(90), { raw })
      .toColourspace('b-w')
      .jpeg()
      .toBuffer();
    const tags = [[256, 64], [257, 48], [258, 8], [259, 6], [262, 1], [273, 0], [277, 1], [278, 48], [279, jpeg.length], [513, 0], [514, jpeg.length]]; // prettier-ignore
    const head = Buffer.alloc(10 + 12 * tags.length + 4);
    head.write('II*\0', 'latin1');
    head.writeUInt32LE(8, 4);
    head.writeUInt16LE(tags.length, 8);
    for (const [i, [tag, value]] of tags.entries()) {
      head.writeUInt16LE(tag!, 10 + 12 * i);
      head.writeUInt16LE(4, 12 + 12 * i);
      head.writeUInt32LE(1, 14 + 12 * i);
      head.writeUInt32LE(tag === 273 || tag === 513 ? head.length : value!, 18 + 12 * i);
    }
    const grey = await decode(write('old.tif', Buffer.concat([head, jpeg])), 'image/tiff', 0, limits);
    expect([grey.width, grey.height, grey.data[1000]]).toEqual([64, 48, 90]);
    expect(grey.notes).toEqual(['decoded to 8 bits by the fallback decoder']);
  });

  it('takes the page it is asked for', async () => {
    const row = rows.find((r) => r.special.startsWith('two pages'))!;
    const pages = await Promise.all(
      [0, 1].map((p) => decode(join(dir, 'fx', row.file), row.mediaType, p, limits)),
    );
    expect(pages[1]!.data[0]).toBe(pages[0]!.data[0]! ^ 1);
    await expect(decode(join(dir, 'fx', row.file), row.mediaType, 2, limits)).rejects.toMatchObject({
      code: 'undecodable',
    });
  });

  it('reads strips that lie out of order', async () => {
    const file = writeTiff([page]);
    // the first two strip offsets exchanged: so are the first two bands of eight rows
    const ifd = patchTag(file, 273, (e) => {
      const at = e.readUInt32LE(8);
      const [a, b] = [file.readUInt32LE(at), file.readUInt32LE(at + 4)];
      file.writeUInt32LE(b, at);
      file.writeUInt32LE(a, at + 4);
    });
    expect(ifd.length).toBe(file.length);
    const grey = await decode(write('order.tif', file), 'image/tiff', 0, limits);
    expect([...grey.data.subarray(0, 512)]).toEqual([...ramp8.subarray(512, 1024)]);
    expect([...grey.data.subarray(512, 1024)]).toEqual([...ramp8.subarray(0, 512)]);
    expect([...grey.data.subarray(1024)]).toEqual([...ramp8.subarray(1024)]);
  });

  it('unpacks 4 and 12 bits a sample', async () => {
    const packed4 = new Uint8Array(8 * 4).fill(0x0f); // 16 x 4 pixels: 0, 15, 0, 15 ...
    const file4 = patchTag(
      writeTiff([{ width: 16, height: 4, samples: new Uint8Array(16 * 4), rowsPerStrip: 4 }]),
      258,
      (e) => e.writeUInt16LE(4, 8),
    );
    file4.set(packed4, 8);
    const four = await decode(write('4.tif', file4), 'image/tiff', 0, limits);
    expect([four.bits, four.bitsPerSample, ...four.data.subarray(0, 4)]).toEqual([8, 4, 0, 255, 0, 255]);

    const file12 = patchTag(
      writeTiff([{ width: 4, height: 2, samples: new Uint16Array(8), rowsPerStrip: 2 }]),
      258,
      (e) => e.writeUInt16LE(12, 8),
    );
    file12.set([0xab, 0xc1, 0x23, 0xff, 0xf0, 0x00], 8);
    const twelve = await decode(write('12.tif', file12), 'image/tiff', 0, limits);
    expect([twelve.bits, twelve.bitsPerSample, ...twelve.data.subarray(0, 4)]).toEqual([
      16, 12, 0xabc, 0x123, 0xfff, 0x000,
    ]);
  });

  it('scales float samples over their range and says so', async () => {
    const floats = new Float32Array([-2, 0, 2, NaN]);
    const tags = [{ tag: 339, type: 3 as const, value: [3] }];
    const wide = patchTag(
      writeTiff([{ width: 16, height: 1, samples: new Uint8Array(floats.buffer), rowsPerStrip: 1, tags }]),
      258,
      (e) => e.writeUInt16LE(32, 8),
    );
    const file = patchTag(wide, 256, (e) => e.writeUInt32LE(4, 8));
    const grey = await decode(write('float.tif', file), 'image/tiff', 0, limits);
    expect([grey.bits, grey.bitsPerSample, ...grey.data]).toEqual([16, 32, 0, 32768, 65535, 0]);
    expect(grey.notes.join()).toContain('-2 to 2');
  });

  it('reads colour as luminance, and grey stored as colour unchanged', async () => {
    const rgb = new Uint8Array([255, 0, 0, 0, 255, 0, 0, 0, 255, 77, 77, 77]);
    const path = join(dir, 'rgb.png');
    await sharp(rgb, { raw: { width: 4, height: 1, channels: 3 } })
      .png()
      .toFile(path);
    expect([...(await decode(path, 'image/png', 0, limits)).data]).toEqual([76, 150, 29, 77]);
  });

  it('applies a real palette', async () => {
    const map = [0, 1, 2].flatMap((c) =>
      Array.from({ length: 256 }, (_, i) => (i === 5 && c === 0 ? 65535 : 0)),
    );
    const file = writeTiff([
      { width: 2, height: 1, samples: new Uint8Array([5, 9]), rowsPerStrip: 1, colorMap: map },
    ]);
    const grey = await decode(write('palette.tif', file), 'image/tiff', 0, limits);
    expect([...grey.data]).toEqual([76, 0]);
    expect(grey.notes).toEqual(['palette applied']);
  });
});

describe('decode refuses', () => {
  it('strips beyond the end of the file', async () => {
    const file = patchTag(writeTiff([{ ...page, rowsPerStrip: 48 }]), 273, (e) => e.writeUInt32LE(10_000, 8));
    await expect(decode(write('beyond.tif', file), 'image/tiff', 0, limits)).rejects.toMatchObject({
      code: 'undecodable',
      message: expect.stringContaining('strip 0') as string,
    });
  });

  it.each(['lzw', 'deflate'] as const)('a %s strip that ends early', async (compression) => {
    const noise = new Uint8Array(64 * 48).map((_, i) => (i * 2654435761) >>> 13);
    const file = writeTiff([{ ...page, samples: noise, compression, rowsPerStrip: 48 }]);
    const cut = patchTag(file, 279, (e) => e.writeUInt32LE(700, 8));
    await expect(decode(write(`cut-${compression}.tif`, cut), 'image/tiff', 0, limits)).rejects.toMatchObject(
      { code: 'undecodable' },
    );
  });

  it('a JPEG and a PNG cut in half, and a BMP', async () => {
    for (const extension of ['jpg', 'png', 'bmp'] as const) {
      const row = rows.find((r) => r.file.endsWith(extension))!;
      const whole = readFileSync(join(dir, 'fx', row.file));
      const path = write(`half.${extension}`, whole.subarray(0, whole.length / 2));
      await expect(decode(path, row.mediaType, 0, limits), extension).rejects.toMatchObject({
        code: 'undecodable',
      });
    }
  });

  it.each(['tif', 'png', 'jpg', 'bmp'])('more pixels than the limit (%s)', async (extension) => {
    const row = rows.find((r) => r.file.endsWith(extension))!;
    const few = { pixels: row.width * row.height - 1 };
    await expect(decode(join(dir, 'fx', row.file), row.mediaType, 0, few)).rejects.toMatchObject({
      code: 'too_large',
    });
  });
});

const material = '../shared/vendor-files';
describe.skipIf(!existsSync(material) || spawnSync('convert', ['-version']).status !== 0)(
  'real files (../shared/vendor-files)',
  () => {
    // a palette that is no plain ramp is applied by ImageMagick and not here; 32-bit samples are scaled here and clipped there
    const differs =
      /Zeiss_SEM_512|semscalebar_Zeiss|AxioVision|olympus|darktable|saved_with|fibics|nexuslims/;
    const files = existsSync(material)
      ? readdirSync(material).filter((f) => /\.(tiff?|jpg|bmp)$/i.test(f) && !differs.test(f))
      : [];
    it.each(files)('%s: the samples that ImageMagick reads', async (file) => {
      const type = /tiff?$/i.test(file) ? 'image/tiff' : file.endsWith('bmp') ? 'image/bmp' : 'image/jpeg';
      const grey = await decode(join(material, file), type, 0, limits);
      const raw = execFileSync(
        'convert',
        [`${join(material, file)}[0]`, '-depth', String(grey.bits), '-endian', 'LSB', 'gray:-'],
        { maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'ignore'] },
      );
      const ours = Buffer.from(grey.data.buffer, grey.data.byteOffset, grey.data.byteLength);
      expect(raw.equals(ours)).toBe(true);
    });
  },
);
