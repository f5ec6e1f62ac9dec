// Where the pixels of a TIFF page lie: strips or tiles, with the sizes they must have. Never decodes them. TIFF 6.0 sections 3 and 15.

import { entry, numbers, type Ifd, type Tiff } from './tiff.ts';

export type PageData = {
  kind: 'strip' | 'tile';
  width: number;
  height: number;
  /** 1 = none */
  compression: number;
  offsets: number[];
  /** as the file says; empty when it does not */
  byteCounts: number[];
  /** how many strips or tiles the picture needs, all planes */
  needed: number;
  /** bytes of strip or tile i without compression; undefined where that cannot be told (compressed, subsampled) */
  plainBytes(i: number): number | undefined;
};

/** undefined = the page names neither strips nor tiles. */
export function pageData(tiff: Tiff, ifd: Ifd): PageData | undefined {
  const all = (tag: number): number[] => {
    const e = entry(ifd, tag);
    return e ? numbers(tiff, e) : [];
  };
  const one = (tag: number, missing: number): number => all(tag)[0] ?? missing;
  const tiled = entry(ifd, 324) !== undefined;
  const offsets = all(tiled ? 324 : 273);
  if (offsets.length === 0) return undefined;
  const width = one(256, 0);
  const height = one(257, 0);
  const compression = one(259, 1);
  const samples = Math.max(1, one(277, 1));
  const planes = one(284, 1) === 2 ? samples : 1;
  const bits = all(258);
  const bitsOf = (sample: number): number => bits[sample] ?? bits[0] ?? 1;
  const pixelBits = planes > 1 ? bitsOf(0) : sum(samples, bitsOf);
  // uncompressed YCbCr is subsampled: its size follows other rules (TIFF 6.0 section 21)
  const plain = compression === 1 && one(262, 1) !== 6;
  const base = { width, height, compression, offsets };
  if (tiled) {
    const [tileWidth, tileHeight] = [one(322, 0) || width, one(323, 0) || height];
    const bytes = Math.ceil((tileWidth * pixelBits) / 8) * tileHeight;
    const needed = Math.ceil(width / tileWidth) * Math.ceil(height / tileHeight) * planes;
    return {
      ...base,
      kind: 'tile',
      byteCounts: all(325),
      needed,
      plainBytes: () => (plain ? bytes : undefined),
    };
  }
  // missing: one strip holds all (TIFF 6.0 p. 39); libtiff reads 0 the same way
  const rows = Math.min(one(278, height) || height, height) || 1;
  const perPlane = Math.ceil(height / rows);
  const rowBytes = Math.ceil((width * pixelBits) / 8);
  const plainBytes = (i: number): number => rowBytes * Math.min(rows, height - (i % perPlane) * rows);
  return {
    ...base,
    kind: 'strip',
    byteCounts: all(279),
    needed: perPlane * planes,
    plainBytes: (i) => (plain ? plainBytes(i) : undefined),
  };
}

function sum(n: number, of: (i: number) => number): number {
  // a hostile SamplesPerPixel is at most 65,535
  let total = 0;
  for (let i = 0; i < n; i++) total += of(i);
  return total;
}
