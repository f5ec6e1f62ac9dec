// Walks the chunks of a PNG. Never inflates pixels and never checks the CRC of what it does not use. Format: PNG (W3C 2003) section 5.

import { crc32 } from 'node:zlib';
import type { ByteSource } from './source.ts';
import type { Problem } from './tiff.ts';

export type Chunk = {
  type: string;
  /** absolute; of the length field */
  offset: number;
  dataOffset: number;
  /** of the data; the whole chunk takes 12 bytes more */
  length: number;
};

/** `end` = just behind IEND; absent when there is none. */
export type Png = { chunks: Chunk[]; end?: number; problem?: Problem };

const PNG_SIGNATURE_BYTES = 8;
const MAX_CHUNKS = 1_000_000;

export function walkPng(source: ByteSource): Png {
  const chunks: Chunk[] = [];
  const stop = (kind: Problem['kind'], message: string): Png => ({ chunks, problem: { kind, message } });
  for (let offset = PNG_SIGNATURE_BYTES; ;) {
    if (offset + 8 > source.size) return stop('truncated', `no IEND chunk before the end at ${source.size}`);
    if (chunks.length >= MAX_CHUNKS) return stop('malformed', `more than ${MAX_CHUNKS} chunks`);
    const head = source.read(offset, 8);
    const length = head.readUInt32BE(0);
    const type = head.toString('latin1', 4, 8);
    if (type === '\0\0\0\0') return stop('truncated', `zeros at ${offset} where a chunk is expected`);
    if (!/^[A-Za-z]{4}$/.test(type) || length > 0x7fffffff) return stop('malformed', `no chunk at ${offset}`);
    const end = offset + 12 + length;
    if (end > source.size)
      return stop('truncated', `chunk ${type} at ${offset} ends at ${end}, the file at ${source.size}`);
    chunks.push({ type, offset, dataOffset: offset + 8, length });
    if (type === 'IEND') return { chunks, end };
    offset = end;
  }
}

/** A whole chunk: length, type, data, CRC over type and data. */
export function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}
