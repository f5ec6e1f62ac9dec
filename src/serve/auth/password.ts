// Passwords: hashed with scrypt, the parameters beside the hash. Never stored, logged or compared in clear.

import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { SemtagError } from '../../errors.ts';

/** About as much work as OWASP's password storage cheat sheet asks for, in a quarter of its memory: the machine is the instrument's. */
const COST = { N: 2 ** 15, r: 8, p: 3 };
const BYTES = 32;
/** OWASP ASVS 4.0.3, 2.1.1 and 2.1.2. */
export const SHORTEST = 12;
export const LONGEST = 128;

/** Guesses of zxcvbn's scale: a hundred million, and eight tries in five minutes. */
const HARD_ENOUGH = 3;

/** Throws bad_request with the reason: too short or too long, with the own name, or one that is guessed early, since it leaked often (ASVS 4.0.3, 2.1.7) or is a row of keys. */
export async function checkPassword(password: string, name: string): Promise<void> {
  const length = [...password].length;
  if (length < SHORTEST || length > LONGEST)
    throw new SemtagError('bad_request', `password: ${SHORTEST} to ${LONGEST} characters`);
  // half a megabyte of words, loaded only where somebody makes a password
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  const { score } = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs }).check(password);
  if (password.toLowerCase().includes(name.toLowerCase()) || score < HARD_ENOUGH)
    throw new SemtagError('bad_request', 'password: too easy to guess');
}

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
