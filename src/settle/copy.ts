// The private copy: read once, hashed in the same pass, and only believed when the file did not change meanwhile (R1). Never writes to the acquisition side.

import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { SemtagError } from '../errors.ts';

export type Stamp = { size: number; mtime_ns: string };
export type Copied = { sha256: string; bytes: number };

const CHUNK = 1 << 20;

/**
 * Copies `source` (raw-byte path) to `dest` and fsyncs nothing: publish() does. Returns undefined when the file changed before or while it was
 * read, compared with `expected`. Throws `unreadable`; a full spool throws `spool_full`.
 */
export async function copyWhileStill(
  source: Buffer,
  dest: string,
  expected: Stamp,
): Promise<Copied | undefined> {
  const from = await openForReading(source);
  try {
    if (!(await isStill(source, from, expected))) return undefined;
    const to = await open(dest, 'w', 0o640);
    try {
      const copied = await pump(source, from, to, expected.size);
      return copied && (await isStill(source, from, expected)) ? copied : undefined;
    } finally {
      await to.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new SemtagError('spool_full', `${dest}: no space left`, { cause: error });
    throw error;
  } finally {
    await from.close();
  }
}

function openForReading(source: Buffer): Promise<FileHandle> {
  // O_NOFOLLOW: a symlink that took the place of a file is not followed either
  return reading(source, open(source, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)));
}

/** What fails on the acquisition side says nothing about our own disk. */
export function reading<T>(source: Buffer, work: Promise<T>): Promise<T> {
  return work.catch((error: Error) => {
    throw new SemtagError('unreadable', `${source.toString()}: ${error.message}`, { cause: error });
  });
}

/** Undefined when the file ends early or goes on after `size` bytes. */
async function pump(
  source: Buffer,
  from: FileHandle,
  to: FileHandle,
  size: number,
): Promise<Copied | undefined> {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size + 1));
  let bytes = 0;
  for (;;) {
    const { bytesRead } = await reading(source, from.read(chunk, 0, chunk.length, bytes));
    if (bytesRead === 0) break;
    bytes += bytesRead;
    if (bytes > size) return undefined;
    const part = chunk.subarray(0, bytesRead);
    hash.update(part);
    await to.writeFile(part);
  }
  return bytes === size ? { sha256: hash.digest('hex'), bytes } : undefined;
}

async function isStill(source: Buffer, handle: FileHandle, expected: Stamp): Promise<boolean> {
  const s = await reading(source, handle.stat({ bigint: true }));
  return Number(s.size) === expected.size && String(s.mtimeNs) === expected.mtime_ns;
}
