// Copies, hashes and compares a file that is described as pieces of another. Works in blocks; never holds a whole file in memory and never opens the
// old one for writing.

import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { SemtagError } from '../errors.ts';
import type { Piece } from '../formats/pieces.ts';

const BLOCK = 1024 * 1024;

/** Writes `to` (replaced when it exists) and fsyncs it. The SHA-256 is of what was written. */
export async function copyPieces(
  from: string,
  pieces: Piece[],
  to: string,
): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  const target = await open(to, 'w');
  try {
    let size = 0;
    for await (const block of blocks(from, pieces)) {
      hash.update(block);
      await target.writeFile(block);
      size += block.length;
    }
    await target.sync();
    return { sha256: hash.digest('hex'), size };
  } finally {
    await target.close();
  }
}

/** SHA-256 and size of what copyPieces would write. */
export async function hashPieces(from: string, pieces: Piece[]): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const block of blocks(from, pieces)) {
    hash.update(block);
    size += block.length;
  }
  return { sha256: hash.digest('hex'), size };
}

/** Where the pieces of `from` and the file `other` begin to differ, in bytes; undefined when they are the same to the end. */
export async function firstDifference(
  from: string,
  pieces: Piece[],
  other: string,
): Promise<number | undefined> {
  const handle = await open(other, 'r');
  try {
    const { size } = await handle.stat();
    let at = 0;
    for await (const block of blocks(from, pieces)) {
      const there = await readBlock(handle, at, Math.min(block.length, Math.max(0, size - at)));
      if (!block.equals(there)) {
        let i = 0;
        while (i < there.length && block[i] === there[i]) i++;
        return at + i;
      }
      at += block.length;
    }
    return at === size ? undefined : at;
  } finally {
    await handle.close();
  }
}

/** A block is only good until the next one is asked for. */
async function* blocks(from: string, pieces: Piece[]): AsyncGenerator<Buffer> {
  const handle = await open(from, 'r');
  try {
    const buffer = Buffer.allocUnsafe(Math.min(BLOCK, Math.max(0, ...pieces.map((p) => p.length))));
    for (const piece of pieces) {
      if (Buffer.isBuffer(piece)) {
        yield piece;
        continue;
      }
      const end = piece.offset + piece.length;
      for (let at = piece.offset; at < end; at += BLOCK)
        yield await readBlock(handle, at, Math.min(BLOCK, end - at), buffer);
    }
  } finally {
    await handle.close();
  }
}

async function readBlock(handle: FileHandle, at: number, length: number, into?: Buffer): Promise<Buffer> {
  const buffer = into ?? Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, at + done);
    if (bytesRead === 0)
      throw new SemtagError('malformed', `the file ended at ${at + done} while it was read`);
    done += bytesRead;
  }
  return buffer.subarray(0, length);
}
