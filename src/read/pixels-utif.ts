// Last resort for TIFF pages whose kind libvips does not know. UTIF never ends on an IFD loop and trusts every length, so it sees only
// files whose IFDs our own walker found sound, and only ever in a child process (R7).

import { SemtagError } from '../errors.ts';
import type { Tiff } from '../formats/tiff.ts';
import type { Decoded } from './decoded.ts';
import { luminance } from './luminance.ts';
import type { PixelLimits } from './pixels.ts';

/** 8-bit grey, whatever the depth was. Errors: `undecodable`, `too_large`. */
export async function decodeWithUtif(
  tiff: Tiff,
  page: number,
  limits: PixelLimits,
  why: string,
): Promise<Decoded> {
  const unsound = tiff.problems.find((p) => p.kind !== 'odd');
  if (unsound || tiff.big)
    throw new SemtagError('undecodable', `tiff: ${why}; ${unsound?.message ?? 'BigTIFF'}`);
  const { default: utif } = await import('utif');
  try {
    const bytes = Buffer.from(tiff.source.read(0, tiff.source.size));
    const ifds = utif.decode(bytes);
    const ifd = ifds[page];
    if (!ifd) throw new Error(`no page ${page}`);
    const [width, height] = [numberOf(ifd['t256']), numberOf(ifd['t257'])];
    if (width * height > limits.pixels)
      throw new SemtagError('too_large', `tiff: ${width} x ${height} is over the limit of ${limits.pixels}`);
    utif.decodeImage(bytes, ifd);
    const data = luminance(utif.toRGBA8(ifd), 4);
    if (!(width > 0 && height > 0) || data.length !== width * height)
      throw new Error(`${data.length} samples for ${width} x ${height}`);
    return {
      width,
      height,
      data,
      bits: 8,
      bitsPerSample: 8,
      notes: ['decoded to 8 bits by the fallback decoder'],
    };
  } catch (error) {
    if (error instanceof SemtagError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new SemtagError('undecodable', `tiff: ${why}; fallback: ${message}`, { cause: error });
  }
}

function numberOf(value: unknown): number {
  return Array.isArray(value) && typeof value[0] === 'number' ? value[0] : 0;
}
