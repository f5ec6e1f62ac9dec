// The byte source and the IFD walker on every shape that the fixtures can write, and on damage.

import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ASCII, RATIONAL, SHORT, type Tag, writeTiff } from '../../fixtures/tiff-writer.ts';
import { sniff } from '../../src/formats/sniff.ts';
import { bufferSource, fileSource, withFile } from '../../src/formats/source.ts';
import { entry, entryBytes, numbers, text, walkTiff } from '../../src/formats/tiff.ts';
import { pagesOf, SHAPES } from './shapes.ts';

const folder = mkdtempSync(join(tmpdir(), 'semtag-walk-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the byte source', () => {
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
  const path = join(folder, 'bytes');
  writeFileSync(path, bytes);

  test('a file gives the same bytes as memory, inside and across its window', () => {
    withFile(path, (file) => {
      for (const [offset, length] of [
        [0, 4],
        [65_530, 12],
        [3, 150_000],
        [199_999, 1],
        [10, 0],
      ] as const)
        // prettier-ignore
        expect(file.read(offset, length).equals(bytes.subarray(offset, offset + length))).toBe(true);
    });
  });

  // two gigabytes of memory and up to twenty seconds
  test.runIf(process.env['CI'])('a piece beyond 2 GiB is read whole', () => {
    const large = join(folder, 'large');
    const size = 2 ** 31 + 10;
    writeFileSync(large, '');
    truncateSync(large, size); // sparse: it takes no room on the disk
    const fd = openSync(large, 'r+');
    writeSync(fd, 'the end', size - 7);
    closeSync(fd);
    expect(withFile(large, (file) => file.read(0, size)).toString('latin1', size - 7)).toBe('the end');
  });

  test('a part that was given stays as it is when the window moves on', () => {
    const file = fileSource(path);
    const early = file.read(0, 8);
    file.read(150_000, 8);
    expect(early).toEqual(bytes.subarray(0, 8));
    file.close();
  });

  test.each([
    [-1, 4],
    [199_999, 2],
    [0, 200_001],
    [NaN, 1],
    [0, -1],
    [0.5, 1],
  ])('read(%d, %d) is outside', (offset, length) => {
    expect(() => bufferSource(bytes).read(offset, length)).toThrow(
      expect.objectContaining({ code: 'malformed' }),
    );
    withFile(path, (file) => {
      expect(() => file.read(offset, length)).toThrow(expect.objectContaining({ code: 'malformed' }));
    });
  });
});

describe.each(SHAPES)('the walker on %s', (_name, shape, more) => {
  const tags: Tag[] = [
    { tag: 270, type: ASCII, value: 'a µm' },
    { tag: 282, type: RATIONAL, value: [3, 2] },
    { tag: 40_000, type: SHORT, value: [1, 2, 3, 65_535, 5] },
  ];
  const source = bufferSource(writeTiff(pagesOf({ ...more, tags }, 3), shape));
  const tiff = walkTiff(source);

  test('finds every page and no problem', () => {
    expect(sniff(source)).toBe('image/tiff');
    expect(tiff.ifds.length).toBe(3);
    expect(tiff.problems).toEqual([]);
    expect([tiff.big, tiff.littleEndian]).toEqual([shape.big ?? false, !shape.bigEndian]);
  });

  test('reads text, numbers and fractions wherever they stand', () => {
    const [ifd] = tiff.ifds;
    expect(text(tiff, entry(ifd, 270)!)).toBe('a µm');
    expect(numbers(tiff, entry(ifd, 282)!)).toEqual([1.5]);
    expect(numbers(tiff, entry(ifd, 40_000)!)).toEqual([1, 2, 3, 65_535, 5]);
    expect(entryBytes(tiff, entry(ifd, 40_000)!, 4).length).toBe(4);
    expect(numbers(tiff, entry(ifd, 256)!)).toEqual([37]);
    expect(entry(ifd, 41_000)).toBeUndefined();
  });

  test('of a cut file the front is still readable, and what is missing is said', () => {
    const all = source.read(0, source.size);
    const cut = walkTiff(bufferSource(all.subarray(0, tiff.ifds[1]!.offset)));
    expect(cut.ifds.length).toBe(1);
    expect(text(cut, entry(cut.ifds[0], 270)!)).toBe('a µm');
    expect(cut.problems).toEqual([expect.objectContaining({ kind: 'truncated' })]);
  });
});

describe('damage', () => {
  const good = writeTiff(pagesOf({ tags: [{ tag: 270, type: ASCII, value: 'still here' }] }, 2));

  test('one entry that points outside costs that entry only', () => {
    const bytes = Buffer.from(good);
    const ifd = walkTiff(bufferSource(bytes)).ifds[0]!;
    const broken = ifd.entries.findIndex((e) => e.tag === 258);
    bytes.writeUInt16LE(12, ifd.entriesOffset + 12 * broken + 2);
    bytes.writeUInt32LE(0xfffffff0, ifd.entriesOffset + 12 * broken + 8);
    const tiff = walkTiff(bufferSource(bytes));
    expect(entry(tiff.ifds[0], 258)).toBeUndefined();
    expect(text(tiff, entry(tiff.ifds[0], 270)!)).toBe('still here');
    expect(tiff.problems.map((p) => p.kind)).toEqual(['truncated']);
  });

  test('a chain that bites its tail ends', () => {
    const bytes = Buffer.from(good);
    const [first, second] = walkTiff(bufferSource(bytes)).ifds;
    bytes.writeUInt32LE(first!.offset, second!.entriesOffset + 12 * second!.entryCount);
    const tiff = walkTiff(bufferSource(bytes));
    expect(tiff.ifds.length).toBe(2);
    expect(tiff.problems.map((p) => p.kind)).toEqual(['malformed']);
  });

  test('a header that points nowhere yet is a file in the making', () => {
    const bytes = Buffer.from(good);
    bytes.writeUInt32LE(0, 4);
    expect(walkTiff(bufferSource(bytes)).problems.map((p) => p.kind)).toEqual(['truncated']);
  });

  test('what is no TIFF is refused', () => {
    expect(() => walkTiff(bufferSource(Buffer.from('GIF89a')))).toThrow(
      expect.objectContaining({ code: 'malformed' }),
    );
  });
});

test('a tag with more numbers than any picture has strips is refused, not read', () => {
  const many = Buffer.alloc(4 * 300_000);
  const file = bufferSource(writeTiff([{ width: 8, height: 8, samples: new Uint8Array(64) }]));
  const tiff = walkTiff(bufferSource(Buffer.concat([file.read(0, file.size), many])));
  const e = { tag: 273, type: 4, count: 300_000, byteLength: many.length, valueOffset: file.size };
  expect(() => numbers(tiff, e)).toThrow('tag 273 has 300000 numbers');
});
