// Bottlenecks of training images on disk, so that training again costs no network run. Can be deleted at any time; damaged entries count as absent.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../classify/cache-dir.ts';

export type CacheKey = {
  /** SHA-256 of the image */
  image: string;
  /** SHA-256 of the backbone file */
  backbone: string;
  preprocessing: string;
  /** the views, in words: two sets of cuts never share an entry */
  views: string;
};

export type BottleneckCache = {
  get(key: CacheKey): Float32Array[] | undefined;
  put(key: CacheKey, bottlenecks: Float32Array[]): void;
};

const DIGEST = 32;

/** One file an entry: SHA-256 of the rest, then number of views and length as uint32, then float32 values, all little-endian. */
export function openBottleneckCache(dir: string = cacheDir('bottlenecks')): BottleneckCache {
  const pathOf = ({ image, backbone, preprocessing, views }: CacheKey): [string, string] => {
    const folder = join(dir, `${preprocessing}-${backbone.slice(0, 16)}-${views}`, image.slice(0, 2));
    return [folder, join(folder, `${image}.bin`)];
  };
  return {
    get(key) {
      let bytes: Buffer;
      try {
        bytes = readFileSync(pathOf(key)[1]);
      } catch {
        return undefined;
      }
      const body = bytes.subarray(DIGEST);
      if (!createHash('sha256').update(body).digest().equals(bytes.subarray(0, DIGEST))) return undefined;
      const [count, length] = [body.readUInt32LE(0), body.readUInt32LE(4)];
      const values = new Float32Array(Uint8Array.from(body.subarray(8)).buffer);
      return Array.from({ length: count }, (_, i) => values.subarray(i * length, (i + 1) * length));
    },
    put(key, bottlenecks) {
      const length = bottlenecks[0]?.length ?? 0;
      const body = Buffer.alloc(8 + 4 * length * bottlenecks.length);
      body.writeUInt32LE(bottlenecks.length, 0);
      body.writeUInt32LE(length, 4);
      for (const [i, b] of bottlenecks.entries())
        body.set(new Uint8Array(b.buffer, b.byteOffset, b.byteLength), 8 + 4 * length * i);
      const [folder, path] = pathOf(key);
      mkdirSync(folder, { recursive: true });
      // a rename is whole or not at all; the digest catches what a power cut leaves behind
      const part = `${path}.${process.pid}.part`;
      writeFileSync(part, Buffer.concat([createHash('sha256').update(body).digest(), body]));
      renameSync(part, path);
    },
  };
}
