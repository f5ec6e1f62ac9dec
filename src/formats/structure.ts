// Is this file whole, as far as its structure tells? Never decodes pixels. It cannot see that reserved space of an uncompressed picture is
// still to be filled when the header is complete: `endsInZeros` says where that is possible.

import { SemtagError } from '../errors.ts';
import { isFrame, SOS, walkJpeg } from './jpeg.ts';
import { walkPng } from './png.ts';
import { couldBecomeImage, sniff, type MediaType } from './sniff.ts';
import type { ByteSource } from './source.ts';
import { pageData, type PageData } from './strips.ts';
import { walkTiff, type Problem } from './tiff.ts';

export type Structure =
  | {
      mediaType: MediaType;
      complete: true;
      /** the last bytes are zeros: black pixels, or space that was reserved and not written yet */
      endsInZeros: boolean;
    }
  | {
      mediaType?: MediaType;
      complete: false;
      /** `incomplete`: more bytes, or another header, may still make it whole */
      code: 'incomplete' | 'not_an_image' | 'malformed';
      reason: string;
    };

/** Throws nothing but what the source throws when the file shrinks meanwhile, and that becomes `incomplete`. */
export function checkStructure(source: ByteSource): Structure {
  let mediaType: MediaType | undefined;
  try {
    mediaType = sniff(source);
    if (!mediaType) {
      if (couldBecomeImage(source))
        return { complete: false, code: 'incomplete', reason: `${source.size} bytes, and no header yet` };
      return {
        complete: false,
        code: 'not_an_image',
        reason: 'the first bytes are not those of a TIFF, PNG, JPEG or BMP',
      };
    }
    const problem = CHECKS[mediaType](source);
    if (problem) {
      // damage in a file that ends in zeros can be space that is still to be filled
      const code = problem.kind === 'truncated' || endsInZeros(source) ? 'incomplete' : 'malformed';
      return { mediaType, complete: false, code, reason: problem.message };
    }
    return { mediaType, complete: true, endsInZeros: endsInZeros(source) };
  } catch (error) {
    if (!(error instanceof SemtagError) || error.code !== 'malformed') throw error;
    return { ...(mediaType && { mediaType }), complete: false, code: 'malformed', reason: error.message };
  }
}

const CHECKS: Record<MediaType, (source: ByteSource) => Problem | undefined> = {
  'image/tiff': checkTiff,
  'image/png': checkPng,
  'image/jpeg': checkJpeg,
  'image/bmp': checkBmp,
};

const truncated = (message: string): Problem => ({ kind: 'truncated', message });
const malformed = (message: string): Problem => ({ kind: 'malformed', message });

function checkTiff(source: ByteSource): Problem | undefined {
  const tiff = walkTiff(source, { subIfds: true, exif: true });
  const problem =
    tiff.problems.find((p) => p.kind === 'malformed') ?? tiff.problems.find((p) => p.kind === 'truncated');
  if (problem) return problem;
  for (const [page, ifd] of [...tiff.ifds, ...tiff.subIfds].entries()) {
    const data = pageData(tiff, ifd);
    if (!data) {
      // later IFDs may hold text alone; the first one has the picture
      if (page === 0) return truncated('the first IFD names neither strips nor tiles');
      continue;
    }
    const reason = missingData(source, data);
    if (reason) return truncated(`page ${page + 1}: ${reason}`);
  }
  return undefined;
}

function missingData(source: ByteSource, data: PageData): string | undefined {
  const { kind, offsets, byteCounts, needed } = data;
  // streaming writers fill the height in at the end
  if (!(data.width > 0 && data.height > 0)) return `it is ${data.width} x ${data.height} pixels`;
  if (offsets.length < needed && !holdsAllAnyway(data))
    return `${offsets.length} of ${needed} ${kind}s are named`;
  const count = Math.min(offsets.length, needed);
  for (let i = 0; i < count; i++) {
    const offset = offsets[i]!;
    const plain = data.plainBytes(i);
    // without a count: what the pixels take, or at least something (libtiff estimates in the same way)
    const missing = byteCounts[i] === undefined || (byteCounts[i] === 0 && count === 1);
    const declared = missing ? (plain ?? 1) : byteCounts[i]!;
    if (offset <= 0 || declared <= 0) return `${kind} ${i} is not written yet`;
    // a last strip declared as long as the others is common, and the rows it has are all there
    const end = offset + Math.min(declared, plain ?? declared);
    if (!(end <= source.size)) return `${kind} ${i} ends at ${end}, the file at ${source.size}`;
  }
  return unwrittenCode(source, data, count);
}

