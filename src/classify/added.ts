// Backbones that a person added: each a folder with backbone.json beside its ONNX file, and the places where such folders lie. Reads only.

import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { SemtagError } from '../errors.ts';
import type { Backbone } from './backbones.ts';

export const BACKBONE_FORMAT = 'semtag-backbone/1';
export const BACKBONE_FILE = 'backbone.json';

/** Names are folders, in configs and in records: one word. */
export const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What backbone.json holds. `file` and `licenceText` lie beside it. */
export type StoredBackbone = Omit<Backbone, 'file' | 'folder' | 'licenceText'> & {
  format: typeof BACKBONE_FORMAT;
  file: string;
  licenceText?: string;
  /** where it came from: path or package without the machine's folders, SHA-256 of that, and what was told about it */
  from: Record<string, string | number>;
};

/**
 * Where models are looked for by name, the first that has it counts. SEMTAG_MODELS alone, when it is set; else the machine's folder, which
 * every account can read, and then the person's own, which no service account can (systemd's ProtectHome, a closed home).
 */
export function modelPlaces(): string[] {
  const { SEMTAG_MODELS, XDG_DATA_HOME } = process.env;
  if (SEMTAG_MODELS) return [SEMTAG_MODELS];
  return [machinePlace(), join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'semtag', 'models')];
}

/** FHS 3.0, 4.9: local data that is the same for all; under Windows the folder that all accounts share. */
function machinePlace(): string {
  const { ProgramData } = process.env;
  return process.platform === 'win32'
    ? join(ProgramData || 'C:\\ProgramData', 'semtag', 'models')
    : '/usr/local/share/semtag/models';
}

/** Where a model is put: the first place that this account may write. `shared`: other accounts, the service among them, can read it. */
export function placeToAdd(): { dir: string; shared: boolean } {
  const places = modelPlaces();
  const dir = places.length === 1 ? places[0]! : places.find((place) => writable(place));
  if (!dir)
    throw new SemtagError('bad_request', `neither ${places.join(' nor ')} can be written; set SEMTAG_MODELS`);
  return { dir, shared: dir === places[0] };
}

function writable(dir: string): boolean {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o755 });
    accessSync(dir, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folder of a model by name, or by its path. Undefined where there is none. */
export function modelFolder(name: string): string | undefined {
  if (/[/\\]/.test(name)) return existsSync(name) ? name : undefined;
  return modelPlaces()
    .map((place) => join(place, name))
    .find((dir) => existsSync(dir));
}

/** Errors: `model_missing` where the folder has no backbone.json or another format's. */
export function readBackbone(dir: string): Backbone {
  const path = join(dir, BACKBONE_FILE);
  let stored: StoredBackbone;
  try {
    stored = JSON.parse(readFileSync(path, 'utf8')) as StoredBackbone;
  } catch (error) {
    throw new SemtagError('model_missing', `${path}: ${(error as Error).message}`, { cause: error });
  }
  const { format, file, licenceText, ...rest } = stored;
  if (format !== BACKBONE_FORMAT)
    throw new SemtagError('model_missing', `${path}: format ${format}, this semtag reads ${BACKBONE_FORMAT}`);
  if (file !== basename(file) || rest.tapLengths.reduce((a, b) => a + b, 0) !== rest.length)
    throw new SemtagError('model_missing', `${path}: its parts do not fit each other`);
  return {
    ...rest,
    file: async () => join(dir, file),
    folder: dir,
    ...(licenceText ? { licenceText: join(dir, basename(licenceText)) } : {}),
  };
}

/** Every backbone in the places, unreadable folders left out. */
export function addedBackbones(): Backbone[] {
  return modelPlaces().flatMap((place) =>
    foldersIn(place, BACKBONE_FILE).flatMap((name) => readable(join(place, name)) ?? []),
  );
}

/** Names of the folders of a place that hold this file. Not those that a power cut left while they were written (cli/write-folder.ts). */
export function foldersIn(place: string, file: string): string[] {
  try {
    return readdirSync(place).filter((name) => !/\.\d+\.(part|old)$/.test(name) && existsSync(join(place, name, file))); // prettier-ignore
  } catch {
    return []; // not there, or not for this account
  }
}

function readable(dir: string): Backbone | undefined {
  try {
    return readBackbone(dir);
  } catch {
    return undefined;
  }
}
