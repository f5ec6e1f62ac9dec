// Which images are aligned and which are not: a tab-separated list beside the images. Reads names only, no pixels.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isCategory } from '../domain/categories.ts';
import { SemtagError } from '../errors.ts';
import type { Example } from './dataset.ts';

export type AlignmentExample = Example & {
  aligned: boolean;
  /** where the image comes from: sources differ in more than alignment, so figures are also made within one */
  source: string;
};

/**
 * `list`: columns `file` and `alignment` (`aligned` or `not_aligned`), `category` and `group` where known. Files lie below `images`, unless told
 * in the folder of the list or in `sem-images` beside it. Throws training_data, naming the line, for what it cannot use.
 */
export function readAlignmentList(list: string, images?: string): AlignmentExample[] {
  const rows = readTable(list);
  const wrong = (line: number, what: string) =>
    new SemtagError('training_data', `${list}, line ${line}: ${what}`);
  if (!rows[0] || !('file' in rows[0]) || !('alignment' in rows[0]))
    throw new SemtagError(
      'training_data',
      `${list}: it needs the columns file and alignment, and a line an image`,
    );
  const dir = images ?? folderOf(list, rows[0]['file']);
  const sources = sourcesOf(dir);
  return rows.map((row, i) => {
    const { file = '', alignment, category = file.split('/')[0]!, group = file } = row;
    if (alignment !== 'aligned' && alignment !== 'not_aligned')
      throw wrong(i + 2, `alignment ${alignment}: it is aligned or not_aligned`);
    if (!isCategory(category)) throw wrong(i + 2, `${category} is none of the ten categories`);
    const path = join(dir, file);
    if (!existsSync(path)) throw wrong(i + 2, `${path} is not there`);
    const source = sources.get(file) ?? group.split('-')[0]!;
    return { file, path, category, group, aligned: alignment === 'aligned', source };
  });
}

function folderOf(list: string, first: string): string {
  const own = dirname(resolve(list));
  const beside = join(own, '..', 'sem-images');
  return !existsSync(join(own, first)) && existsSync(join(beside, first)) ? beside : own;
}

/** The repository that each image was taken from, where a manifest says so. */
function sourcesOf(dir: string): Map<string, string> {
  const manifest = join(dir, 'MANIFEST.tsv');
  if (!existsSync(manifest)) return new Map();
  return new Map(
    readTable(manifest).flatMap(({ file, source_repo }) =>
      file && source_repo ? [[file, source_repo] as const] : [],
    ),
  );
}

function readTable(path: string): Record<string, string>[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new SemtagError('training_data', `${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const [heading = [], ...rows] = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split('\t'));
  return rows.map((row) =>
    Object.fromEntries(heading.flatMap((name, c) => (row[c] ? [[name, row[c]] as const] : []))),
  );
}
