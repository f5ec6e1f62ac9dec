// Folders that an export fills: plain, or a bag (BagIt 1.0, RFC 8493) with a hash of every file. Nothing is held but the hash of the file being written.

import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'; // prettier-ignore
import { rename, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SemtagError } from '../errors.ts';
import { hashFile } from '../hash-file.ts';
import { publish, syncDirectory, syncTree } from '../publish.ts';

export type Payload = {
  /** `path`: below the payload, with `/`. */
  text(path: string, text: string): void;
  /** `copy` makes the file at the place that it is told; its SHA-256 must be this one. Throws target_mismatch, and the file is gone again. */
  file(path: string, sha256: string, copy: (dest: string) => Promise<void>): Promise<void>;
};

/** Throws bad_request where `dir` is there and holds something. */
export function refuseFilled(dir: string): void {
  if (!existsSync(dir)) return;
  if (!statSync(dir).isDirectory()) throw new SemtagError('bad_request', `${dir}: is a file, not a folder`);
  if (readdirSync(dir).length > 0)
    throw new SemtagError('bad_request', `${dir}: is not empty; an export makes a folder of its own`);
}

/** Filled beside `dir` and renamed: it is there whole or not at all. */
export async function filled(dir: string, fill: (made: string) => Promise<void>): Promise<void> {
  refuseFilled(dir);
  const made = `${dir}.${process.pid}.part`;
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  try {
    await fill(made);
    await syncTree(made);
    if (existsSync(dir)) await rmdir(dir);
    await rename(made, dir);
    await syncDirectory(dirname(dir));
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

export function folder(dir: string): Payload {
  const placeOf = (path: string) => {
    const place = join(dir, ...path.split('/'));
    mkdirSync(dirname(place), { recursive: true });
    return place;
  };
  return {
    text: (path, text) => writeFileSync(placeOf(path), text),
    async file(path, sha256, copy) {
      const place = placeOf(path);
      try {
        await copy(place);
        const found = await hashFile(place);
        if (found !== sha256)
          throw new SemtagError(
            'target_mismatch',
            `${path}: its SHA-256 is ${found ?? 'none'}, not ${sha256}`,
          );
      } catch (error) {
        rmSync(place, { force: true });
        throw error;
      }
    },
  };
}

const MANIFEST = 'manifest-sha256.txt';
const TAG_MANIFEST = 'tagmanifest-sha256.txt';

/** A payload whose files all stand in the manifest of the bag. `info`: what bag-info.txt says beside date and size. */
export async function bag(
  dir: string,
  info: Record<string, string>,
  at: Date,
  fill: (payload: Payload) => Promise<void>,
): Promise<void> {
  mkdirSync(join(dir, 'data'));
  const inside = folder(join(dir, 'data'));
  const manifest = openSync(join(dir, MANIFEST), 'w');
  let [bytes, files] = [0, 0];
  const note = (path: string, sha256: string, size: number) => {
    writeSync(manifest, `${sha256}  data/${escaped(path)}\n`);
    bytes += size;
    files++;
  };
  try {
    await fill({
      text(path, text) {
        inside.text(path, text);
        note(path, hashOf(text), Buffer.byteLength(text));
      },
      async file(path, sha256, copy) {
        await inside.file(path, sha256, copy);
        note(path, sha256, statSync(join(dir, 'data', ...path.split('/'))).size);
      },
    });
  } finally {
    closeSync(manifest);
  }
  const tags: Record<string, string> = {
    'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
    'bag-info.txt': lines({
      ...info,
      'Bagging-Date': at.toISOString().slice(0, 10),
      'Payload-Oxum': `${bytes}.${files}`,
    }),
  };
  for (const [name, text] of Object.entries(tags)) writeFileSync(join(dir, name), text);
  const hashes = [...Object.keys(tags), MANIFEST].map((name) => `${hashOf(readFileSync(join(dir, name)))}  ${name}\n`); // prettier-ignore
  const part = join(dir, `${TAG_MANIFEST}.part`);
  writeFileSync(part, hashes.join(''));
  await publish(part, join(dir, TAG_MANIFEST));
}

/** RFC 8493, 2.1.3: these three characters alone. */
const escaped = (path: string): string =>
  path.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** One line each, whatever a name holds. */
const lines = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}: ${value.replace(/\s+/g, ' ')}\n`)
    .join('');

const hashOf = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
