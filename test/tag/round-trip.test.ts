// Tagging and untagging: the acquired bytes come back bit for bit from every shape of file, and nothing of them moves in a TIFF.

import fc from 'fast-check';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { writeBmp } from '../../fixtures/bmp-writer.ts';
import { ASCII, BYTE, type Tag, type TiffShape, writeTiff } from '../../fixtures/tiff-writer.ts';
import { APP1, jpegSegment, walkJpeg } from '../../src/formats/jpeg.ts';
import { pngChunk, walkPng } from '../../src/formats/png.ts';
import { bufferSource } from '../../src/formats/source.ts';
import { checkStructure } from '../../src/formats/structure.ts';
import { entry, entryBytes, walkTiff } from '../../src/formats/tiff.ts';
import { RDF_NS, semtagProperties } from '../../src/formats/xmp.ts';
import { tagTiff } from '../../src/tag/embed-tiff.ts';
import { untag } from '../../src/tag/untag.ts';
import { verifyTagged } from '../../src/tag/verify.ts';
import { pagesOf, SHAPES } from '../formats/shapes.ts';
import { folder, trip } from './world.ts';

const grey = Uint8Array.from({ length: 37 * 23 }, (_, i) => (i * 91) % 256);
const picture = sharp(grey, { raw: { width: 37, height: 23, channels: 1 } });
const THEIRS = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${RDF_NS}"><rdf:Description rdf:about="" xmlns:a="urn:a" a:b="theirs"/></rdf:RDF></x:xmpmeta>`;
const oldPacket = (text = THEIRS): Tag => ({ tag: 700, type: BYTE, value: Buffer.from(text) });

describe.each(SHAPES)('a TIFF: %s', (_name, shape, more) => {
  const acquired = writeTiff(
    pagesOf({ ...more, tags: [{ tag: 34_682, type: ASCII, value: '[User]' }] }, 3),
    shape,
  );

  test('comes back exactly, and nothing but the offset in its header changed', async () => {
    const { embedded, tagged } = await trip(acquired);
    expect(embedded.method).toBe('tiff');
    const headerEnd = shape.big ? 16 : 8;
    expect(tagged.subarray(headerEnd, acquired.length).equals(acquired.subarray(headerEnd))).toBe(true);
    expect(checkStructure(bufferSource(tagged))).toMatchObject({ complete: true });
  });

  test('tag 700 stands in sorted order before the old entries that follow it', async () => {
    const { tagged } = await trip(acquired);
    const tags = walkTiff(bufferSource(tagged)).ifds[0]!.entries.map((e) => e.tag);
    expect(tags).toContain(700);
    expect(tags).toEqual([...tags].sort((a, b) => a - b));
  });

  test('pixels decode to the same', async () => {
    if (shape.big && shape.bigEndian && more.tile) return;
    const { tagged } = await trip(acquired);
    for (const page of [0, 2]) {
      const [before, after] = await Promise.all(
        [acquired, tagged].map((b) => sharp(b, { page }).raw().toBuffer()),
      );
      expect(after!.equals(before!)).toBe(true);
    }
  });

  test('tagging again starts from the acquired bytes: the same bytes for the same record', async () => {
    const [one, two] = [await trip(acquired), await trip(acquired, 'Nanowires')];
    // the names differ, and stand in the record: they have the same length
    expect(one.tagged.length).toBe(two.tagged.length);
    const again = await trip(acquired, 'Nanowires', 'same-name');
    const more = await trip(acquired, 'Nanowires', 'same-name');
    expect(again.tagged.equals(more.tagged)).toBe(true);
  });

  test('a tagged file that is acquired again comes back as that tagged file', async () => {
    const first = await trip(acquired);
    const second = await trip(first.tagged, 'Powder');
    const packet = entry(walkTiff(bufferSource(second.tagged)).ifds[0], 700)!;
    const text = entryBytes(walkTiff(bufferSource(second.tagged)), packet).toString();
    expect(text).not.toContain('<rdf:li>Nanowires</rdf:li>');
  });
});

