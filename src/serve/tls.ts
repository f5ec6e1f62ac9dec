// The certificate files of serve.tls: read, and held against each other, before anything listens with them. Never writes or logs the key.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from '../config/schema.ts';
import { SemtagError } from '../errors.ts';

type Tls = NonNullable<Config['serve']['tls']>;

export type CertificateFiles = { cert: Buffer; key: Buffer; certificate: X509Certificate };

/** Throws config_invalid with what is wrong: a file that cannot be read, is none, or belongs to another one. */
export function certificateFiles(tls: Tls): CertificateFiles {
  const read = (name: 'cert' | 'key') => {
    try {
      return readFileSync(tls[name]);
    } catch (error) {
      throw refused(name, tls[name], `cannot be read (${(error as NodeJS.ErrnoException).code})`, error);
    }
  };
  const parsed = <T>(name: 'cert' | 'key', what: string, parse: () => T): T => {
    try {
      return parse();
    } catch (error) {
      throw refused(name, tls[name], `is no ${what} in PEM form`, error);
    }
  };
  const [cert, key] = [read('cert'), read('key')];
  const certificate = parsed('cert', 'certificate', () => new X509Certificate(cert));
  const privateKey = parsed('key', 'private key without a passphrase', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey))
    throw refused('key', tls.key, `is not the key of ${tls.cert}`);
  return { cert, key, certificate };
}

function refused(name: string, path: string, why: string, cause?: unknown): SemtagError {
  return new SemtagError('config_invalid', `serve.tls.${name}: ${path} ${why}`, {
    ...(cause === undefined ? {} : { cause }),
    advice:
      'Both files must be there at the start and be readable by the account of the service; docs/access.md has how to make them.',
  });
}
