// The IFD walker: where every entry of a TIFF or BigTIFF lies, bounds-checked, with a loop guard and limits. Knows no vendor and never
// decodes pixels. Format: TIFF 6.0 (Adobe 1992) section 2; BigTIFF: libtiff's "BigTIFF design" (bigtiff.org).

import { SemtagError } from '../errors.ts';
import type { ByteSource } from './source.ts';

export type Entry = {
  tag: number;
  /** 1 BYTE .. 12 DOUBLE, 13 IFD, 16 LONG8, 17 SLONG8, 18 IFD8 */
  type: number;
  count: number;
  /** of the value; 0 for a type that does not exist */
  byteLength: number;
  /** absolute in the file, also for a value that stands in the entry itself */
  valueOffset: number;
};

export type Ifd = {
  /** absolute in the file */
  offset: number;
  /** those whose value can be read, in file order; vendors do not always sort them */
  entries: Entry[];
  /** as the IFD says, damaged entries included; each takes 12 (BigTIFF: 20) bytes from `entriesOffset` on */
  entryCount: number;
  entriesOffset: number;
  /** 0 = the last one */
  nextOffset: number;
};

/**
 * `truncated`: something lies beyond the end of the file, more bytes may heal it. `malformed`: more bytes heal nothing.
 * `odd`: no reader minds.
 */
export type Problem = { kind: 'truncated' | 'malformed' | 'odd'; message: string };

export type Tiff = {
  source: ByteSource;
  littleEndian: boolean;
  big: boolean;
  /** the main chain; empty when not even the first one can be read */
  ifds: Ifd[];
  /** of SubIFDs (tag 330), when asked for */
  subIfds: Ifd[];
  /** EXIF IFDs (tag 34665), when asked for */
  exif: Ifd[];
  problems: Problem[];
};

export type WalkOptions = { subIfds?: boolean; exif?: boolean; maxIfds?: number };

/** Bytes a unit of each type takes (TIFF 6.0 p. 15; 13: TIFF tech note 1; 16 to 18: BigTIFF). */
const TYPE_BYTES: Record<number, number> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

const MAX_IFDS = 65_536;
/** Of all IFDs together: hostile files lay IFDs over each other. */
const MAX_ENTRIES = 500_000;
const MAX_VALUE_BYTES = 256 * 1024 * 1024;
/** More than the strips or tiles of any picture: reading them must take milliseconds. */
const MAX_NUMBERS = 256 * 1024;

