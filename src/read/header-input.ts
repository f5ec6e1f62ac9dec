// What a vendor's parser may look at: the walked file, its pages' sizes and the sidecar. Reads lazily and never throws on a damaged file.

import { APP1, isFrame, SOS, walkJpeg, type Jpeg } from '../formats/jpeg.ts';
import { sniff, type MediaType } from '../formats/sniff.ts';
import { bufferSource, type ByteSource } from '../formats/source.ts';
import { entry, entryBytes, numbers, walkTiff, type Ifd, type Tiff } from '../formats/tiff.ts';
import { decodeTag, decodeText, MAX_TEXT_BYTES } from './header-text.ts';

export type ImageSize = { width: number; height: number };

export type HeaderInput = {
  source: ByteSource;
  /** as in the acquisition directory, without folders */
  name: string;
  mediaType?: MediaType;
  /** of the file, or of the EXIF block of a JPEG */
  tiff?: Tiff;
  sidecar?: { name: string; text: string };
};

/** IFDs beyond this hold no header that another page would not have. */
const MAX_PAGES = 1000;

export function openInput(
  source: ByteSource,
  name: string,
  sidecar?: { name: string; bytes: Uint8Array },
): HeaderInput {
  const mediaType = quietly(() => sniff(source));
  const tiff = quietly(() => (mediaType === 'image/jpeg' ? exifOf(source) : tiffOf(source, mediaType)));
  // a sidecar that is read by itself, without its image
  const alone =
    mediaType || sidecar ? undefined : quietly(() => source.read(0, Math.min(source.size, MAX_TEXT_BYTES)));
  const text = sidecar ?? (alone && { name, bytes: alone });
  return {
    source,
    name,
    ...(mediaType ? { mediaType } : {}),
    ...(tiff ? { tiff } : {}),
    ...(text ? { sidecar: { name: text.name, text: decodeText(text.bytes) } } : {}),
  };
}

/** The pages of a TIFF; an EXIF block has none. */
export function pages(input: HeaderInput): Ifd[] {
  return input.mediaType === 'image/tiff' ? (input.tiff?.ifds ?? []) : [];
}

/** The first page that carries one of the tags, or the EXIF block. */
export function pageWithTag(input: HeaderInput, ...tags: number[]): { page: number; ifd: Ifd } | undefined {
  const ifds = input.tiff?.ifds ?? [];
  const page = ifds.findIndex((ifd) => ifd.entries.some((e) => tags.includes(e.tag) && e.byteLength > 0));
  const ifd = ifds[page];
  return ifd ? { page, ifd } : undefined;
}

/** The page's tag as text of whatever encoding, cut at its NUL; undefined when absent or blank. */
export function tagText(input: HeaderInput, ifd: Ifd | undefined, tag: number): string | undefined {
  const bytes = tagBytes(input, ifd, tag);
  return (bytes && decodeTag(bytes).trim()) || undefined;
}

export function tagBytes(input: HeaderInput, ifd: Ifd | undefined, tag: number): Buffer | undefined {
  const { tiff } = input;
  const found = entry(ifd, tag);
  return tiff && found ? quietly(() => entryBytes(tiff, found, MAX_TEXT_BYTES)) : undefined;
}

export function tagNumber(input: HeaderInput, ifd: Ifd | undefined, tag: number): number | undefined {
  const { tiff } = input;
  const found = entry(ifd, tag);
  return tiff && found && found.count <= 16 ? quietly(() => numbers(tiff, found)[0]) : undefined;
}

/** Width and height in pixels of a page as stored, info bar included. */
export function imageSize(input: HeaderInput, page = 0): ImageSize | undefined {
  const size = quietly(() => readSize(input, page));
  return size && size.width > 0 && size.height > 0 ? size : undefined;
}

/** Where the size was read: the origin of image_width_px and image_height_px. */
export function sizeOrigin(input: HeaderInput, axis: 'width' | 'height'): string {
  if (input.mediaType === 'image/tiff')
    return axis === 'width' ? 'tiff:256 ImageWidth' : 'tiff:257 ImageLength';
  if (input.mediaType === 'image/png') return `png:IHDR ${axis}`;
  if (input.mediaType === 'image/jpeg') return `jpeg:SOF ${axis}`;
  return `bmp:header ${axis}`;
}

/** Olympus SIS: page 0 is a colour preview, the page with this tag holds the data (vendor-headers.md section 8). */
const SIS = 33560;

/** The page of the picture when no vendor's parser tells: the first that is no reduced-resolution copy (NewSubfileType bit 0). */
export function defaultPage(input: HeaderInput): number {
  const sis = input.mediaType === 'image/tiff' ? pageWithTag(input, SIS) : undefined;
  if (sis) return sis.page;
  const page = pages(input).findIndex((ifd) => ((tagNumber(input, ifd, 254) ?? 0) & 1) === 0);
  return Math.max(0, page);
}

function tiffOf(source: ByteSource, mediaType: MediaType | undefined): Tiff | undefined {
  return mediaType === 'image/tiff' ? walkTiff(source, { maxIfds: MAX_PAGES, exif: true }) : undefined;
}

function exifOf(source: ByteSource): Tiff | undefined {
  for (const segment of jpegHead(source).segments) {
    if (segment.marker !== APP1 || segment.length < 14) continue;
    const data = source.read(segment.dataOffset, segment.length);
    if (data.toString('latin1', 0, 6) !== 'Exif\0\0') continue;
    return walkTiff(bufferSource(data.subarray(6)), { maxIfds: 8, exif: true });
  }
  return undefined;
}

function jpegHead(source: ByteSource): Jpeg {
  return walkJpeg(source, { headOnly: true });
}

function readSize(input: HeaderInput, page: number): ImageSize | undefined {
  const { source, mediaType } = input;
  if (mediaType === 'image/tiff') {
    const ifd = pages(input)[page];
    return { width: tagNumber(input, ifd, 256) ?? 0, height: tagNumber(input, ifd, 257) ?? 0 };
  }
  if (mediaType === 'image/png') {
    const ihdr = source.read(16, 8);
    return { width: ihdr.readUInt32BE(0), height: ihdr.readUInt32BE(4) };
  }
  if (mediaType === 'image/jpeg') {
    const frame = jpegHead(source).segments.find((s) => isFrame(s.marker) && s.marker !== SOS);
    if (!frame || frame.length < 5) return undefined;
    const sof = source.read(frame.dataOffset, 5);
    return { width: sof.readUInt16BE(3), height: sof.readUInt16BE(1) };
  }
  if (mediaType !== 'image/bmp') return undefined;
  const dib = source.read(14, 12);
  // BITMAPCOREHEADER has 16-bit sizes; the others a height that is negative for top-down rows
  if (dib.readUInt32LE(0) === 12) return { width: dib.readUInt16LE(4), height: dib.readUInt16LE(6) };
  return { width: Math.abs(dib.readInt32LE(4)), height: Math.abs(dib.readInt32LE(8)) };
}

/** A header is read from what is readable: a value outside the file is absent, not an error. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
