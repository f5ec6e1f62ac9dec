// Bottlenecks of training images on disk, so that training again costs no network run. Can be deleted at any time; damaged entries count as absent.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheDir } from '../classify/cache-dir.ts';
import { PICTURE_HASH } from '../classify/picture-hash.ts';
import type { EngineName } from '../domain/job.ts';

export type CacheKey = {
  /** SHA-256 of the image */
  image: string;
  /** SHA-256 of the backbone file */
  backbone: string;
  preprocessing: string;
  /** the views, in words: two sets of cuts never share an entry */
  views: string;
  /** engines agree to 1e-5, not to the bit: each has entries of its own. ONNX Runtime unless told */
  engine?: EngineName;
  /** SHA-256 of the vendor's sidecar that the image was read with */
  sidecar?: string;
};

/** What a picture hash belongs to: it needs no network. */
export type HashKey = Pick<CacheKey, 'image' | 'preprocessing' | 'sidecar'>;

export type BottleneckCache = {
  get(key: CacheKey): Float32Array[] | undefined;
  put(key: CacheKey, bottlenecks: Float32Array[]): void;
  getHash(key: HashKey): string | undefined;
  putHash(key: HashKey, hash: string): void;
};

const DIGEST = 32;

/**
 * One file an entry. Bottlenecks: SHA-256 of the rest, then number of views and length as uint32, then float32 values, all
 * little-endian. Picture hashes: 16 hexadecimal digits.
 */
export function openBottleneckCache(dir: string = cacheDir('bottlenecks')): BottleneckCache {
  const nameOf = ({ image, sidecar }: HashKey) => join(image.slice(0, 2), sidecar ? `${image}-${sidecar.slice(0, 16)}` : image); // prettier-ignore
  const pathOf = (key: CacheKey): string => {
    const { backbone, preprocessing, views, engine = 'onnx' } = key;
    const made = engine === 'onnx' ? views : `${views}-${engine}`;
    return join(dir, `${preprocessing}-${backbone.slice(0, 16)}-${made}`, `${nameOf(key)}.bin`);
  };
  const hashPathOf = (key: HashKey): string =>
    join(dir, `${key.preprocessing}-${PICTURE_HASH}`, `${nameOf(key)}.txt`);
  return {
    get(key) {
      const bytes = read(pathOf(key));
      if (!bytes) return undefined;
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
      write(pathOf(key), Buffer.concat([createHash('sha256').update(body).digest(), body]));
    },
    getHash(key) {
      const text = read(hashPathOf(key))?.toString('latin1') ?? '';
      return /^[0-9a-f]{16}$/.test(text) ? text : undefined;
    },
    putHash(key, hash) {
      write(hashPathOf(key), hash);
    },
  };
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** A rename is whole or not at all; what a power cut leaves behind is caught when it is read. */
function write(path: string, bytes: Buffer | string): void {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.part`;
  writeFileSync(part, bytes);
  renameSync(part, path);
}
