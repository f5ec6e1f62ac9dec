// The shapes of TIFF that the tests of formats and tag go through.

import type { TiffPage, TiffShape } from '../../fixtures/tiff-writer.ts';

type More = Partial<TiffPage>;

export const SHAPES: [string, TiffShape, More][] = [
  ['classic', {}, { rowsPerStrip: 7 }],
  ['big-endian', { bigEndian: true }, { rowsPerStrip: 7 }],
  ['BigTIFF', { big: true }, { rowsPerStrip: 7 }],
  ['big-endian BigTIFF', { big: true, bigEndian: true }, {}],
  ['tiled', {}, { tile: 16 }],
  ['LZW', {}, { compression: 'lzw', rowsPerStrip: 7 }],
  ['tiled deflate', { bigEndian: true }, { compression: 'deflate', tile: 16 }],
  ['16 bits', {}, { samples: samples16(37 * 23) }],
  ['16 bits, big-endian', { bigEndian: true }, { samples: samples16(37 * 23), rowsPerStrip: 5 }],
];

/** Pages of 37 x 23 pixels, none of them 0. */
export function pagesOf(more: More = {}, count = 1): TiffPage[] {
  const samples = Uint8Array.from({ length: 37 * 23 }, (_, i) => 1 + ((i * 7) % 255));
  return Array.from({ length: count }, () => ({ width: 37, height: 23, samples, ...more }));
}

function samples16(length: number): Uint16Array {
  return Uint16Array.from({ length }, (_, i) => 257 + ((i * 7919) % 65_000));
}
