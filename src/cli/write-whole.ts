// Writes a text file that a verb makes: whole under its name or not at all. Never decides whether one that is there may be replaced.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { publish } from '../publish.ts';

export async function writeWhole(path: string, text: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.part`;
  writeFileSync(part, text);
  await publish(part, path);
}
