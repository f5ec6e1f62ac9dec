// Writes a folder of files so that it is there as a whole or not at all. Never replaces one that is there unless told.

import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SemtagError } from '../errors.ts';
import { syncDirectory } from '../publish.ts';

/** Errors: `bad_request` where `dir` is there and is not to be replaced. */
export function refuseExisting(dir: string, force: boolean): void {
  if (!force && existsSync(dir))
    throw new SemtagError('bad_request', `${dir}: is there already; --force replaces it`);
}

/** Readable for every account, whatever the umask: the service runs under another one than who writes this. */
export async function writeFolder(dir: string, parts: { name: string; bytes: Uint8Array }[]): Promise<void> {
  mkdirSync(dirname(dir), { recursive: true, mode: 0o755 });
  const made = `${dir}.${process.pid}.part`;
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made);
  chmodSync(made, 0o755);
  for (const { name, bytes } of parts) {
    const path = join(made, name);
    writeFileSync(path, bytes);
    chmodSync(path, 0o644);
    const handle = await open(path, 'r+'); // Windows flushes only handles that may write
    await handle.sync();
    await handle.close();
  }
  await syncDirectory(made);
  const old = `${dir}.${process.pid}.old`;
  if (existsSync(dir)) renameSync(dir, old);
  renameSync(made, dir);
  await syncDirectory(dirname(dir));
  rmSync(old, { recursive: true, force: true });
}
