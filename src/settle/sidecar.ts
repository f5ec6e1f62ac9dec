// The vendor's sidecar beside an image: found by its name, copied whole. A sidecar is small text; anything larger is not one.

import { lstat, readFile } from 'node:fs/promises';
import { LARGEST_SIDECAR, sidecarNames } from '../domain/sidecar.ts';
import { SemtagError } from '../errors.ts';
import { reading, type Stamp } from './copy.ts';

export type FoundSidecar = { name: string; path: Buffer; stamp: Stamp };

/** The first candidate beside the image that is there. Names are bytes; candidates differ from the image's name in their end only. */
export async function findSidecar(directory: Buffer, imageName: Buffer): Promise<FoundSidecar | undefined> {
  for (const name of sidecarNames(imageName.toString('latin1'))) {
    const path = Buffer.concat([directory, Buffer.from('/'), Buffer.from(name, 'latin1')]);
    const stamp = await stampOf(path);
    if (stamp && stamp.size <= LARGEST_SIDECAR)
      return { name: Buffer.from(name, 'latin1').toString(), path, stamp };
  }
  return undefined;
}

/** Undefined when it is too large or changed while it was read. Throws `unreadable`, as everything here that looks at the acquisition side. */
export async function readSidecar(path: Buffer, expected: Stamp): Promise<Buffer | undefined> {
  if (expected.size > LARGEST_SIDECAR) return undefined;
  const bytes = await reading(path, readFile(path));
  const after = await stampOf(path);
  return bytes.length === expected.size && after?.mtime_ns === expected.mtime_ns ? bytes : undefined;
}

export async function stampOf(path: Buffer): Promise<Stamp | undefined> {
  const s = await lstat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new SemtagError('unreadable', `${path.toString()}: ${error.message}`, { cause: error });
  });
  return s?.isFile() ? { size: Number(s.size), mtime_ns: String(s.mtimeNs) } : undefined;
}
