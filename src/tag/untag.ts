// Gives the acquired bytes of a tagged file back, bit for bit, and proves it by their SHA-256. Never changes the tagged file.

import { rm } from 'node:fs/promises';
import { SemtagError } from '../errors.ts';
import { publish } from '../publish.ts';
import { sniff } from '../formats/sniff.ts';
import { withFile, type ByteSource } from '../formats/source.ts';
import { copyPieces, hashPieces } from './copy-pieces.ts';
import { restoreJpeg } from './embed-jpeg.ts';
import { restorePng } from './embed-png.ts';
import { restoreTiff } from './embed-tiff.ts';
import type { Restoring } from './restore.ts';

/**
 * Writes `destPath` (replaced when it exists) by a temporary file beside it. Throws `not_tagged`, or `tag_unverified` when the bytes are not
 * those that were acquired: somebody changed the tagged file.
 */
export async function untag(taggedPath: string, destPath: string): Promise<{ sha256: string; size: number }> {
  const { pieces, sha256 } = readRestoring(taggedPath);
  const temp = `${destPath}.untagging`;
  try {
    const written = await copyPieces(taggedPath, pieces, temp);
    if (written.sha256 !== sha256) throw changed(taggedPath, written.sha256, sha256);
    await publish(temp, destPath);
    return written;
  } catch (error) {
    await rm(temp, { force: true });
    throw error;
  }
}

/** As untag, without writing. */
export async function checkRestorable(taggedPath: string): Promise<{ sha256: string; size: number }> {
  const { pieces, sha256 } = readRestoring(taggedPath);
  const restored = await hashPieces(taggedPath, pieces);
  if (restored.sha256 !== sha256) throw changed(taggedPath, restored.sha256, sha256);
  return restored;
}

function changed(path: string, now: string, acquired: string): SemtagError {
  const reason = `it was changed after tagging: restored bytes have SHA-256 ${now}, acquired were ${acquired}`;
  return new SemtagError('tag_unverified', `${path}: ${reason}`);
}

/** Throws `not_tagged`. */
export function readRestoring(taggedPath: string): Restoring {
  const restoring = withFile(taggedPath, restore);
  if (!restoring)
    throw new SemtagError('not_tagged', `${taggedPath}: no packet of semtag that tells how to restore it`);
  return restoring;
}

function restore(source: ByteSource): Restoring | undefined {
  switch (sniff(source)) {
    case 'image/tiff':
      return restoreTiff(source);
    case 'image/png':
      return restorePng(source);
    case 'image/jpeg':
      return restoreJpeg(source);
    default:
      return undefined;
  }
}
