// JEOL's $KEY lines: the sidecar NAME.txt ("$CM_MAG 1000", "$$SM_WD 10.6"), and the same keys as "$KEY=value" between tabs in the EXIF
// user comment (tag 37500) that newer software writes into the image. Never takes a user's label for the mark of JEOL.

import { decodeTag, decodeText, lines } from '../header-text.ts';

/** Key without its $ -> value; the first one that is not empty stays. */
export type JeolKeys = Map<string, string>;

const MAX_KEYS = 5000;

export function readSidecarKeys(text: string): JeolKeys {
  return collect(lines(text), /^\s*\$+(\w+)(?:\s+(.*))?$/);
}

/** The user comment's bytes: an 8-byte character code, "UNICODE" or "ASCII", then the text. */
export function readCommentKeys(bytes: Buffer): JeolKeys {
  const code = bytes.toString('latin1', 0, 8);
  const body = /^(UNICODE|ASCII)/.test(code) ? bytes.subarray(8) : bytes;
  const text = code.startsWith('UNICODE') ? decodeText(body) : decodeTag(body);
  return collect(text.replaceAll('\0', '').split(/[\t\r\n]+/), /^\s*\$*(\w+)\s*=\s*(.*)$/);
}

/** CM_FORMAT (JEOL-SEM, JEOL/EO), or enough of the keys that only JEOL writes. CM_LABEL is user text. */
export function isJeol(keys: JeolKeys): boolean {
  if (/^jeol/i.test(keys.get('CM_FORMAT') ?? '')) return true;
  const marks = [
    'SEM_DATA_VERSION',
    'CM_VERSION',
    'CM_MAG',
    'CM_ACCEL_VOLT',
    'CM_INSTRUMENT',
    'CM_FULL_SIZE',
    'CM_IMAGE_SIZE',
    'SM_WD',
  ];
  return marks.filter((key) => keys.has(key)).length >= 3;
}

function collect(all: readonly string[], pattern: RegExp): JeolKeys {
  const keys: JeolKeys = new Map();
  for (const line of all) {
    const [, key, value = ''] = line.length > 4000 ? [] : (pattern.exec(line) ?? []);
    if (!key) continue;
    if (keys.size >= MAX_KEYS) break;
    if (!keys.get(key)) keys.set(key, value.trim());
  }
  return keys;
}
