// Passwords: hashed with scrypt, the parameters beside the hash. Never stored, logged or compared in clear.

import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { SemtagError } from '../../errors.ts';

/** About as much work as OWASP's password storage cheat sheet asks for, in a quarter of its memory: the machine is the instrument's. */
const COST = { N: 2 ** 15, r: 8, p: 3 };
const BYTES = 32;
/** OWASP ASVS 4.0.3, 2.1.1 and 2.1.2. */
export const SHORTEST = 12;
export const LONGEST = 128;
/** Letters of a part of the name that is looked for. */
const PART = 4;

/** Guesses of zxcvbn's scale: a hundred million, and eight tries in five minutes. */
const HARD_ENOUGH = 3;

/** Throws bad_request with the rule that is broken: too short or too long, the own name in it, or guessed early, since it leaked often (ASVS 4.0.3, 2.1.7) or is a row of keys. */
export async function checkPassword(password: string, name: string): Promise<void> {
  const length = [...password].length;
  if (length < SHORTEST) throw refused(`too short: ${SHORTEST} characters at least`);
  if (length > LONGEST) throw refused(`too long: ${LONGEST} characters at most`);
  if (holdsName(password, name)) throw refused('your name is in it');
  // half a megabyte of words, loaded only where somebody makes a password
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  const { score } = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs }).check(password);
  if (score < HARD_ENOUGH) throw refused('it leaked somewhere or is guessed early');
}

const refused = (rule: string): SemtagError =>
  new SemtagError('bad_request', `password: ${rule}`, {
    advice: 'Choose another one: a few words that do not belong together are hard to guess.',
  });

/** Whatever stands between the letters. Shorter parts of a name are in many words by chance. */
function holdsName(password: string, name: string): boolean {
  const word = bare(password);
  const parts = name.split(/[^\p{L}\p{M}\p{N}]+/u).map(bare);
  return [bare(name), ...parts.filter(({ length }) => length >= PART)].some(
    (one) => one.length > 1 && word.includes(one),
  );
}

/** Letters and digits alone, without case and accents. */
const bare = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();

/** `scrypt$N$r$p$salt$hash` */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), key.toString('base64')].join('$');
}

/** Without a hash as much work is done as with one: how long it takes tells nobody which names there are. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [kind, N, r, p, salt = '', kept = ''] = (hash ?? '').split('$');
  if (kind !== 'scrypt') {
    await derive(password, randomBytes(16), COST);
    return false;
  }
  const key = await derive(password, Buffer.from(salt, 'base64'), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  const wanted = Buffer.from(kept, 'base64');
  return key.length === wanted.length && timingSafeEqual(key, wanted);
}

function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  const options: ScryptOptions = { ...cost, maxmem: 256 * cost.N * cost.r };
  return new Promise((done, fail) =>
    scrypt(password.normalize('NFKC'), salt, BYTES, options, (error, key) =>
      error ? fail(error) : done(key),
    ),
  );
}