/** One strip can hold the whole picture although RowsPerStrip says less. */
function holdsAllAnyway(data: PageData): boolean {
  if (data.plainBytes(0) === undefined) return data.offsets.length === 1;
  let plain = 0;
  for (let i = 0; i < data.needed && i < 1_000_000; i++) plain += data.plainBytes(i) ?? 0;
  return data.byteCounts.reduce((a, b) => a + b, 0) >= plain;
}

/** LZW, JPEG and deflate streams cannot begin with two zero bytes: reserved space does. */
const NEVER_ZERO = new Set([5, 7, 8, 32946]);
const SAMPLES = 64;

function unwrittenCode(source: ByteSource, data: PageData, count: number): string | undefined {
  if (!NEVER_ZERO.has(data.compression)) return undefined;
  const step = Math.max(1, Math.floor(count / SAMPLES));
  const sampled = Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
  for (const i of [...sampled, count - 1]) {
    if ((data.byteCounts[i] ?? 0) > 2 && source.read(data.offsets[i]!, 2).readUInt16LE() === 0)
      return `${data.kind} ${i} is still zeros`;
  }
  return undefined;
}

function checkPng(source: ByteSource): Problem | undefined {
  const { chunks, problem } = walkPng(source);
  const [first] = chunks;
  if (first && first.type !== 'IHDR') return malformed(`the first chunk is ${first.type}, not IHDR`);
  if (problem) return problem;
  if (!first || first.length < 13) return malformed('IHDR is too short');
  if (source.read(first.dataOffset, 8).readBigUInt64BE() === 0n) return truncated('width and height are 0');
  if (!chunks.some((c) => c.type === 'IDAT')) return malformed('there is no IDAT chunk');
  return undefined;
}

function checkJpeg(source: ByteSource): Problem | undefined {
  const { segments, problem } = walkJpeg(source);
  if (problem) return problem;
  if (!segments.some((s) => isFrame(s.marker)) || !segments.some((s) => s.marker === SOS))
    return malformed('it ends without a picture');
  return undefined;
}

/** BITMAPFILEHEADER and BITMAPINFOHEADER, wingdi.h. */
function checkBmp(source: ByteSource): Problem | undefined {
  const dib = source.read(14, 4).readUInt32LE();
  if (source.size < 14 + dib) return truncated(`the header is cut at ${source.size} bytes`);
  const head = source.read(0, 14 + dib);
  const old = dib === 12;
  const width = old ? head.readUInt16LE(18) : head.readInt32LE(18);
  const height = Math.abs(old ? head.readUInt16LE(20) : head.readInt32LE(22));
  const bits = head.readUInt16LE(old ? 24 : 28);
  if (width === 0 || height === 0 || bits === 0)
    return truncated(`it is ${width} x ${height} pixels of ${bits} bits`);
  if (width < 0 || bits > 64) return malformed(`it is ${width} x ${height} pixels of ${bits} bits`);
  const compression = dib >= 40 ? head.readUInt32LE(30) : 0;
  // 0 none, 3 and 6 bit fields: the size follows; 1, 2, 4, 5 are compressed: the header has to tell
  const plain = [0, 3, 6].includes(compression);
  const offset = head.readUInt32LE(10);
  const needed = plain
    ? offset + Math.ceil((width * bits) / 32) * 4 * height
    : Math.max(offset + (dib >= 40 ? head.readUInt32LE(34) : 0), head.readUInt32LE(2), offset + 1);
  if (offset < 14 + dib || needed > source.size)
    return truncated(`the pixels end at ${needed}, the file at ${source.size}`);
  return undefined;
}

const TAIL = 64;

function endsInZeros(source: ByteSource): boolean {
  const length = Math.min(TAIL, source.size);
  return source.read(source.size - length, length).every((byte) => byte === 0);
}
