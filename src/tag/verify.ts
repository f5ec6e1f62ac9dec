// Proves a tagged copy against the acquired file: every byte of strips, tiles, values and chunks is there, every old entry is repeated, pages
// are linked as before and the packet parses. Never trusts what embed thinks it wrote: it reads both files again.

import { SemtagError } from '../errors.ts';
import { sniff } from '../formats/sniff.ts';
import { withFile, type ByteSource } from '../formats/source.ts';
import { checkStructure } from '../formats/structure.ts';
import { walkTiff } from '../formats/tiff.ts';
import { semtagProperties } from '../formats/xmp.ts';
import { firstDifference, hashPieces } from './copy-pieces.ts';
import { untouchedEntries } from './embed-tiff.ts';
import { readRestoring } from './untag.ts';

/**
 * Throws `tag_unverified` with the reason. `properties`: those of ours (simple ones, by local name) that the packet must hold. For a copy
 * that carries no packet (method `sidecar`) call verifyCopy.
 */
export async function verifyTagged(
  acquiredPath: string,
  taggedPath: string,
  properties: Record<string, string> = {},
): Promise<void> {
  const { pieces, packet, sha256 } = readRestoring(taggedPath);
  // the same SHA-256 means the same bytes; only where it fails the acquired file is read too, to say why
  if ((await hashPieces(taggedPath, pieces)).sha256 !== sha256) {
    const different = await firstDifference(taggedPath, pieces, acquiredPath);
    if (different !== undefined)
      throw unverified(taggedPath, `byte ${different} of the acquired file is not kept`);
    throw unverified(
      taggedPath,
      `${acquiredPath} does not have the SHA-256 ${sha256} that it was acquired with`,
    );
  }
  const found = semtagProperties(packet) ?? {};
  for (const [name, value] of Object.entries(properties))
    if (found[name] !== value) throw unverified(taggedPath, `${name} reads ${found[name]}, not ${value}`);
  withFile(acquiredPath, (acquired) =>
    withFile(taggedPath, (tagged) => {
      const reason = structureChange(acquired, tagged);
      if (reason) throw unverified(taggedPath, reason);
    }),
  );
}

/** Throws `tag_unverified` unless both files have the same bytes. */
export async function verifyCopy(acquiredPath: string, copyPath: string): Promise<void> {
  const length = withFile(copyPath, (source) => source.size);
  const different = await firstDifference(copyPath, [{ offset: 0, length }], acquiredPath);
  if (different !== undefined) throw unverified(copyPath, `byte ${different} differs from the acquired file`);
}

function structureChange(acquired: ByteSource, tagged: ByteSource): string | undefined {
  const before = checkStructure(acquired);
  const after = checkStructure(tagged);
  if (before.complete && !after.complete) return `the tagged copy is not whole: ${after.reason}`;
  if (before.mediaType !== after.mediaType) return `it became ${after.mediaType}`;
  if (sniff(acquired) !== 'image/tiff') return undefined;
  if (!untouchedEntries(acquired).equals(untouchedEntries(tagged)))
    return 'an entry of the first IFD changed';
  const pages = walkTiff(acquired).ifds.slice(1);
  const kept = walkTiff(tagged).ifds.slice(1);
  // the same offsets, and their bytes were compared above
  const linked = pages.length === kept.length && pages.every((ifd, i) => ifd.offset === kept[i]!.offset);
  return linked ? undefined : 'the later pages are not linked as before';
}

function unverified(path: string, reason: string): SemtagError {
  return new SemtagError('tag_unverified', `${path}: ${reason}`);
}
