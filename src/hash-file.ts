// The SHA-256 of a file, read in blocks. Reads only.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** undefined where there is no file; any other trouble is thrown as the system told it. */
export async function hashFile(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const block of createReadStream(path, { highWaterMark: 1 << 20 }))
      hash.update(block as Buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return hash.digest('hex');
}
