// Walks the segments of a JPEG and finds its end. Never decodes pixels. Format: ITU-T T.81 annex B.

import type { ByteSource } from './source.ts';
import type { Problem } from './tiff.ts';

export type Segment = {
  /** 0xC0 .. 0xFE, the byte behind 0xFF */
  marker: number;
  /** absolute; of the 0xFF */
  offset: number;
  dataOffset: number;
  /** of the data, without the two length bytes; 0 for markers that stand alone */
  length: number;
};

/** `end` = just behind EOI; absent when there is none. Bytes behind it are allowed (maker data, a second picture). */
export type Jpeg = { segments: Segment[]; end?: number; problem?: Problem };

export const SOI = 0xd8;
export const EOI = 0xd9;
export const SOS = 0xda;
export const APP0 = 0xe0;
export const APP1 = 0xe1;

/** SOF0 .. SOF15 without DHT, JPG and DAC, which lie between them. */
export function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** `headOnly` stops behind the first SOS: enough for metadata, and the picture is not read. */
export function walkJpeg(source: ByteSource, options: { headOnly?: boolean } = {}): Jpeg {
  const segments: Segment[] = [];
  const stop = (kind: Problem['kind'], message: string): Jpeg => ({ segments, problem: { kind, message } });
  for (let at = 2; ;) {
    const found = nextMarker(source, at);
    if (!found) return stop('truncated', `no end of image (EOI) before the end at ${source.size}`);
    const { marker, offset } = found;
    if (marker === EOI) {
      segments.push({ marker, offset, dataOffset: offset + 2, length: 0 });
      return { segments, end: offset + 2 };
    }
    if (offset + 4 > source.size) return stop('truncated', `the segment at ${offset} is cut`);
    const length = source.read(offset + 2, 2).readUInt16BE() - 2;
    if (length < 0) return stop('malformed', `the segment at ${offset} has an impossible length`);
    at = offset + 4 + length;
    if (at > source.size)
      return stop('truncated', `the segment at ${offset} ends at ${at}, the file at ${source.size}`);
    segments.push({ marker, offset, dataOffset: offset + 4, length });
    if (marker === SOS && options.headOnly) return { segments };
  }
}

/** A whole segment. `data` at most 65,533 bytes. */
export function jpegSegment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

const BLOCK = 64 * 1024;

/**
 * The next marker that has a meaning of its own: stuffed zeros, restart markers, TEM, a repeated SOI and fill bytes are passed over, and so is
 * anything between two segments, as libjpeg does.
 */
function nextMarker(source: ByteSource, from: number): { marker: number; offset: number } | undefined {
  let afterFf = false;
  for (let start = from; start < source.size; start += BLOCK) {
    const block = source.read(start, Math.min(BLOCK, source.size - start));
    for (let i = 0; i < block.length; i++) {
      // pixels are all but a few of the bytes: eight times as fast as to look at each of them here
      if (!afterFf) i = block.indexOf(0xff, i);
      if (i < 0) break;
      const byte = block[i]!;
      if (afterFf && byte !== 0xff && byte > 0x01 && !(byte >= 0xd0 && byte <= SOI))
        return { marker: byte, offset: start + i - 1 };
      afterFf = byte === 0xff;
    }
  }
  return undefined;
}
