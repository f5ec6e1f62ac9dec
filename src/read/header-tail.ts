// Header text that no tag points to: at the end of a file, or near its start. Looks at the two ends only.

import type { ByteSource } from '../formats/source.ts';
import { decodeTag, MAX_TEXT_BYTES } from './header-text.ts';

const ENDS = 64 * 1024;

/** Text from a mark such as `[User]` on, in the last 64 kB, else the first; up to the first NUL. */
export function findTextBlock(source: ByteSource, mark: string): string | undefined {
  const tailAt = Math.max(0, source.size - ENDS);
  for (const start of tailAt > 0 ? [tailAt, 0] : [0]) {
    const block = source.read(start, Math.min(ENDS, source.size - start));
    const found = block.indexOf(mark, 0, 'latin1');
    if (found < 0) continue;
    const at = start + found;
    return decodeTag(source.read(at, Math.min(MAX_TEXT_BYTES, source.size - at)));
  }
  return undefined;
}

/** No byte above 7F in samples from all over the file, and "?" among the most frequent: what a copy in text mode leaves of pixels. */
export function looksTextDamaged(source: ByteSource): boolean {
  const counts = new Uint32Array(256);
  const step = Math.max(ENDS, Math.floor(source.size / 16));
  for (let at = 0; at < source.size; at += step)
    for (const byte of source.read(at, Math.min(ENDS, source.size - at))) counts[byte]!++;
  let total = 0;
  for (let byte = 0; byte < 256; byte++)
    total += byte >= 0x80 && counts[byte]! > 0 ? Infinity : counts[byte]!;
  return Number.isFinite(total) && total > 0 && counts[0x3f]! > total / 50;
}
