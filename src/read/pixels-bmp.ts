// Windows bitmaps, which libvips does not read: JEOL and TESCAN PCs write them. Uncompressed only; never trusts a size in the header.

import { SemtagError } from '../errors.ts';
import type { Decoded } from './decoded.ts';
import { luminance } from './luminance.ts';
import type { PixelLimits } from './pixels.ts';

const fail = (reason: string) => new SemtagError('undecodable', `bmp: ${reason}`);

/**
 * BITMAPFILEHEADER + BITMAPINFOHEADER (or the old BITMAPCOREHEADER), 1, 4, 8, 24 or 32 bits, bottom-up or top-down.
 * Format: Microsoft, "Bitmap Storage", wingdi.h. Errors: `undecodable`, `too_large`.
 */
export function decodeBmp(bytes: Uint8Array, limits: PixelLimits): Decoded {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 26 || bytes[0] !== 0x42 || bytes[1] !== 0x4d) throw fail('no BM at the start');
  const dataAt = view.getUint32(10, true);
  const headerSize = view.getUint32(14, true);
  const old = headerSize === 12;
  if (!old && (headerSize < 40 || bytes.length < 14 + headerSize))
    throw fail(`header of ${headerSize} bytes`);
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  const rows = old ? view.getUint16(20, true) : view.getInt32(22, true);
  const depth = view.getUint16(old ? 24 : 28, true);
  const compression = old ? 0 : view.getUint32(30, true);
  const height = Math.abs(rows);
  if (width <= 0 || height === 0) throw fail(`size ${width} x ${height}`);
  if (width * height > limits.pixels)
    throw new SemtagError('too_large', `bmp: ${width} x ${height} is over the limit of ${limits.pixels}`);
  // 3 = BI_BITFIELDS: with 32 bits nearly always the plain order, other masks are not read
  if (compression !== 0 && !(compression === 3 && depth === 32)) throw fail(`compression ${compression}`);
  if (![1, 4, 8, 24, 32].includes(depth)) throw fail(`${depth} bits a pixel`);
  const stride = Math.ceil((width * depth) / 32) * 4;
  if (dataAt + stride * height > bytes.length)
    throw fail(`pixels end at ${dataAt + stride * height}, the file at ${bytes.length}`);

  const rowAt = (y: number) => dataAt + (rows < 0 ? y : height - 1 - y) * stride;
  const data = new Uint8Array(width * height);
  if (depth >= 24) {
    const step = depth / 8;
    const rgb = new Uint8Array(width * 3);
    for (let y = 0; y < height; y++) {
      for (let x = 0, at = rowAt(y); x < width; x++, at += step) {
        rgb[3 * x] = bytes[at + 2]!;
        rgb[3 * x + 1] = bytes[at + 1]!;
        rgb[3 * x + 2] = bytes[at]!;
      }
      data.set(luminance(rgb, 3), y * width);
    }
  } else {
    const grey = palette(bytes, 14 + headerSize, old ? 3 : 4, Math.min(1 << depth, 256), dataAt);
    const perByte = 8 / depth;
    const mask = (1 << depth) - 1;
    for (let y = 0; y < height; y++)
      for (let x = 0, at = rowAt(y); x < width; x++) {
        const shift = 8 - depth * ((x % perByte) + 1);
        data[y * width + x] = grey[(bytes[at + Math.floor(x / perByte)]! >> shift) & mask]!;
      }
  }
  return { width, height, data, bits: 8, bitsPerSample: Math.min(depth, 8), notes: [] };
}

/** Colour table (B, G, R and, in the new form, a fourth byte) as grey; entries that are not there are 0. */
function palette(bytes: Uint8Array, at: number, entry: number, count: number, end: number): Uint8Array {
  const rgb = new Uint8Array(count * 3);
  for (let i = 0; i < count && at + (i + 1) * entry <= end; i++) {
    rgb[3 * i] = bytes[at + i * entry + 2]!;
    rgb[3 * i + 1] = bytes[at + i * entry + 1]!;
    rgb[3 * i + 2] = bytes[at + i * entry]!;
  }
  return luminance(rgb, 3);
}
