// Tags a TIFF or BigTIFF by appending: the XMP packet and a new first IFD that repeats every old entry; only the header's IFD offset changes.
// Strips, tiles, values and the old IFD stay where they are. XMP in TIFF is tag 700 (XMP Specification Part 3, 2.3.2).

import { SemtagError } from '../errors.ts';
import type { Piece } from '../formats/pieces.ts';
import type { ByteSource } from '../formats/source.ts';
import { entry, entryBytes, readOffset, walkTiff, type Ifd, type Tiff } from '../formats/tiff.ts';
import { mergePacket, semtagProperties } from '../formats/xmp.ts';
import type { Tagging } from './embed.ts';
import { restoreBlock, wholeNumber, type Restoring } from './restore.ts';

const XMP_TAG = 700;

export function tagTiff(source: ByteSource, block: string, sha256: string): Tagging {
  const tiff = walkTiff(source, { maxIfds: 1 });
  const [ifd] = tiff.ifds;
  if (!ifd || ifd.entries.length === 0 || endOf(tiff, ifd) > source.size)
    throw new SemtagError('malformed', 'the first IFD cannot be read');
  const field = offsetField(tiff);
  const ifdOffset = readOffset(tiff, field.offset);
  // only hostile files do that; the offset could then not be changed without changing the IFD
  if (ifdOffset < field.offset + field.length) return { reason: 'the first IFD lies in the header' };
  const old = entry(ifd, XMP_TAG);
  const restore = restoreBlock({ length: source.size, ifdOffset, sha256 });
  const packet = mergePacket(old && entryBytes(tiff, old), block + restore).bytes;
  // values and IFDs begin on a word boundary (TIFF 6.0 p. 14 and 15); BigTIFF: 8
  const align = tiff.big ? 8 : 2;
  const packetOffset = roundUp(source.size, align);
  const newOffset = roundUp(packetOffset + packet.length, align);
  const newIfd = ifdBytes(tiff, ifd, packetOffset, packet.length);
  if (!newIfd) return { reason: 'the first IFD is full: 65,535 entries' };
  if (!tiff.big && newOffset + newIfd.length > 0xffffffff)
    return { reason: 'with a packet the TIFF would pass 4 GiB, which only BigTIFF can hold' };
  const afterField = field.offset + field.length;
  return {
    pieces: [
      { offset: 0, length: field.offset },
      offsetBytes(tiff, newOffset),
      { offset: afterField, length: source.size - afterField },
      Buffer.concat([
        Buffer.alloc(packetOffset - source.size),
        packet,
        Buffer.alloc(newOffset - packetOffset - packet.length),
        newIfd,
      ]),
    ],
  };
}

/** undefined = not tagged by semtag. */
export function restoreTiff(source: ByteSource): Restoring | undefined {
  const tiff = walkTiff(source, { maxIfds: 1 });
  const xmp = entry(tiff.ifds[0], XMP_TAG);
  const packet = xmp && entryBytes(tiff, xmp);
  const properties = packet && semtagProperties(packet);
  const field = offsetField(tiff);
  const afterField = field.offset + field.length;
  const length = wholeNumber(properties?.['acquiredLength'], afterField, source.size);
  const ifdOffset = wholeNumber(properties?.['acquiredIfdOffset'], afterField, length ?? 0);
  const sha256 = properties?.['acquiredSha256'];
  if (!packet || length === undefined || ifdOffset === undefined || !sha256) return undefined;
  const pieces: Piece[] = [
    { offset: 0, length: field.offset },
    offsetBytes(tiff, ifdOffset),
    { offset: afterField, length: length - afterField },
  ];
  return { pieces, sha256, packet };
}

/** The raw entries of the first IFD without tag 700, and the link to the next IFD: what tagging must not change. */
export function untouchedEntries(source: ByteSource): Buffer {
  const tiff = walkTiff(source, { maxIfds: 1 });
  const [ifd] = tiff.ifds;
  if (!ifd || endOf(tiff, ifd) > source.size)
    throw new SemtagError('malformed', 'the first IFD cannot be read');
  const { others, next } = rawEntries(tiff, ifd);
  return Buffer.concat([...others.map((e) => e.bytes), next]);
}

function ifdBytes(tiff: Tiff, ifd: Ifd, packetOffset: number, packetLength: number): Buffer | undefined {
  const { others, next } = rawEntries(tiff, ifd);
  if (others.length >= 65_535) return undefined;
  // type 1 (BYTE), as Part 3 table 6 asks
  const xmp = Buffer.concat([
    u16(tiff, XMP_TAG),
    u16(tiff, 1),
    offsetBytes(tiff, packetLength),
    offsetBytes(tiff, packetOffset),
  ]);
  // in sorted order; an IFD that its vendor left unsorted keeps its own
  const behind = others.findIndex((e) => e.tag > XMP_TAG);
  const at = behind < 0 ? others.length : behind;
  const entries = others.map((e) => e.bytes);
  entries.splice(at, 0, xmp);
  const count = tiff.big ? offsetBytes(tiff, entries.length) : u16(tiff, entries.length);
  return Buffer.concat([count, ...entries, next]);
}

function rawEntries(tiff: Tiff, ifd: Ifd): { others: { tag: number; bytes: Buffer }[]; next: Buffer } {
  const size = tiff.big ? 20 : 12;
  const block = tiff.source.read(ifd.entriesOffset, ifd.entryCount * size);
  const all = Array.from({ length: ifd.entryCount }, (_, i) => {
    const bytes = block.subarray(i * size, (i + 1) * size);
    return { tag: tiff.littleEndian ? bytes.readUInt16LE() : bytes.readUInt16BE(), bytes };
  });
  const next = tiff.source.read(ifd.entriesOffset + block.length, tiff.big ? 8 : 4);
  return { others: all.filter((e) => e.tag !== XMP_TAG), next };
}

function endOf(tiff: Tiff, ifd: Ifd): number {
  return ifd.entriesOffset + ifd.entryCount * (tiff.big ? 20 : 12) + (tiff.big ? 8 : 4);
}

/** Where the header keeps the offset of the first IFD. */
function offsetField(tiff: Tiff): { offset: number; length: number } {
  return tiff.big ? { offset: 8, length: 8 } : { offset: 4, length: 4 };
}

function offsetBytes(tiff: Tiff, value: number): Buffer {
  const bytes = Buffer.alloc(tiff.big ? 8 : 4);
  if (!tiff.big) bytes[tiff.littleEndian ? 'writeUInt32LE' : 'writeUInt32BE'](value);
  else bytes[tiff.littleEndian ? 'writeBigUInt64LE' : 'writeBigUInt64BE'](BigInt(value));
  return bytes;
}

function u16(tiff: Tiff, value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes[tiff.littleEndian ? 'writeUInt16LE' : 'writeUInt16BE'](value);
  return bytes;
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
