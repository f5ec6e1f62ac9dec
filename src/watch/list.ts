// Lists the files of an acquisition directory: raw-byte names, symlinks not followed, nothing opened. Async, since a share may hang.

import type { BigIntStats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';

export type Listed = { name: Buffer; size: number; mtime_ns: string; ctimeMs: number };
export type ListedDir = {
  dir: Buffer;
  files: Listed[];
  /** why it could not be listed in full */ error?: string;
};

const SEPARATOR = Buffer.from('/');
const AT_ONCE = 32;

/** Path of `name` below `dir` below `root`; every part is raw bytes, an empty dir is the root itself. */
export function joinBytes(root: Buffer, ...parts: Buffer[]): Buffer {
  return Buffer.concat([
    root,
    ...parts.filter((part) => part.length > 0).flatMap((part) => [SEPARATOR, part]),
  ]);
}

/** One directory, not what is below it. `wanted` is asked before a file is looked at. Throws what readdir throws. */
export async function listDir(
  root: Buffer,
  dir: Buffer,
  wanted: (dir: Buffer, name: Buffer) => boolean,
): Promise<ListedDir & { below: Buffer[] }> {
  const path = joinBytes(root, dir);
  const entries = await readdir(path, { encoding: 'buffer', withFileTypes: true });
  const below = entries
    .filter((e) => e.isDirectory())
    .map((e) => (dir.length ? joinBytes(dir, e.name) : e.name));
  const names = entries.filter((e) => e.isFile() && wanted(dir, e.name)).map((e) => e.name);
  const files: Listed[] = [];
  let error: string | undefined;
  for (let i = 0; i < names.length; i += AT_ONCE) {
    const batch = names.slice(i, i + AT_ONCE);
    const stats = await Promise.allSettled(
      batch.map((name) => lstat(joinBytes(path, name), { bigint: true })),
    );
    stats.forEach((stat, k) => {
      if (stat.status === 'fulfilled' && stat.value.isFile()) files.push(toListed(batch[k]!, stat.value));
      else if (stat.status === 'rejected' && (stat.reason as NodeJS.ErrnoException).code !== 'ENOENT')
        error = String(stat.reason);
    });
  }
  return { dir, files, below, ...(error ? { error } : {}) };
}

/** The whole tree, directory by directory. A directory that cannot be listed is reported and the rest goes on; the root's own failure throws. */
export async function* listTree(
  root: Buffer,
  wanted: (dir: Buffer, name: Buffer) => boolean,
): AsyncGenerator<ListedDir> {
  const waiting: Buffer[] = [Buffer.alloc(0)];
  for (let dir = waiting.pop(); dir; dir = waiting.pop()) {
    try {
      const listed = await listDir(root, dir, wanted);
      waiting.push(...listed.below);
      yield listed;
    } catch (error) {
      if (dir.length === 0) throw error;
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') yield { dir, files: [], error: String(error) };
    }
  }
}

export function toListed(name: Buffer, stat: BigIntStats): Listed {
  return { name, size: Number(stat.size), mtime_ns: String(stat.mtimeNs), ctimeMs: Number(stat.ctimeMs) };
}
