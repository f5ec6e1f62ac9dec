// Writes a file that a verb was asked for: whole or not at all, folders made where they are missing.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { publish } from '../publish.ts';

export async function writeResult(path: string, text: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.part`;
  writeFileSync(part, text);
  await publish(part, path);
}
