// Finds the image that a person means: by SHA-256, by the first digits of it, or by a file that holds it. Never guesses between two.

import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, relative, sep } from 'node:path';
import { SemtagError } from '../errors.ts';
import { hashFile } from '../hash-file.ts';
import type { FileRow } from '../store/files.ts';
import type { Image } from '../store/images.ts';
import type { Reader } from '../store/reader.ts';
import { fileAside } from './aside.ts';

const MIN_DIGITS = 4;

/** `what`: SHA-256, at least four hex digits of its beginning, or the path of an acquired or tagged file. Throws not_found, bad_request. */
export async function findImage(reader: Reader, what: string): Promise<Image> {
  if (statSync(what, { throwIfNoEntry: false })?.isFile()) return byFile(reader, what);
  const prefix = what.toLowerCase();
  if (!/^[0-9a-f]+$/.test(prefix) || prefix.length < MIN_DIGITS || prefix.length > 64)
    throw new SemtagError(
      'bad_request',
      `${what}: neither a file nor the first ${MIN_DIGITS} or more digits of a SHA-256`,
    );
  const found = reader.images.startingWith(prefix);
  if (!found[0]) throw new SemtagError('not_found', `${what}: no image has this SHA-256`);
  if (found.length > 1)
    throw new SemtagError(
      'bad_request',
      `${what}: ${found.length === 10 ? '10 or more' : found.length} images begin like this; give more digits`,
    );
  return reader.images.need(found[0]);
}

async function byFile(reader: Reader, path: string): Promise<Image> {
  const sha256 = await hashFile(path);
  if (sha256 === undefined) throw new SemtagError('not_found', `${path}: it is gone`);
  const image = reader.images.get(sha256) ?? reader.images.get(reader.imageOfTagged(sha256) ?? '');
  if (!image) throw new SemtagError('not_found', `${path}: ${whyNone(fileAt(reader, path), sha256)}`);
  return image;
}

/** The newest version of a file below an acquisition directory, as the ledger has it; undefined elsewhere. */
export function fileAt(reader: Reader, path: string): FileRow | undefined {
  const real = realOf(path);
  for (const root of reader.files.roots()) {
    const below = relative(realOf(root.path.toString()), real);
    if (below === '' || below === '..' || below.startsWith(`..${sep}`)) continue;
    const dir = dirname(below) === '.' ? '' : dirname(below);
    const file = reader.files.current(root.instrument, Buffer.from(dir), Buffer.from(basename(below)));
    if (file) return file;
  }
  return undefined;
}

function whyNone(file: FileRow | undefined, sha256: string): string {
  if (file?.state === 'seen')
    return 'known, not whole yet or still changing; it has no image so far. `semtag status` says what is missing';
  if (file?.state === 'incomplete')
    return `aside as incomplete: ${fileAside(file).error.message}. It is taken when it changes; \`semtag retry FILE\` tries it now`;
  if (file?.state === 'left')
    return 'left alone: it lay there at the first start, or belongs to no image (`semtag config explain instruments.atFirstStart`)';
  return `no image has these bytes (SHA-256 ${sha256})`;
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // a root that is away
  }
}
