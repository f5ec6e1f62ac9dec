// Makes a finished temporary file visible under its name (R4): fsync, rename, fsync of the directory. Never copies: both must be on one disk.

import { open, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

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

/** Everything below a folder that is about to be renamed into its place, and the folder itself. */
export async function syncTree(dir: string): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await syncTree(path);
    else await syncPath(path, 'r+');
  }
  await syncDirectory(dir);
}

async function syncPath(path: string, flags: string): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