test('a packet in a TIFF is merged', async () => {
  for (const text of [THEIRS, `${THEIRS}\0\0\0`, 'no packet at all', '']) {
    const { tagged } = await trip(writeTiff(pagesOf({ tags: [oldPacket(text)] })));
    const tiff = walkTiff(bufferSource(tagged));
    const packet = entryBytes(tiff, entry(tiff.ifds[0], 700)!);
    expect(semtagProperties(packet)).toMatchObject({ category: 'Nanowires' });
    expect(packet.includes('a:b="theirs"')).toBe(text.startsWith(THEIRS));
  }
});

describe('PNG', () => {
  const xmp = (text: string, flag = 0) => pngChunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0${String.fromCharCode(flag)}\0\0\0${text}`)); // prettier-ignore
  const withChunk = (png: Buffer, chunk: Buffer, at = 33) => Buffer.concat([png.subarray(0, at), chunk, png.subarray(at)]); // prettier-ignore

  test('plain, with a packet, with two, with a damaged one, with bytes behind IEND', async () => {
    const plain = await picture.clone().png().toBuffer();
    const wrongCrc = xmp(THEIRS);
    wrongCrc.writeUInt32BE(0xdeadbeef, wrongCrc.length - 4);
    for (const acquired of [
      plain,
      withChunk(plain, xmp(THEIRS)),
      withChunk(withChunk(plain, xmp(THEIRS)), xmp('second'), plain.length - 12),
      withChunk(plain, xmp('<broken')),
      withChunk(plain, xmp('not deflated', 1)),
      withChunk(plain, wrongCrc),
      Buffer.concat([plain, Buffer.from('behind')]),
    ]) {
      const first = await trip(acquired);
      expect(first.embedded.method).toBe('png');
      const { chunks } = walkPng(bufferSource(first.tagged));
      const packets = chunks.filter((c) => c.type === 'iTXt' && first.tagged.toString('latin1', c.dataOffset, c.dataOffset + 17) === 'XML:com.adobe.xmp'); // prettier-ignore
      expect(packets.length).toBe(1);
      const [{ offset, length }] = packets as [(typeof packets)[0]];
      expect(first.tagged.readUInt32BE(offset + 8 + length)).toBe(crc32(first.tagged.subarray(offset + 4, offset + 8 + length))); // prettier-ignore
      // strict about CRCs: only the one that was wrong before may be wrong
      if (acquired !== plain) continue;
      const [before, after] = await Promise.all([plain, first.tagged].map((b) => sharp(b, { failOn: 'warning' }).raw().toBuffer())); // prettier-ignore
      expect(after!.equals(before!)).toBe(true);
    }
  });

  test('tagged ten times over each comes back; the eleventh time the sidecar speaks', async () => {
    let bytes: Buffer = withChunk(await picture.clone().png().toBuffer(), xmp(THEIRS));
    for (let i = 0; i < 10; i++) {
      const { embedded, tagged } = await trip(bytes);
      expect(embedded.method).toBe('png');
      bytes = tagged;
    }
    expect((await trip(bytes)).embedded).toMatchObject({ method: 'sidecar' });
  });
});

describe('JPEG', () => {
  const segment = (text: string) =>
    jpegSegment(APP1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${text}`, 'latin1'));

  test('plain, with EXIF, with a packet, with a damaged one, with bytes behind EOI', async () => {
    const plain = await picture.clone().jpeg().toBuffer();
    const exif = await picture
      .clone()
      .jpeg()
      .withExif({ IFD0: { Software: 'SEM' } })
      .toBuffer();
    const behindSoi = (s: Buffer, b = plain) => Buffer.concat([b.subarray(0, 2), s, b.subarray(2)]);
    for (const acquired of [
      plain,
      exif,
      behindSoi(segment(THEIRS)),
      behindSoi(segment('<broken'), exif),
      behindSoi(Buffer.concat([segment(THEIRS), segment('second')])),
      Buffer.concat([plain, Buffer.from('maker data')]),
      await picture.clone().jpeg({ progressive: true }).toBuffer(),
    ]) {
      const { embedded, tagged } = await trip(acquired);
      expect(embedded.method).toBe('jpeg');
      expect(checkStructure(bufferSource(tagged))).toMatchObject({ complete: true });
      await trip(tagged, 'Powder');
      const [before, after] = await Promise.all([acquired, tagged].map((b) => sharp(b).raw().toBuffer()));
      expect(after!.equals(before!)).toBe(true);
    }
    const { segments } = walkJpeg(bufferSource((await trip(exif)).tagged), { headOnly: true });
    const app = segments.filter((s) => s.marker >= 0xe0 && s.marker < 0xf0).map((s) => s.marker);
    expect(app.lastIndexOf(APP1)).toBe(app.indexOf(APP1) + 1);
  });

  test('a packet that would not fit is left to the sidecar', async () => {
    const plain = await picture.clone().jpeg().toBuffer();
    const big = segment(THEIRS.replace('theirs', 'x'.repeat(63_000)));
    const { embedded } = await trip(Buffer.concat([plain.subarray(0, 2), big, plain.subarray(2)]));
    expect(embedded).toMatchObject({
      method: 'sidecar',
      reason: expect.stringContaining('does not fit') as string,
    });
  });
});

