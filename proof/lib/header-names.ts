// The names of persons, things and places that a file of an instrument carries: out of its parsed header and out of its raw bytes. Decides only what is worth looking for.

import { closeSync, openSync, readSync, fstatSync } from 'node:fs';

const PERSONAL = ['user_name', 'serial_number', 'sample_name'];
/** Of what stands at either end of a file. */
const LOOKED_AT = 512 * 1024;
/** Keys of vendors whose values are names: User, UserName, SerialNumber, Computer, ImageName, Folder... */
const KEYS =
  /\b[A-Za-z_]*(?:user|operator|author|serial|host|computer|machine|sample|folder|path|file ?name|comment)[A-Za-z_]*\b["\s]*[=:>]\s*["']?([^\r\n\0<>"]{2,120})/gi;
const PATHS = /(?:[A-Z]:\\|\\\\)[^\r\n\0<>"|*?]{3,200}/g;

type Header = { fields: Record<string, { value: string | number }> } | undefined;

export function namesOf(path: string, header: Header, more: string[]): string[] {
  const parsed = PERSONAL.flatMap((name) => header?.fields[name]?.value ?? []).map(String);
  const text = endsOf(path);
  const raw = [...[...text.matchAll(KEYS)].map(([, value]) => value!), ...text.match(PATHS) ?? []]; // prettier-ignore
  return [...new Set([...parsed, ...more, ...raw.map(asWritten)].map((one) => one.trim().normalize('NFC')))];
}

/** Shown values of headers: what stands in them may be said. */
export const saidOf = (header: Header): string[] =>
  Object.entries(header?.fields ?? {})
    .filter(([name]) => !PERSONAL.includes(name) && name !== 'software_version')
    .map(([, { value }]) => String(value).toLowerCase());

/** UTF-8 where it is some; raw bytes were read one a letter. */
function asWritten(raw: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(raw, 'latin1'));
  } catch {
    return raw;
  }
}

/** Too short, only figures, not printable: it would be found by chance, or not at all. */
export const isTelling = (name: string): boolean =>
  /^\d{6,}$/.test(name) || (name.length >= 4 && /^[^\p{C}\ufffd]+$/u.test(name) && /\p{L}/u.test(name));

/** Whether it stands there as a word, whatever its case. */
export function stands(name: string, lowerText: string): boolean {
  const wanted = name.toLowerCase();
  for (let at = lowerText.indexOf(wanted); at >= 0; at = lowerText.indexOf(wanted, at + 1)) {
    const around = `${lowerText[at - 1] ?? ' '}${lowerText[at + wanted.length] ?? ' '}`;
    if (!/[\p{L}\p{N}]/u.test(around) && !/\d\.$/.test(lowerText.slice(at - 2, at))) return true;
  }
  return false;
}

function endsOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const part = (from: number, length: number) => {
      const bytes = Buffer.alloc(Math.max(0, length));
      readSync(file, bytes, 0, bytes.length, from);
      return bytes.toString('latin1');
    };
    const first = Math.min(size, LOOKED_AT);
    const from = Math.max(first, size - LOOKED_AT);
    return part(0, first) + '\n' + part(from, size - from);
  } finally {
    closeSync(file);
  }
}
