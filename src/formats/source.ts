// Bytes by offset, from memory or from a file that is opened for reading only. Never reads outside the source: that is `malformed`.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { SemtagError } from '../errors.ts';

/** `size` in bytes; `read` gives exactly `length` bytes or throws SemtagError('malformed'). What it gives must not be changed. */
export type ByteSource = { readonly size: number; read(offset: number, length: number): Buffer };

/** Small reads of one area (an IFD and its values) cost one system call. */
const WINDOW = 64 * 1024;
/** The system reads less than 2 GiB at a time. */
const LARGEST_READ = 1 << 30;

export function bufferSource(bytes: Uint8Array): ByteSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    size: buffer.length,
    read(offset, length) {
      checkRange(offset, length, buffer.length);
      return buffer.subarray(offset, offset + length);
    },
  };
}

/**
 * A path, or a file descriptor that stays the caller's. The size is the one at opening: bytes that come later are not seen,
 * bytes that went away since then are `malformed`.
 */
export function fileSource(file: string | Buffer | number): ByteSource & { close(): void } {
  const fd = typeof file === 'number' ? file : openSync(file, 'r');
  const size = fstatSync(fd).size;
  let start = 0;
  let window: Buffer = Buffer.alloc(0);
  return {
    size,
    read(offset, length) {
      checkRange(offset, length, size);
      if (offset < start || offset + length > start + window.length) {
        if (length > WINDOW) return readExactly(fd, offset, length);
        // a new buffer each time: parts of the old one may still be in use
        window = readExactly(fd, offset, Math.min(WINDOW, size - offset));
        start = offset;
      }
      return window.subarray(offset - start, offset - start + length);
    },
    close() {
      if (typeof file !== 'number') closeSync(fd);
    },
  };
}

/** Opens, uses and closes, whatever happens between. */
export function withFile<T>(file: string | Buffer, use: (source: ByteSource) => T): T {
  const source = fileSource(file);
  try {
    return use(source);
  } finally {
    source.close();
  }
}

function readExactly(fd: number, offset: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const n = readSync(fd, buffer, done, Math.min(length - done, LARGEST_READ), offset + done);
    if (n === 0) throw new SemtagError('malformed', `the file ended at ${offset + done} while it was read`);
    done += n;
  }
  return buffer;
}

function checkRange(offset: number, length: number, size: number): void {
  if (!(
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset + length <= size
  ))
    throw new SemtagError(
      'malformed',
      `bytes ${offset} to ${offset + length} are outside the file of ${size} bytes`,
    );
}
