// Which images a verb means by the paths it was given, each with the sidecar beside it. Opens no image.

import { readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { IMAGE_NAME, LARGEST_SIDECAR, sidecarNames } from '../domain/sidecar.ts';

export type ImageFile = {
  /** as the caller wrote it, or below the folder that the caller wrote */
  file: string;
  /** path of the vendor's text file beside it */
  sidecar?: string;
  /** the caller named it and nothing is there */
  missing?: true;
};

/** What programs leave beside images: hidden files, `._x.tif` of macOS, `~x.tif` of editors. As the watcher ignores them by default. */
const IGNORED = /^[.~]/;

/**
 * A file that is named is taken whatever its name is; a folder gives the images below it, sorted by name in each folder. Links to files are
 * followed, links to folders are not: they can lead in a circle. A path that is not there keeps its place, as `missing`.
 */
export function imageFiles(paths: string[]): ImageFile[] {
  // `classify *.tif` asks for the same folder again and again
  const folders = new Map<string, Sidecars>();
  const sidecarsIn = (folder: string): Sidecars => {
    const found = folders.get(folder) ?? sidecarsAmong(folder, readdirSync(folder));
    folders.set(folder, found);
    return found;
  };
  return paths.flatMap((path) => {
    const kind = statSync(path, { throwIfNoEntry: false });
    if (!kind) return [{ file: path, missing: true }];
    return kind.isDirectory() ? below(path) : [withSidecar(path, sidecarsIn(dirname(path)))];
  });
}

/** For an image job; nothing where there is no sidecar or it is too large to be one. */
export function sidecarBytes({ sidecar }: ImageFile): { sidecar?: { name: string; bytes: Uint8Array } } {
  if (!sidecar || statSync(sidecar).size > LARGEST_SIDECAR) return {};
  return { sidecar: { name: basename(sidecar), bytes: readFileSync(sidecar) } };
}

function below(folder: string): ImageFile[] {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  const entries = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !IGNORED.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const sidecars = sidecarsAmong(
    folder,
    entries.map(({ name }) => name),
  );
  return entries.flatMap((entry) => {
    const path = prefix + entry.name;
    if (entry.isDirectory()) return below(path);
    return IMAGE_NAME.test(entry.name) && isFile(entry, path) ? [withSidecar(path, sidecars)] : [];
  });
}

function isFile(entry: Dirent, path: string): boolean {
  return (
    entry.isFile() || (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isFile() === true)
  );
}

/** Lower-case name -> path, for one folder: a look-up an image, however many lie beside it. */
type Sidecars = Map<string, string>;

function withSidecar(file: string, sidecars: Sidecars): ImageFile {
  for (const name of sidecarNames(basename(file))) {
    const sidecar = sidecars.get(name.toLowerCase());
    if (sidecar) return { file, sidecar };
  }
  return { file };
}

function sidecarsAmong(folder: string, names: string[]): Sidecars {
  const texts = names.filter((name) => /\.(txt|hdr)$/i.test(name));
  return new Map(texts.map((name) => [name.toLowerCase(), join(folder, name)]));
}
