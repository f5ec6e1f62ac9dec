// Every head that ever gave a score, byte for byte under its SHA-256 in the data directory, so that each can be brought back. Never changes or removes one that is whole.

import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SemtagError, asSemtagError } from '../errors.ts';
import { hashFile } from '../hash-file.ts';
import { publish } from '../publish.ts';
import { openHeadFile, readHeadFile } from './head-file.ts';
import { HEAD_FORMAT } from './head.ts';
import type { LoadedModel } from './model.ts';

export type KeptHead = {
  name: string;
  /** SHA-256 of its file */
  head: string;
  backbone: string;
  /** UTC */
  keptAt: string;
  path: string;
  /** why it cannot be used */
  problem?: string;
};

/** Into `dir`, which is there. Throws model_missing where the file is not what was loaded from it any more. */
export async function keepHead(
  dir: string,
  { headPath, reference }: Pick<LoadedModel, 'headPath' | 'reference'>,
): Promise<void> {
  const path = join(dir, `${reference.head}.json`);
  // what was brought back is in use where it lies
  if ((await hashFile(path)) === reference.head) return;
  const text = await readHeadFile(headPath);
  if (openHeadFile(text, headPath, HEAD_FORMAT, 'a head').sha256 !== reference.head)
    throw new SemtagError('model_missing', `${headPath}: it changed while semtag started`);
  await keepText(path, text);
}

/** Writes nothing where it is there already. */
export async function keepText(path: string, text: string): Promise<void> {
  if (existingText(path) === text) return;
  const part = `${path}.part`;
  writeFileSync(part, text);
  await publish(part, path);
}

function existingText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Newest first; none where there is no such directory. */
export function keptHeads(dir: string): KeptHead[] {
  let names: string[];
  try {
    names = readdirSync(dir).filter((name) => /^[0-9a-f]{64}\.json$/.test(name));
  } catch {
    return [];
  }
  return names.map((name) => keptHead(join(dir, name), name.slice(0, 64))).sort((a, b) => (a.keptAt < b.keptAt ? 1 : -1));
} // prettier-ignore

function keptHead(path: string, head: string): KeptHead {
  const known = { head, path, keptAt: statSync(path).mtime.toISOString() };
  try {
    const { envelope, sha256 } = openHeadFile(readFileSync(path, 'utf8'), path, HEAD_FORMAT, 'a head');
    const damaged = sha256 === head ? {} : { problem: 'its bytes have changed on the disk' };
    return { ...known, name: envelope.name, backbone: envelope.backbone.name, ...damaged };
  } catch (error) {
    return { ...known, name: '-', backbone: '-', problem: asSemtagError(error).message };
  }
}

/** By name, or by eight or more first digits of its SHA-256. Errors: not_found; bad_request where several have that name or it is damaged. */
export function keptHeadOf(heads: KeptHead[], name: string): KeptHead {
  const digits = /^[0-9a-f]{8,64}$/.test(name);
  const found = heads.filter((kept) => kept.name === name || (digits && kept.head.startsWith(name)));
  const [one] = found;
  if (!one)
    throw new SemtagError('not_found', `${name}: there is no model of that name, no such file and no such kept head; \`semtag model list\` shows what there is`); // prettier-ignore
  if (found.length > 1)
    throw new SemtagError('bad_request', `${name}: ${found.length} kept heads are meant; take one by its SHA-256: ${found.map(({ head }) => head.slice(0, 12)).join(', ')}`); // prettier-ignore
  if (one.problem) throw new SemtagError('bad_request', `${one.path}: ${one.problem}`);
  return one;
}
