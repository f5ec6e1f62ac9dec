// The pixels of an uncompressed TIFF page straight from its strips: what nearly every microscope writes, five times as fast as a general
// decoder and with Zeiss palettes kept as grey. Never reads compressed or tiled pages. Format: TIFF 6.0 sections 3 to 8.

import { SemtagError } from '../errors.ts';
import { entry, numbers } from '../formats/tiff.ts';
import type { Ifd, Tiff } from '../formats/tiff.ts';
import type { Decoded } from './decoded.ts';
import { luminance } from './luminance.ts';
import { paletteToGrey } from './palette.ts';
import type { PixelLimits } from './pixels.ts';
import { samplesOf } from './samples.ts';

const fail = (reason: string) => new SemtagError('undecodable', `tiff: ${reason}`);

const WHITE_IS_ZERO = 0;
const BLACK_IS_ZERO = 1;
const RGB = 2;
const PALETTE = 3;

/** Undefined when this page needs a general decoder. Errors: `undecodable` (strips outside the file), `too_large`. */
export function decodeStrips(tiff: Tiff, ifd: Ifd, limits: PixelLimits): Decoded | undefined {
  const all = (tag: number) => {
    const e = entry(ifd, tag);
    return e ? numbers(tiff, e) : [];
  };
  const one = (tag: number, otherwise: number) => {
    const e = entry(ifd, tag);
    return e && e.count > 0 ? numbers(tiff, { ...e, count: 1 })[0]! : otherwise;
  };
  const width = one(256, 0);
  const height = one(257, 0);
  if (!(width > 0 && height > 0)) throw fail(`size ${width} x ${height}`);
  if (width * height > limits.pixels)
    throw new SemtagError('too_large', `tiff: ${width} x ${height} is over the limit of ${limits.pixels}`);

  const channels = one(277, 1);
  const bits = one(258, 1);
  const photometric = one(262, BLACK_IS_ZERO);
  const grey = photometric <= BLACK_IS_ZERO && channels <= 2;
  const colour = photometric === RGB && (channels === 3 || channels === 4) && (bits === 8 || bits === 16);
  const indexed = photometric === PALETTE && channels === 1 && bits <= 8;
  const plain =
    one(259, 1) === 1 && one(266, 1) === 1 && !entry(ifd, 322) && (channels === 1 || one(284, 1) === 1);
  if (!plain || !(grey || colour || indexed) || (channels > 1 && all(258).some((b) => b !== bits)))
    return undefined;

  const rowBytes = Math.ceil((width * channels * bits) / 8);
  const bytes = stripBytes(tiff, all(273), all(279), height, Math.min(one(278, height), height), rowBytes);
  if (!bytes) return undefined;
  const samples = samplesOf(bytes, {
    width: width * channels,
    height,
    bits,
    format: one(339, 1),
    little: tiff.littleEndian,
  });
  if (!samples) return undefined;
  const size = { width, height };

  if (indexed) {
    const { data, notes } = paletteToGrey(samples.data as Uint8Array, all(320), bits);
    return { ...size, data, bits: 8, bitsPerSample: bits, notes };
  }
  const { notes } = samples;
  if (colour) notes.push('colour read as luminance');
  let data = luminance(samples.data, channels);
  const top = (1 << samples.bits) - 1;
  if (bits < 8) data = data.map((v) => (v * 255) / ((1 << bits) - 1));
  if (photometric === WHITE_IS_ZERO)
    data = data.map((v) => (bits > 8 && bits < 16 ? (1 << bits) - 1 : top) - v);
  return { ...size, data, bits: samples.bits, bitsPerSample: bits, notes };
}

/** All rows in one piece; one read when the strips follow each other, which they nearly always do. */
function stripBytes(
  tiff: Tiff,
  offsets: number[],
  counts: number[],
  height: number,
  rowsPerStrip: number,
  rowBytes: number,
): Buffer | undefined {
  const strips = rowsPerStrip > 0 ? Math.ceil(height / rowsPerStrip) : 0;
  if (strips === 0 || offsets.length < strips)
    throw fail(`${offsets.length} strips for ${height} rows of ${rowsPerStrip} a strip`);
  const lengthOf = (i: number) => Math.min(rowsPerStrip, height - i * rowsPerStrip) * rowBytes;
  let inOneRun = true;
  for (let i = 0; i < strips; i++) {
    const end = offsets[i]! + lengthOf(i);
    if (end > tiff.source.size) throw fail(`strip ${i} ends at ${end}, the file at ${tiff.source.size}`);
    // fewer bytes than the rows need: the count or the layout is wrong, and which one only a general decoder may guess
    if (counts[i] && counts[i]! < lengthOf(i)) return undefined;
    if (i + 1 < strips && offsets[i + 1] !== end) inOneRun = false;
  }
  if (inOneRun) return tiff.source.read(offsets[0]!, rowBytes * height);
  const bytes = Buffer.allocUnsafe(rowBytes * height);
  for (let i = 0; i < strips; i++)
    tiff.source.read(offsets[i]!, lengthOf(i)).copy(bytes, i * rowsPerStrip * rowBytes);
  return bytes;
}
