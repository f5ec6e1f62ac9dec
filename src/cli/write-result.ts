// Writes a file that a verb was asked for: whole or not at all, folders made where they are missing.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SemtagError } from '../errors.ts';
import { publish } from '../publish.ts';

export async function writeResult(path: string, text: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.part`;
  writeFileSync(part, text);
  await publish(part, path);
}

/** Throws bad_request, naming the first of `paths` that is there, unless `force` was said. Asked before the work, which can take minutes. */
export function refuseToReplace(paths: string[], force: boolean): void {
  const there = force ? undefined : paths.find((path) => existsSync(path));
  if (there) throw new SemtagError('bad_request', `${there}: is there already; --force replaces it`);
}