test('BMP and what is no image are copied; they cannot be untagged', async () => {
  for (const bytes of [writeBmp(37, 23, grey), Buffer.from('text'), Buffer.alloc(0)]) {
    const { embedded, taggedPath } = await trip(bytes);
    expect(embedded.method).toBe('sidecar');
    await expect(untag(taggedPath, join(folder, 'never'))).rejects.toMatchObject({ code: 'not_tagged' });
  }
});

test('a classic TIFF near 4 GiB is left to the sidecar, a BigTIFF is not', () => {
  for (const big of [false, true]) {
    const bytes = writeTiff(pagesOf(), { big });
    const source = { size: 0xffffff00, read: (at: number, n: number) => bytes.subarray(at, at + n) };
    expect('pieces' in tagTiff(source, '', 'a')).toBe(big);
  }
});

test('a file that was changed after tagging is refused and nothing is left behind', async () => {
  const { tagged, taggedPath } = await trip(writeTiff(pagesOf()));
  tagged[60] = tagged[60]! ^ 1;
  writeFileSync(taggedPath, tagged);
  const before = readdirSync(folder).length;
  await expect(untag(taggedPath, join(folder, 'changed'))).rejects.toMatchObject({ code: 'tag_unverified' });
  expect(readdirSync(folder).length).toBe(before);
});

describe('properties of random files', () => {
  const shape = fc.record({ big: fc.boolean(), bigEndian: fc.boolean() }) as fc.Arbitrary<TiffShape>;
  const page = fc.record({
    tags: fc.uniqueArray(
      fc.record({ tag: fc.integer({ min: 600, max: 65_535 }), type: fc.constant(BYTE), value: fc.uint8Array({ minLength: 1, maxLength: 40 }) }), // prettier-ignore
      { selector: (t) => t.tag, maxLength: 12 },
    ),
    layout: fc.constantFrom({ tile: 16 }, { rowsPerStrip: 5 }, {}, { compression: 'lzw' as const }),
  });
  const tiff = fc
    .tuple(fc.array(page, { minLength: 1, maxLength: 4 }), shape, fc.uint8Array({ maxLength: 9 }))
    .map(([pages, s, tail]) => Buffer.concat([writeTiff(pages.flatMap((p) => pagesOf({ ...p.layout, tags: p.tags })), s), tail])); // prettier-ignore

  test('embed then untag gives the acquired bytes', async () => {
    await fc.assert(
      fc.asyncProperty(tiff, async (bytes) => {
        const { embedded } = await trip(bytes, 'Nanowires', 'random');
        expect(embedded.method).toBe('tiff');
      }),
      { numRuns: 150 },
    );
  });

  test('verify finds every single changed byte', async () => {
    await fc.assert(
      fc.asyncProperty(tiff, fc.nat(), fc.integer({ min: 1, max: 255 }), async (bytes, where, flip) => {
        const { tagged, acquiredPath, taggedPath } = await trip(bytes, 'Nanowires', 'flipped');
        // the packet itself may hold spaces whose change means nothing: the acquired bytes and the new IFD may not
        const at = where % bytes.length;
        tagged[at] = tagged[at]! ^ flip;
        writeFileSync(taggedPath, tagged);
        await expect(verifyTagged(acquiredPath, taggedPath)).rejects.toMatchObject({ name: 'SemtagError' });
      }),
      { numRuns: 150 },
    );
  });
});
