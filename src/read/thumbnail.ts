// The picture that pages show: JPEG, info bar cut, 512 pixels on its longest side unless told. Never larger than the picture itself.

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import sharp from 'sharp';
import type { ColourPicture, Grey } from '../domain/grey.ts';
import { publish } from '../publish.ts';

export const THUMBNAIL_SIDE = 512;

/** Writes the upper left `area` of the picture to `path`, at most `side` pixels wide and high; a reader sees the whole file or none. */
export async function writeThumbnail(
  grey: Grey,
  area: { width: number; height: number },
  path: string,
  side = THUMBNAIL_SIDE,
): Promise<void> {
  const { width, data } = grey;
  // the area begins at the top: its rows are one piece of the samples
  const rows = data.subarray(0, width * area.height);
  const bytes = rows instanceof Uint16Array ? stretched(rows) : rows;
  // decoding kept the limit of the config already; sharp's own, 268 million, may be below that
  let image = sharp(bytes, { raw: { width, height: area.height, channels: 1 }, limitInputPixels: false });
  if (area.width < width) image = image.extract({ left: 0, top: 0, width: area.width, height: area.height });
  const jpeg = await image
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('b-w')
    .jpeg({ quality: 82 })
    .toBuffer();
  await writeWhole(jpeg, path);
}

/** Writes a coloured picture as JPEG, the same way. */
export async function writeColours({ width, height, rgb }: ColourPicture, path: string): Promise<void> {
  const image = sharp(rgb, { raw: { width, height, channels: 3 } });
  await writeWhole(await image.jpeg({ quality: 88 }).toBuffer(), path);
}

async function writeWhole(jpeg: Buffer, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // two children may make the same picture at the same time
  const temp = `${path}.${process.pid}.part`;
  try {
    await writeFile(temp, jpeg);
    await publish(temp, path);
  } finally {
    await rm(temp, { force: true });
  }
}

/** 16 bits to 8, linear between the 0.1 and 99.9 percentiles; every 7th sample is enough to find them. */
export function stretched(samples: Uint16Array): Uint8Array {
  const counts = new Uint32Array(65536);
  let n = 0;
  for (let i = 0; i < samples.length; i += 7, n++) counts[samples[i]!]!++;
  const low = levelAt(counts, 0.001 * (n - 1));
  const high = Math.max(levelAt(counts, 0.999 * (n - 1)), low + 1);
  const table = Uint8ClampedArray.from(counts, (_, v) => ((v - low) / (high - low)) * 255);
  const bytes = new Uint8Array(samples.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = table[samples[i]!]!;
  return bytes;
}

function levelAt(counts: Uint32Array, rank: number): number {
  let left = rank;
  for (let v = 0; v < counts.length; v++) {
    left -= counts[v]!;
    if (left < 0) return v;
  }
  return counts.length - 1;
}
