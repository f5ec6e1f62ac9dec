// Small TIFF files that wear a header composed by a test. Never reads a real file.

import { ASCII, BYTE, type Tag, type TiffPage, writeTiff } from '../../../fixtures/tiff-writer.ts';
import type { HeaderFields, InstrumentHeader } from '../../../src/domain/header.ts';
import { bufferSource } from '../../../src/formats/source.ts';
import { readHeader } from '../../../src/read/header.ts';

export type Shape = { width?: number; height?: number; tags?: Tag[] };

export function tiffFile({ width = 8, height = 6, tags = [] }: Shape): Buffer {
  return writeTiff([page(width, height, tags)]);
}

export function page(width: number, height: number, tags: Tag[]): TiffPage {
  return { width, height, samples: new Uint8Array(width * height).fill(200), rowsPerStrip: height, tags };
}

export const text = (tag: number, value: string): Tag => ({ tag, type: ASCII, value });
export const bytes = (tag: number, value: Uint8Array): Tag => ({ tag, type: BYTE, value });

export function read(file: Uint8Array, sidecar?: string): InstrumentHeader {
  const beside = sidecar === undefined ? undefined : { name: 'a.txt', bytes: Buffer.from(sidecar, 'latin1') };
  return readHeader(bufferSource(file), 'a.tif', beside);
}

/** Field names to their bare values. */
export function values(header: InstrumentHeader): Record<string, unknown> {
  return Object.fromEntries(Object.entries(header.fields).map(([name, f]) => [name, f.value]));
}

export function origins(fields: HeaderFields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, f]) => [name, f.origin]));
}

export const codes = (header: InstrumentHeader): string[] => header.warnings.map((w) => w.code);
