// Pixels of one page as grey samples. Runs in a child process only (R7); never hands out half a picture as a whole one.

import { SemtagError } from '../errors.ts';
import { fileSource } from '../formats/source.ts';
import type { ByteSource } from '../formats/source.ts';
import { entry, numbers, walkTiff, type Ifd, type Tiff } from '../formats/tiff.ts';
import type { Decoded } from './decoded.ts';
import { decodeBmp } from './pixels-bmp.ts';
import { decodeWithSharp, Refused } from './pixels-sharp.ts';
import { decodeStrips } from './pixels-tiff.ts';
import { decodeWithUtif } from './pixels-utif.ts';

/** `pixels`: of one page, width times height. */
export type PixelLimits = { pixels: number };

/** Reads and decodes page `page` (0-based) of the file. Errors: `undecodable`, `too_large`, `malformed`. */
export async function decode(
  path: string,
  mediaType: string,
  page: number,
  limits: PixelLimits,
): Promise<Decoded> {
  const source = fileSource(path);
  try {
    const tiff = mediaType === 'image/tiff' ? walkTiff(source) : undefined;
    return await decodeOpen({ path, source, tiff }, mediaType, page, limits);
  } finally {
    source.close();
  }
}

export type OpenImage = { path: string; source: ByteSource; tiff: Tiff | undefined };

/** The same for a file that is open and, when it is a TIFF, walked. */
export async function decodeOpen(
  { path, source, tiff }: OpenImage,
  mediaType: string,
  page: number,
  limits: PixelLimits,
): Promise<Decoded> {
  if (mediaType === 'image/bmp') return decodeBmp(source.read(0, source.size), limits);
  const ifd = tiff?.ifds[page];
  if (tiff?.ifds.length === 0)
    throw new SemtagError('malformed', tiff.problems[0]?.message ?? 'the TIFF has no page');
  if (tiff && !ifd)
    throw new SemtagError('undecodable', `page ${page + 1} is asked for, the TIFF has ${tiff.ifds.length}`);
  const plain = tiff && ifd && decodeStrips(tiff, ifd, limits);
  if (plain) return plain;
  try {
    return await decodeWithSharp(path, page, limits);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (tiff && ifd && (error.unopened || isOldJpeg(tiff, ifd)))
      return decodeWithUtif(tiff, page, limits, error.message);
    throw new SemtagError('undecodable', `pixels: ${error.message}`, { cause: error });
  }
}

/** libvips opens these and cannot decode them. Of other compressions it tells damage that UTIF would pass off as black. */
function isOldJpeg(tiff: Tiff, ifd: Ifd): boolean {
  const compression = entry(ifd, 259);
  return compression !== undefined && numbers(tiff, compression)[0] === 6;
}
