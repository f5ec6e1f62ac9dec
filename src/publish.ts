// Makes a finished temporary file visible under its name (R4): fsync, rename, fsync of the directory. Never copies: both must be on one disk.

import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces `finalPath` when it exists. Afterwards it survives a power cut. */
export async function publish(tempPath: string, finalPath: string): Promise<void> {
  // Windows flushes only handles that may write
  await syncPath(tempPath, 'r+');
  await rename(tempPath, finalPath);
  await syncDirectory(dirname(finalPath));
}

/** After making, renaming or removing an entry. Windows cannot do it and does not need it: NTFS keeps a journal of names. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform !== 'win32') await syncPath(path, 'r');
}

async function syncPath(path: string, flags: string): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