/** What can be read, with a list of what cannot. Throws `malformed` only when the header is no TIFF header. */
export function walkTiff(source: ByteSource, options: WalkOptions = {}): Tiff {
  const magic = source.read(0, Math.min(4, source.size)).toString('latin1');
  if (!['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(magic))
    throw new SemtagError(
      'malformed',
      'no TIFF header: the first four bytes are not II*, MM* or those of BigTIFF',
    );
  const tiff: Tiff = {
    source,
    littleEndian: magic.startsWith('II'),
    big: magic.includes('+'),
    ifds: [],
    subIfds: [],
    exif: [],
    problems: [],
  };
  const headerSize = tiff.big ? 16 : 8;
  if (source.size < headerSize) {
    tiff.problems.push({ kind: 'truncated', message: `the header is cut at ${source.size} bytes` });
    return tiff;
  }
  if (tiff.big && u16(tiff, 4) !== 8)
    tiff.problems.push({ kind: 'malformed', message: 'BigTIFF offsets are not 8 bytes long' });
  const walk: Walk = { tiff, seen: new Set(), entries: 0, maxIfds: options.maxIfds ?? MAX_IFDS };
  const first = readOffset(tiff, tiff.big ? 8 : 4);
  // libtiff leaves 0 here until the whole file is written
  if (first === 0)
    tiff.problems.push({ kind: 'truncated', message: 'the header does not point to an IFD yet' });
  walkChain(walk, first, tiff.ifds, 'IFD');
  for (const ifd of options.subIfds || options.exif ? [...tiff.ifds] : [])
    followPointers(walk, ifd, options, 0);
  return tiff;
}

export function entry(ifd: Ifd | undefined, tag: number): Entry | undefined {
  return ifd?.entries.find((e) => e.tag === tag);
}

/** The value's bytes as they lie in the file; `limit` in bytes cuts a long one. */
export function entryBytes(tiff: Tiff, e: Entry, limit = MAX_VALUE_BYTES): Buffer {
  return tiff.source.read(e.valueOffset, Math.min(e.byteLength, limit));
}

/** The value as numbers, rationals as their quotient. 64-bit numbers above 2^53 lose their last bits. At most 256 Ki numbers. */
export function numbers(tiff: Tiff, e: Entry): number[] {
  const size = TYPE_BYTES[e.type];
  if (size === undefined) return [];
  if (e.count > MAX_NUMBERS) throw new SemtagError('malformed', `tag ${e.tag} has ${e.count} numbers`);
  const bytes = entryBytes(tiff, e);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = new Array<number>(e.count);
  for (let i = 0; i < e.count; i++) found[i] = numberAt(view, i * size, e.type, tiff.littleEndian);
  return found;
}

/** Latin-1 text up to the first NUL; vendors write Latin-1 where the standard says ASCII. */
export function text(tiff: Tiff, e: Entry, limit = MAX_VALUE_BYTES): string {
  const bytes = entryBytes(tiff, e, limit);
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
}

export function u16(tiff: Tiff, offset: number): number {
  const bytes = tiff.source.read(offset, 2);
  return tiff.littleEndian ? bytes.readUInt16LE() : bytes.readUInt16BE();
}

export function u32(tiff: Tiff, offset: number): number {
  const bytes = tiff.source.read(offset, 4);
  return tiff.littleEndian ? bytes.readUInt32LE() : bytes.readUInt32BE();
}

/** 4 bytes, in BigTIFF 8. A value above 2^53 comes back inexact and is outside every file. */
export function readOffset(tiff: Tiff, offset: number): number {
  if (!tiff.big) return u32(tiff, offset);
  const bytes = tiff.source.read(offset, 8);
  return Number(tiff.littleEndian ? bytes.readBigUInt64LE() : bytes.readBigUInt64BE());
}

type Walk = { tiff: Tiff; seen: Set<number>; entries: number; maxIfds: number };

function walkChain(walk: Walk, first: number, into: Ifd[], name: string): void {
  const { problems } = walk.tiff;
  for (let offset = first; offset !== 0;) {
    if (walk.seen.has(offset)) {
      // two pointers to one SubIFD harm nobody; a main chain without an end hangs other readers
      const kind = into === walk.tiff.ifds ? 'malformed' : 'odd';
      problems.push({ kind, message: `${name} at ${offset} comes up twice: the chain is a loop` });
      return;
    }
    if (walk.seen.size >= walk.maxIfds) {
      problems.push({ kind: 'malformed', message: `more than ${walk.maxIfds} IFDs` });
      return;
    }
    walk.seen.add(offset);
    const ifd = readIfd(walk, offset, `${name} at ${offset}`);
    if (!ifd) return;
    into.push(ifd);
    offset = ifd.nextOffset;
  }
}

function readIfd(walk: Walk, offset: number, name: string): Ifd | undefined {
  const { tiff } = walk;
  const { source, problems } = tiff;
  const countBytes = tiff.big ? 8 : 2;
  const entryBytes = tiff.big ? 20 : 12;
  const entriesOffset = offset + countBytes;
  // a pointer of a signed or fractional type can be anything
  if (!(Number.isSafeInteger(offset) && offset > 0 && entriesOffset <= source.size)) {
    problems.push({ kind: 'truncated', message: `${name} is outside the file of ${source.size} bytes` });
    return undefined;
  }
  const entryCount = tiff.big ? readOffset(tiff, offset) : u16(tiff, offset);
  if (entryCount === 0) {
    // also what a reserved part of the file that is still zeros looks like
    problems.push({ kind: 'truncated', message: `${name} has no entries` });
    return undefined;
  }
  if (entryCount > 65_535 || (walk.entries += entryCount) > MAX_ENTRIES) {
    problems.push({ kind: 'malformed', message: `${name} has too many entries (${entryCount})` });
    return undefined;
  }
  const fit = Math.min(entryCount, Math.floor((source.size - entriesOffset) / entryBytes));
  if (fit < entryCount)
    problems.push({
      kind: 'truncated',
      message: `${name}: ${fit} of its ${entryCount} entries are in the file`,
    });
  const entries: Entry[] = [];
  for (let i = 0; i < fit; i++) {
    const e = readEntry(tiff, entriesOffset + i * entryBytes, name);
    if (e) entries.push(e);
  }
  const nextField = entriesOffset + entryCount * entryBytes;
  let nextOffset = 0;
  if (fit === entryCount) {
    if (nextField + (tiff.big ? 8 : 4) <= source.size) nextOffset = readOffset(tiff, nextField);
    else problems.push({ kind: 'truncated', message: `${name}: its link to the next one is beyond the end` });
  }
  return { offset, entries, entryCount, entriesOffset, nextOffset };
}

function readEntry(tiff: Tiff, at: number, name: string): Entry | undefined {
  const tag = u16(tiff, at);
  const type = u16(tiff, at + 2);
  const count = readOffset(tiff, at + 4);
  const size = TYPE_BYTES[type];
  const valueField = at + (tiff.big ? 12 : 8);
  if (size === undefined) {
    // TIFF 6.0 p. 16: readers skip fields of unexpected types
    tiff.problems.push({ kind: 'odd', message: `${name}: tag ${tag} has the unknown type ${type}` });
    return { tag, type, count, byteLength: 0, valueOffset: valueField };
  }
  const byteLength = size * count;
  const valueOffset = byteLength <= (tiff.big ? 8 : 4) ? valueField : readOffset(tiff, valueField);
  if (valueOffset + byteLength > tiff.source.size) {
    const message = `${name}: tag ${tag} ends at ${valueOffset + byteLength}, the file at ${tiff.source.size}`;
    tiff.problems.push({ kind: 'truncated', message });
    return undefined;
  }
  return { tag, type, count, byteLength, valueOffset };
}

/** SubIFDs may hold SubIFDs again; three levels are more than any microscope writes. */
function followPointers(walk: Walk, ifd: Ifd, options: WalkOptions, depth: number): void {
  const follow = (tag: number, into: Ifd[], name: string): void => {
    const pointer = entry(ifd, tag);
    if (!pointer || pointer.count > walk.maxIfds) return;
    const before = into.length;
    for (const offset of numbers(walk.tiff, pointer)) walkChain(walk, offset, into, name);
    if (depth < 3) for (const child of into.slice(before)) followPointers(walk, child, options, depth + 1);
  };
  if (options.subIfds) follow(330, walk.tiff.subIfds, 'SubIFD');
  if (options.exif) follow(34665, walk.tiff.exif, 'EXIF IFD');
}

function numberAt(view: DataView, at: number, type: number, little: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, little);
    case 4:
    case 13:
      return view.getUint32(at, little);
    case 5:
      return view.getUint32(at, little) / view.getUint32(at + 4, little);
    case 6:
      return view.getInt8(at);
    case 8:
      return view.getInt16(at, little);
    case 9:
      return view.getInt32(at, little);
    case 10:
      return view.getInt32(at, little) / view.getInt32(at + 4, little);
    case 11:
      return view.getFloat32(at, little);
    case 12:
      return view.getFloat64(at, little);
    case 16:
    case 18:
      return Number(view.getBigUint64(at, little));
    case 17:
      return Number(view.getBigInt64(at, little));
    default:
      return view.getUint8(at);
  }
}
