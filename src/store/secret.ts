// Secrets that a program, a browser or a link holds: made here, kept as their SHA-256 only. They are random and long, so that no slow hash is needed; passwords are not made here.

import { createHash, randomBytes, randomInt } from 'node:crypto';

/** Tells people and scanners of leaked secrets what it is. */
export const TOKEN_PREFIX = 'semtag_';
/** Without letters that look like digits or like each other (Crockford). */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = 4;

export const newSecret = (prefix = ''): string => prefix + randomBytes(32).toString('base64url');

/** `7K2M-…`, 80 bits: short enough to be typed at another machine, used once and soon void. */
export function newCode(): string {
  const group = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** As it was typed: letter case, spaces and dashes do not matter. */
export const hashOfCode = (code: string): string =>
  hashOf(code.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0'));
