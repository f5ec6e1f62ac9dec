// Bytes of an instrument header to text and lines. Never throws and never decodes more than a header can be.

/** No header seen is larger than 150 kB; what comes after this is cut, so that hostile input stays cheap. */
export const MAX_TEXT_BYTES = 1024 * 1024;

/**
 * Text of unknown encoding: byte order mark, else UTF-16 by its zero bytes, else UTF-8 when all of it is valid,
 * else Windows-1252 (µ = B5, ° = B0: what FEI, Zeiss, TESCAN and JEOL write). Trailing NULs and spaces are dropped.
 */
export function decodeText(bytes: Uint8Array): string {
  const cut = bytes.subarray(0, MAX_TEXT_BYTES);
  const encoding = encodingOf(cut);
  const text = encoding === 'utf-8' ? utf8OrWindows1252(cut) : new TextDecoder(encoding).decode(cut);
  return text.replace(/^\uFEFF/, '').trimEnd();
}

/** An ASCII tag: cut at the first NUL, unless it is UTF-16. */
export function decodeTag(bytes: Uint8Array): string {
  const cut = bytes.subarray(0, MAX_TEXT_BYTES);
  if (encodingOf(cut) !== 'utf-8') return decodeText(cut);
  const end = cut.indexOf(0);
  return decodeText(end < 0 ? cut : cut.subarray(0, end));
}

/** CRLF, LF and lone CR all end a line: files copied in text mode and old instruments have each of them. */
export function lines(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}

/** Fit to show: no control characters, no NUL padding, not longer than a line of text can sensibly be. */
export function cleanText(text: string): string {
  return text
    .slice(0, 2000)
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 500);
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // Latin text in UTF-16 has a zero in every other byte; an 8-bit text has none before its end
  const sample = bytes.subarray(0, 64);
  const zeros = [0, 0];
  for (let i = 0; i < sample.length; i++) if (sample[i] === 0) zeros[i % 2]!++;
  const half = sample.length / 2;
  if (half >= 4 && zeros[1]! >= half * 0.6 && zeros[0]! <= half * 0.1) return 'utf-16le';
  if (half >= 4 && zeros[0]! >= half * 0.6 && zeros[1]! <= half * 0.1) return 'utf-16be';
  return 'utf-8';
}

function utf8OrWindows1252(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
