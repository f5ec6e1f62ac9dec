// Pixels of one page as grey samples. Runs in a child process only (R7); never hands out half a picture as a whole one.

import { readFile } from 'node:fs/promises';
import type { Grey } from '../domain/grey.ts';
import { SemtagError } from '../errors.ts';
import { decodeBmp } from './pixels-bmp.ts';
import { decodeWithSharp } from './pixels-sharp.ts';

export type PixelLimits = { pixels: number };

/** Reads and decodes page `page` (0-based) of the file. Errors: `undecodable`, `too_large`. */
export async function decode(
  path: string,
  mediaType: string,
  page: number,
  limits: PixelLimits,
): Promise<Grey> {
  return decodeBytes(await readFile(path), mediaType, page, limits);
}

/** The same from bytes already in memory. */
export async function decodeBytes(
  bytes: Uint8Array,
  mediaType: string,
  page: number,
  limits: PixelLimits,
): Promise<Grey> {
  switch (mediaType) {
    case 'image/bmp':
      return decodeBmp(bytes, limits);
    case 'image/tiff':
    case 'image/png':
    case 'image/jpeg':
      return decodeWithSharp(bytes, page, limits);
    default:
      throw new SemtagError('undecodable', `pixels: ${mediaType} is not decoded here`);
  }
}
