// Writes a tagged copy: the acquired bytes, each where it was or shifted as a whole, and an XMP packet. Never opens the acquired file for
// writing; the same input gives the same bytes. What cannot carry a packet is copied as it is, and the sidecar speaks for it.

import type { Piece } from '../formats/pieces.ts';
import { sniff } from '../formats/sniff.ts';
import { withFile, type ByteSource } from '../formats/source.ts';
import { copyPieces } from './copy-pieces.ts';
import { tagJpeg } from './embed-jpeg.ts';
import { tagPng } from './embed-png.ts';
import { tagTiff } from './embed-tiff.ts';

/** `sha256` and `size` are of the tagged copy. `sidecar`: the copy carries no packet, for that reason. */
export type Embedded = { sha256: string; size: number } & (
  { method: 'tiff' | 'png' | 'jpeg' } | { method: 'sidecar'; reason: string }
);

/** How a format puts a packet in: the pieces of the tagged file, or why it cannot. */
export type Tagging = { pieces: Piece[] } | { reason: string };

/**
 * `destPath` is replaced and fsynced; give a temporary name and publish() it. `block`: rdf:Description elements (renderXmp).
 * `acquiredSha256` goes into the packet, so that untag can prove what it restored. Throws `malformed` when a TIFF has no readable first IFD.
 */
export async function embed(
  acquiredPath: string,
  destPath: string,
  block: string,
  acquiredSha256: string,
): Promise<Embedded> {
  const { method, tagging, size } = withFile(acquiredPath, (source) => plan(source, block, acquiredSha256));
  if ('pieces' in tagging && method !== 'sidecar') {
    return { method, ...(await copyPieces(acquiredPath, tagging.pieces, destPath)) };
  }
  const reason = 'reason' in tagging ? tagging.reason : 'internal';
  return {
    method: 'sidecar',
    reason,
    ...(await copyPieces(acquiredPath, [{ offset: 0, length: size }], destPath)),
  };
}

function plan(
  source: ByteSource,
  block: string,
  sha256: string,
): { method: Embedded['method']; tagging: Tagging; size: number } {
  const { size } = source;
  const mediaType = sniff(source);
  switch (mediaType) {
    case 'image/tiff':
      return { method: 'tiff', tagging: tagTiff(source, block, sha256), size };
    case 'image/png':
      return { method: 'png', tagging: tagPng(source, block, sha256), size };
    case 'image/jpeg':
      return { method: 'jpeg', tagging: tagJpeg(source, block, sha256), size };
    default:
      return {
        method: 'sidecar',
        tagging: { reason: `${mediaType ?? 'this format'} cannot carry XMP` },
        size,
      };
  }
}
