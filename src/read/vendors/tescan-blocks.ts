// TESCAN tag 50431: blocks of uint32 length, uint16 type, payload; the length counts the type. Never searches the bytes for key names: a
// binary thumbnail stands in front of the text.

import { decodeText } from '../header-text.ts';
import { parseIni, type Ini } from '../ini.ts';

/** Types seen (vendor-headers.md; 4 is "GAMA" in readers found by string search): 0 end, 1 thumbnail. */
const SECTIONS: Readonly<Record<number, string>> = { 2: 'MAIN', 3: 'SEM', 4: 'GAMA', 5: 'FIB' };
const MAX_BLOCKS = 1000;

/** The text blocks as one INI; undefined when there is no text in it. */
export function readBlocks(bytes: Buffer): Ini | undefined {
  const parts: string[] = [];
  for (let at = 0, n = 0; at + 6 <= bytes.length && n < MAX_BLOCKS; n++) {
    const length = bytes.readUInt32LE(at);
    const type = bytes.readUInt16LE(at + 4);
    const end = at + 4 + length;
    if (type === 0 || length < 2 || end > bytes.length) break;
    const section = SECTIONS[type];
    if (section) parts.push(`[${section}]`, decodeText(bytes.subarray(at + 6, end)));
    at = end;
  }
  if (parts.length > 0) return parseIni(parts.join('\n'));
  // the same text with its section lines, as in the sidecar
  const start = bytes.indexOf('[MAIN]', 0, 'latin1');
  return start < 0 ? undefined : parseIni(decodeText(bytes.subarray(start)));
}
