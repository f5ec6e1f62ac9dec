// What the packet of a tagged file says about the acquired bytes, so that they can be given back bit for bit.

import type { Piece } from '../formats/pieces.ts';
import { SEMTAG_NS } from '../formats/xmp.ts';

/** The pieces of the tagged file that are the acquired one, the SHA-256 they must have, and the packet that says so. */
export type Restoring = { pieces: Piece[]; sha256: string; packet: Buffer };

/** Properties `acquiredSha256`, `acquiredLength` in bytes and, for a TIFF, `acquiredIfdOffset`: what the header's offset was. */
export function restoreBlock(info: { sha256: string; length: number; ifdOffset?: number }): string {
  const property = (name: string, value: string | number): string =>
    `  <semtag:${name}>${value}</semtag:${name}>\n`;
  return (
    `<rdf:Description rdf:about="" xmlns:semtag="${SEMTAG_NS}">\n` +
    property('acquiredSha256', info.sha256) +
    property('acquiredLength', info.length) +
    (info.ifdOffset === undefined ? '' : property('acquiredIfdOffset', info.ifdOffset)) +
    `</rdf:Description>\n`
  );
}

/** A whole number from `min` to `max`, else undefined: the packet of a foreign file can say anything. */
export function wholeNumber(text: string | undefined, min: number, max: number): number | undefined {
  if (!text || !/^\d{1,15}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}

/** How often a packet can be kept: the names of kept packets have one digit. */
export const MAX_KEPT = 9;

/** `kept` is a name with `#` where the digit stands. undefined = this is no kept packet's name. */
export function keptLevel(name: string, kept: string): number | undefined {
  const at = kept.indexOf('#');
  const digit = name[at] ?? '';
  return /\d/.test(digit) && name === kept.replace('#', digit) ? Number(digit) : undefined;
}

/** The name one level on (step 1: kept once more) or back (step -1); below the first level it is the standard name again. */
export function keptName(name: string, standard: string, kept: string, step: 1 | -1): string {
  const level = (keptLevel(name, kept) ?? -1) + step;
  return level < 0 ? standard : kept.replace('#', String(level));
}
