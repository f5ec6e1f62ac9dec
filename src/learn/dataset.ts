// Labelled images on disk: folders = categories, folders below them = sub-categories, flat files named L<n>_<hash>.jpg, groups from MANIFEST.tsv. Reads names only, no pixels.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isCategory, type Category } from '../domain/categories.ts';
import { IMAGE_NAME } from '../domain/sidecar.ts';
import { SemtagError } from '../errors.ts';

export type Example = {
  /** relative to the folder, with forward slashes */
  file: string;
  path: string;
  category: Category;
  /** folders between that of the category and the file, joined by "/"; absent where there are none */
  subCategory?: string;
  /** images of one series; never in two parts of a split. The file's own name where nothing tells */
  group: string;
};

/** Prefixes of the NFFA-EUROPE 100% SEM dataset (Aversa et al., Scientific Data 5, 180172, 2018). */
const NFFA: readonly Category[] = [
  'Porous_Sponge',
  'Patterned_surface',
  'Particles',
  'Films_Coated_Surface',
  'Powder',
  'Tips',
  'Nanowires',
  'Biological',
  'MEMS_devices_and_electrodes',
  'Fibres',
];

/** Sorted by file. Throws training_data where nothing in the folder is labelled. */
export function readDataset(dir: string): Example[] {
  const groups = readGroups(dir);
  const names = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && IMAGE_NAME.test(e.name))
    .map((e) => join(e.parentPath, e.name).slice(dir.length).replaceAll('\\', '/').replace(/^\/+/, ''))
    .sort();
  const examples = names.flatMap((file) => {
    const category = categoryOf(file);
    if (!category) return [];
    const below = isCategory(file.split('/')[0]) ? file.split('/').slice(1, -1).join('/') : '';
    const subCategory = below ? { subCategory: below } : {};
    return [{ file, path: join(dir, file), category, ...subCategory, group: groups.get(file) ?? file }];
  });
  if (examples.length === 0)
    throw new SemtagError(
      'training_data',
      `${dir}: no labelled images; expected a folder a category, or files named L<n>_<hash>.jpg`,
    );
  return examples;
}

function categoryOf(file: string): Category | undefined {
  const folder = file.split('/')[0]!;
  if (file.includes('/') && isCategory(folder)) return folder;
  const digit = /^L(\d)_/.exec(basename(file))?.[1];
  return digit === undefined ? undefined : NFFA[Number(digit)];
}

function readGroups(dir: string): Map<string, string> {
  const path = join(dir, 'MANIFEST.tsv');
  if (!existsSync(path)) return new Map();
  const [head, ...rows] = readFileSync(path, 'utf8').trim().split(/\r?\n/).map((line) => line.split('\t')); // prettier-ignore
  const file = head!.indexOf('file');
  const group = head!.indexOf('group');
  if (file < 0 || group < 0) return new Map();
  return new Map(rows.flatMap((row) => (row[file] && row[group] ? [[row[file], row[group]] as const] : [])));
}
