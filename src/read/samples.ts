// Raw bytes of uncompressed rows to samples in this machine's byte order. Never changes the bytes it is given: they may be shared.

import { endianness } from 'node:os';
import type { Decoded } from './decoded.ts';
import { scaledTo16 } from './scale.ts';

export type RowLayout = {
  /** samples a row, all channels together */
  width: number;
  height: number;
  /** of one sample; rows begin on a byte */
  bits: number;
  /** TIFF SampleFormat: 1 unsigned, 2 signed, 3 float */
  format: number;
  little: boolean;
};

const HERE_LITTLE = endianness() === 'LE';

/** Undefined for kinds of samples that nothing here writes (half floats, complex numbers, 24 bits). */
export function samplesOf(
  bytes: Buffer,
  layout: RowLayout,
): Pick<Decoded, 'data' | 'bits' | 'notes'> | undefined {
  const { bits, format, little, width, height } = layout;
  if (format === 1 && bits === 8)
    return { data: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), bits: 8, notes: [] };
  if (format === 1 && bits < 16) return { ...unpack(bytes, width, height, bits), notes: [] };
  const n = width * height;
  const swapped = little !== HERE_LITTLE;
  switch (`${format}:${bits}`) {
    case '1:16':
      return { data: aligned(bytes, 2, swapped, (b, at) => new Uint16Array(b, at, n)), bits: 16, notes: [] };
    case '2:8':
      return scaledTo16(new Int8Array(bytes.buffer, bytes.byteOffset, n));
    case '2:16':
      return scaledTo16(aligned(bytes, 2, swapped, (b, at) => new Int16Array(b, at, n)));
    case '1:32':
      return scaledTo16(aligned(bytes, 4, swapped, (b, at) => new Uint32Array(b, at, n)));
    case '2:32':
      return scaledTo16(aligned(bytes, 4, swapped, (b, at) => new Int32Array(b, at, n)));
    case '3:32':
      return scaledTo16(aligned(bytes, 4, swapped, (b, at) => new Float32Array(b, at, n)));
    case '3:64':
      return scaledTo16(aligned(bytes, 8, swapped, (b, at) => new Float64Array(b, at, n)));
    default:
      return undefined;
  }
}

/** A view on the bytes where they lie when order and alignment allow it, else on a copy. */
function aligned<T>(
  bytes: Buffer,
  size: 2 | 4 | 8,
  swapped: boolean,
  view: (buffer: ArrayBuffer, at: number) => T,
): T {
  let at = bytes;
  if (swapped || bytes.byteOffset % size !== 0) {
    at = Buffer.allocUnsafeSlow(bytes.length);
    bytes.copy(at);
    if (swapped) ({ 2: () => at.swap16(), 4: () => at.swap32(), 8: () => at.swap64() })[size]();
  }
  return view(at.buffer as ArrayBuffer, at.byteOffset);
}

/** 1 to 15 bits a sample, most significant bit first (TIFF FillOrder 1). */
function unpack(bytes: Buffer, width: number, height: number, bits: number): Pick<Decoded, 'data' | 'bits'> {
  const data = bits < 8 ? new Uint8Array(width * height) : new Uint16Array(width * height);
  const rowBytes = Math.ceil((width * bits) / 8);
  const mask = (1 << bits) - 1;
  for (let y = 0, o = 0; y < height; y++) {
    let held = 0;
    let heldBits = 0;
    let at = y * rowBytes;
    for (let x = 0; x < width; x++) {
      while (heldBits < bits) {
        held = ((held << 8) | bytes[at++]!) & 0xffffff;
        heldBits += 8;
      }
      heldBits -= bits;
      data[o++] = (held >> heldBits) & mask;
    }
  }
  return { data, bits: bits < 8 ? 8 : 16 };
}
