// Puts a new config in the place of the old one, once it was seen to load. Never leaves one behind that does not, and never changes whose it is.

import { chmodSync, chownSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { SemtagError } from '../errors.ts';
import { publish } from '../publish.ts';

/**
 * Written beside it first. Owner, group and mode stay: the service runs under another account than who writes this. `ready` is the last step
 * before it takes the place of the old one: it throws where it is not what was meant, and does what has to be there by then.
 */
export async function replaceConfig(
  path: string,
  text: string,
  ready: (config: Config) => void | Promise<void>,
): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  writeFileSync(part, text);
  try {
    const config = loadConfig(part);
    keepOwner(part, path);
    await ready(config);
    await publish(part, path);
  } finally {
    rmSync(part, { force: true });
  }
}

/** Errors: `bad_request` where this account cannot give it to whom the old one belongs. */
function keepOwner(part: string, path: string): void {
  const { uid, gid, mode } = statSync(path);
  const made = statSync(part);
  try {
    if (uid !== made.uid || gid !== made.gid) chownSync(part, uid, gid);
  } catch (error) {
    throw new SemtagError('bad_request', `${path}: it belongs to ${uid}:${gid}, and this account cannot keep it so; run this as root or as its owner`, { cause: error }); // prettier-ignore
  }
  chmodSync(part, mode); // last: chown clears bits
}
