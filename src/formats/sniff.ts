// The media type of a file by its first bytes. Never looks at the name: microscopes save JPEGs called .tif.

import type { ByteSource } from './source.ts';

export type MediaType = 'image/tiff' | 'image/png' | 'image/jpeg' | 'image/bmp';

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const TIFF = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'];
/** Sizes of the DIB headers that exist (wingdi.h: BITMAPCOREHEADER, OS22X, INFO, V2, V3, OS22X, V4, V5). */
const DIB = [12, 16, 40, 52, 56, 64, 108, 124];

export function sniff(source: ByteSource): MediaType | undefined {
  const head = source.read(0, Math.min(source.size, 18));
  if (TIFF.includes(head.toString('latin1', 0, 4))) return 'image/tiff';
  if (head.length >= 8 && head.subarray(0, 8).equals(PNG)) return 'image/png';
  if (head.length >= 3 && head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'image/jpeg';
  // two letters alone would take any text that begins with BM
  if (head.length === 18 && head.toString('latin1', 0, 2) === 'BM' && DIB.includes(head.readUInt32LE(14)))
    return 'image/bmp';
  return undefined;
}

/** True when more bytes could still make an image of it: it is empty, begins with zeros, or with the first part of a signature. */
export function couldBecomeImage(source: ByteSource): boolean {
  const head = source.read(0, Math.min(source.size, 18));
  // the header can come last; four bytes, because other formats begin with up to three zeros
  if (head.subarray(0, 4).every((byte) => byte === 0)) return true;
  // space that was reserved first: only the front of the signature is there
  const text = head.toString('latin1').replace(/\0+$/, '');
  if (['\xff\xd8\xff', PNG.toString('latin1'), ...TIFF].some((signature) => signature.startsWith(text)))
    return true;
  // a BMP whose header is not (all) there yet
  return text.length > 0 && 'BM'.startsWith(text.slice(0, 2)) && (head.length < 18 || text.length <= 14);
}
