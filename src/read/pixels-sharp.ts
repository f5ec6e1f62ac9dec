// Whatever libvips reads (compressed and tiled TIFF, PNG, JPEG), as grey. Never applies an orientation tag: rows stay as stored.

import sharp from 'sharp';
import type { Metadata } from 'sharp';
import { SemtagError } from '../errors.ts';
import type { Decoded } from './decoded.ts';
import { luminance } from './luminance.ts';
import type { PixelLimits } from './pixels.ts';
import { scaledTo16 } from './scale.ts';

// one image a child: a cache and a thread pool of libvips would only cost memory beside the CNN
sharp.cache(false);
sharp.concurrency(1);

/** libvips cannot open this kind of file (`unopened`), or not decode its pixels. */
export class Refused extends Error {
  readonly unopened: boolean;
  constructor(message: string, unopened: boolean) {
    super(message);
    this.unopened = unopened;
  }
}

export async function decodeWithSharp(path: string, page: number, limits: PixelLimits): Promise<Decoded> {
  // failOn 'error': warnings (odd ASCII tags of many vendors) pass, missing or corrupt strips do not come out as silent zeros
  const open = () => sharp(path, { failOn: 'error', page, limitInputPixels: limits.pixels });
  let meta: Metadata;
  try {
    meta = await open().metadata();
  } catch (error) {
    if (/pixel limit/i.test(messageOf(error)))
      throw new SemtagError('too_large', `pixels: ${messageOf(error)}`);
    throw new Refused(messageOf(error), true);
  }
  if (meta.width * meta.height > limits.pixels)
    throw new SemtagError(
      'too_large',
      `pixels: ${meta.width} x ${meta.height} is over the limit of ${limits.pixels}`,
    );
  const grey = meta.channels <= 2;
  const depth = meta.depth === 'uchar' || meta.depth === 'ushort' ? meta.depth : 'float';
  const space = depth === 'ushort' ? (grey ? 'grey16' : 'rgb16') : grey ? 'b-w' : 'srgb';
  try {
    let image = open();
    if (depth !== 'float') image = image.toColourspace(space);
    const { data, info } = await image.raw({ depth }).toBuffer({ resolveWithObject: true });
    const size = { width: info.width, height: info.height };
    if (depth === 'float') {
      const samples = new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4);
      return { ...size, ...scaledTo16(samples, info.channels), bitsPerSample: 32 };
    }
    const samples =
      depth === 'ushort'
        ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
        : new Uint8Array(data.buffer, data.byteOffset, data.length);
    const bits = depth === 'ushort' ? 16 : 8;
    const notes = info.channels > 2 ? ['colour read as luminance'] : [];
    return { ...size, data: luminance(samples, info.channels), bits, bitsPerSample: bits, notes };
  } catch (error) {
    throw new Refused(messageOf(error), false);
  }
}

function messageOf(error: unknown): string {
  // libvips puts one complaint a line; the first names the cause
  return (error instanceof Error ? error.message : String(error))
    .trim()
    .split('\n')[0]!
    .replace(/^\S*\/(?=[^/]*: )/, '');
}
