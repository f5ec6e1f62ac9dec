// Tags a PNG with an iTXt chunk XML:com.adobe.xmp in front of the pixels (XMP Specification Part 3, 1.1.5). A packet that is there already is
// merged, and its chunk stays under another keyword of the same length, so that it can be given back bit for bit.

import { crc32, inflateSync } from 'node:zlib';
import { splice, type Edit, type Piece } from '../formats/pieces.ts';
import { pngChunk, walkPng, type Chunk } from '../formats/png.ts';
import type { ByteSource } from '../formats/source.ts';
import { MAX_PACKET_BYTES, mergePacket, semtagProperties } from '../formats/xmp.ts';
import type { Tagging } from './embed.ts';
import { keptLevel, keptName, MAX_KEPT, restoreBlock, type Restoring } from './restore.ts';

const XMP_KEYWORD = 'XML:com.adobe.xmp\0';
/** As long as XMP_KEYWORD; the digit counts how often the file was tagged since. */
const KEPT_KEYWORD = 'semtag:kept-xmp:#\0';

export function tagPng(source: ByteSource, block: string, sha256: string): Tagging {
  const { chunks } = walkPng(source);
  const pixels = chunks.find((c) => c.type === 'IDAT') ?? chunks.find((c) => c.type === 'IEND');
  if (!pixels) return { reason: 'the PNG has no pixels to put a packet in front of' };
  const texts = textChunks(source, chunks);
  if (texts.some((t) => keptLevel(t.keyword, KEPT_KEYWORD) === MAX_KEPT))
    return { reason: `the PNG was tagged ${MAX_KEPT + 1} times over` };
  const first = texts.find((t) => t.keyword === XMP_KEYWORD);
  const restore = restoreBlock({ length: source.size, sha256 });
  const packet = mergePacket(first && packetOf(source, first.chunk), block + restore).bytes;
  // keyword, no compression, no language, no translated keyword
  const chunk = pngChunk('iTXt', Buffer.concat([Buffer.from(`${XMP_KEYWORD}\0\0\0\0`, 'latin1'), packet]));
  const renamed = texts.map((t) => ({
    chunk: t.chunk,
    to: keptName(t.keyword, XMP_KEYWORD, KEPT_KEYWORD, +1),
  }));
  return { pieces: rewrite(source, renamed, { at: pixels.offset, cut: 0, put: chunk }) };
}

/** undefined = not tagged by semtag. */
export function restorePng(source: ByteSource): Restoring | undefined {
  const texts = textChunks(source, walkPng(source).chunks);
  const ours = texts.find((t) => t.keyword === XMP_KEYWORD);
  const packet = ours && packetOf(source, ours.chunk);
  const sha256 = packet && semtagProperties(packet)?.['acquiredSha256'];
  if (!ours || !packet || !sha256) return undefined;
  const renamed = texts
    .filter((t) => t !== ours)
    .map((t) => ({ chunk: t.chunk, to: keptName(t.keyword, XMP_KEYWORD, KEPT_KEYWORD, -1) }));
  return {
    pieces: rewrite(source, renamed, {
      at: ours.chunk.offset,
      cut: ours.chunk.length + 12,
      put: Buffer.alloc(0),
    }),
    sha256,
    packet,
  };
}

/** The iTXt chunks that hold a packet, ours, foreign or kept. */
function textChunks(source: ByteSource, chunks: Chunk[]): { chunk: Chunk; keyword: string }[] {
  return chunks
    .filter((c) => c.type === 'iTXt' && c.length >= XMP_KEYWORD.length + 4 && c.length <= MAX_PACKET_BYTES)
    .map((chunk) => ({
      chunk,
      keyword: source.read(chunk.dataOffset, XMP_KEYWORD.length).toString('latin1'),
    }))
    .filter(({ keyword }) => keyword === XMP_KEYWORD || keptLevel(keyword, KEPT_KEYWORD) !== undefined);
}

/** keyword NUL flag method language NUL translated NUL text (PNG 11.3.4.5). */
function packetOf(source: ByteSource, chunk: Chunk): Buffer {
  const data = source.read(chunk.dataOffset, chunk.length);
  const language = data.indexOf(0, XMP_KEYWORD.length + 2);
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
  if (translated < 0) return Buffer.alloc(0);
  const content = data.subarray(translated + 1);
  if (data[XMP_KEYWORD.length] !== 1) return content;
  try {
    return inflateSync(content, { maxOutputLength: MAX_PACKET_BYTES });
  } catch {
    return Buffer.alloc(0);
  }
}

type Rename = { chunk: Chunk; to: string };

function rewrite(source: ByteSource, renames: Rename[], change: Edit): Piece[] {
  const edits: Edit[] = [change];
  for (const { chunk, to } of renames) {
    const before = source.read(chunk.offset + 4, chunk.length + 4);
    const after = Buffer.from(before);
    after.write(to, 4, 'latin1');
    const crcAt = chunk.dataOffset + chunk.length;
    // a CRC that was wrong stays wrong by the same bits, and comes back as it was
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE((source.read(crcAt, 4).readUInt32BE() ^ crc32(before) ^ crc32(after)) >>> 0);
    edits.push(
      { at: chunk.dataOffset, cut: to.length, put: Buffer.from(to, 'latin1') },
      { at: crcAt, cut: 4, put: crc },
    );
  }
  return splice(source.size, edits);
}
