// The certificate before the start: is it there, its own key's, valid, and for the names that browsers use?

import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Config } from '../config/schema.ts';
import { asSemtagError } from '../errors.ts';
import { certificateFiles } from '../serve/tls.ts';
import type { Finding } from './preflight.ts';

/** Whoever makes certificates needs some days for it. */
const SOON_MS = 14 * 86_400_000;

export function checkTls({ serve }: Pick<Config, 'serve'>, now = new Date()): Finding[] {
  if (!serve.tls) return [];
  const what = 'serve.tls';
  let certificate: X509Certificate;
  try {
    ({ certificate } = certificateFiles(serve.tls));
  } catch (error) {
    const { message, advice } = asSemtagError(error);
    return [{ what, level: 'fail', message, advice }];
  }
  const until = new Date(certificate.validTo);
  const day = until.toISOString().slice(0, 10);
  const renew = 'Put a new one in its place and restart.';
  if (until < now) return [{ what, level: 'fail', message: `the certificate ran out on ${day}`, advice: renew }]; // prettier-ignore
  const others = serve.names.filter(
    (name) => !(isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)),
  );
  return [
    until.getTime() - now.getTime() < SOON_MS
      ? { what, level: 'warn', message: `the certificate runs out on ${day}`, advice: renew }
      : { what, level: 'ok', message: `the certificate holds until ${day}` },
    ...others.map((name): Finding => ({ what, level: 'warn', message: `the certificate is not for ${name}`, advice: 'Browsers will warn of it there.' })), // prettier-ignore
  ];
}
