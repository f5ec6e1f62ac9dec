// Gives the acquired bytes of a tagged file back, bit for bit, and proves it by their SHA-256. Never changes the tagged file.

import { rm } from 'node:fs/promises';
import { SemtagError } from '../errors.ts';
import { copyPieces } from '../formats/pieces.ts';
import { publish } from '../formats/publish.ts';
import { sniff } from '../formats/sniff.ts';
import { withFile, type ByteSource } from '../formats/source.ts';
import { restoreJpeg } from './embed-jpeg.ts';
import { restorePng } from './embed-png.ts';
import { restoreTiff } from './embed-tiff.ts';
import type { Restoring } from './restore.ts';

/**
 * Writes `destPath` (replaced when it exists) by a temporary file beside it. Throws `not_tagged`, or `tag_unverified` when the bytes are not
 * those that were acquired: somebody changed the tagged file.
 */
export async function untag(taggedPath: string, destPath: string): Promise<{ sha256: string; size: number }> {
  const restoring = readRestoring(taggedPath);
  const temp = `${destPath}.untagging`;
  try {
    const written = await copyPieces(taggedPath, restoring.pieces, temp);
    if (written.sha256 !== restoring.sha256)
      throw new SemtagError(
        'tag_unverified',
        `${taggedPath}: restored bytes have SHA-256 ${written.sha256}, acquired were ${restoring.sha256}`,
      );
    await publish(temp, destPath);
    return written;
  } catch (error) {
    await rm(temp, { force: true });
    throw error;
  }
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
