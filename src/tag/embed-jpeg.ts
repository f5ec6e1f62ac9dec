// Tags a JPEG with an APP1 segment behind SOI, APP0 and EXIF (XMP Specification Part 3, 1.1.3). A packet that is there already is merged, and
// its segment stays under another name of the same length, so that it can be given back bit for bit.

import { APP0, APP1, jpegSegment, walkJpeg, type Segment } from '../formats/jpeg.ts';
import { splice, type Edit } from '../formats/pieces.ts';
import type { ByteSource } from '../formats/source.ts';
import { mergePacket, semtagProperties } from '../formats/xmp.ts';
import type { Tagging } from './embed.ts';
import { keptLevel, keptName, MAX_KEPT, restoreBlock, type Restoring } from './restore.ts';

const XMP_NAME = 'http://ns.adobe.com/xap/1.0/\0';
/** As long as XMP_NAME; the digit counts how often the file was tagged since. */
const KEPT_NAME = 'semtag kept XMP packet lvl #\0';
const MAX_DATA = 65_533;

export function tagJpeg(source: ByteSource, block: string, sha256: string): Tagging {
  const { segments } = walkJpeg(source, { headOnly: true });
  const packets = packetSegments(source, segments);
  if (packets.some((p) => keptLevel(p.name, KEPT_NAME) === MAX_KEPT))
    return { reason: `the JPEG was tagged ${MAX_KEPT + 1} times over` };
  const first = packets.find((p) => p.name === XMP_NAME);
  const restore = restoreBlock({ length: source.size, sha256 });
  const packet = mergePacket(first && packetOf(source, first.segment), block + restore).bytes;
  const data = Buffer.concat([Buffer.from(XMP_NAME, 'latin1'), packet]);
  if (data.length > MAX_DATA)
    return { reason: `the packet of ${packet.length} bytes does not fit a JPEG segment` };
  const renames = packets.map((p) => rename(p.segment, keptName(p.name, XMP_NAME, KEPT_NAME, 1)));
  return {
    pieces: splice(source.size, [
      ...renames,
      { at: behindExif(source, segments), cut: 0, put: jpegSegment(APP1, data) },
    ]),
  };
}

/** undefined = not tagged by semtag. */
export function restoreJpeg(source: ByteSource): Restoring | undefined {
  const packets = packetSegments(source, walkJpeg(source, { headOnly: true }).segments);
  const ours = packets.find((p) => p.name === XMP_NAME);
  const packet = ours && packetOf(source, ours.segment);
  const sha256 = packet && semtagProperties(packet)?.['acquiredSha256'];
  if (!ours || !packet || !sha256) return undefined;
  const renames = packets
    .filter((p) => p !== ours)
    .map((p) => rename(p.segment, keptName(p.name, XMP_NAME, KEPT_NAME, -1)));
  const cut = { at: ours.segment.offset, cut: ours.segment.length + 4, put: Buffer.alloc(0) };
  return { pieces: splice(source.size, [...renames, cut]), sha256, packet };
}

/** The APP1 segments that hold a packet, ours, foreign or kept. Parts of extended XMP have another name and stay as they are. */
function packetSegments(source: ByteSource, segments: Segment[]): { segment: Segment; name: string }[] {
  return segments
    .filter((s) => s.marker === APP1 && s.length >= XMP_NAME.length)
    .map((segment) => ({
      segment,
      name: source.read(segment.dataOffset, XMP_NAME.length).toString('latin1'),
    }))
    .filter(({ name }) => name === XMP_NAME || keptLevel(name, KEPT_NAME) !== undefined);
}

function packetOf(source: ByteSource, segment: Segment): Buffer {
  return source.read(segment.dataOffset + XMP_NAME.length, segment.length - XMP_NAME.length);
}

function rename(segment: Segment, to: string): Edit {
  return { at: segment.dataOffset, cut: to.length, put: Buffer.from(to, 'latin1') };
}

/** JFIF wants APP0 first, EXIF wants its APP1 there. */
function behindExif(source: ByteSource, segments: Segment[]): number {
  let at = 2;
  for (const segment of segments) {
    const exif =
      segment.marker === APP1 &&
      segment.length >= 6 &&
      source.read(segment.dataOffset, 4).toString('latin1') === 'Exif';
    if (segment.marker !== APP0 && !exif) break;
    at = segment.dataOffset + segment.length;
  }
  return at;
}
