// Writes a folder of files so that it is there as a whole or not at all. Never replaces one that is there unless told, and then only one that semtag wrote.

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BACKBONE_FILE, BACKBONE_FORMAT, type StoredBackbone } from '../classify/added.ts';
import {
  LABELS_FILE,
  labelsText,
  MODEL_FILE,
  MODEL_FORMAT,
  type ModelJson,
} from '../classify/model-folder.ts';
import { SemtagError } from '../errors.ts';
import { syncDirectory } from '../publish.ts';

/** Errors: `bad_request` where `dir` is there and is not to be replaced, or holds anything that semtag did not write: that would be lost. */
export function refuseExisting(dir: string, force: boolean): void {
  if (!existsSync(dir)) return;
  if (!force) throw new SemtagError('bad_request', `${dir}: is there already; --force replaces it`);
  if (!statSync(dir).isDirectory()) throw new SemtagError('bad_request', `${dir}: is a file, not a folder`);
  const ours = filesOfOurs(dir);
  const foreign = readdirSync(dir).find((name) => !ours.has(name));
  if (foreign !== undefined)
    throw new SemtagError('bad_request', `${dir}: not replaced: semtag did not write its ${foreign}`, {
      advice: 'Name another folder, or move away what is in this one.',
    });
}

/** Names of what a folder of an exported or imported model, an added backbone, or a model for other programs holds; empty for any other folder. */
function filesOfOurs(dir: string): Set<string> {
  const json = (name: string): unknown => {
    try {
      return JSON.parse(readFileSync(join(dir, name), 'utf8'));
    } catch {
      return undefined;
    }
  };
  const model = json(MODEL_FILE) as Partial<ModelJson> | undefined;
  if (model?.format === MODEL_FORMAT) return new Set([MODEL_FILE, ...Object.keys(model.files ?? {})]);
  const backbone = json(BACKBONE_FILE) as Partial<StoredBackbone> | undefined;
  if (backbone?.format === BACKBONE_FORMAT)
    return new Set([BACKBONE_FILE, backbone.file ?? '', backbone.licenceText ?? '']);
  const labels = join(dir, LABELS_FILE);
  if (!existsSync(labels) || !readFileSync(labels).equals(labelsText())) return new Set();
  const shards = (model as { weightsManifest?: { paths: string[] }[] } | undefined)?.weightsManifest ?? [];
  const network = existsSync(join(dir, 'model.onnx'))
    ? ['model.onnx']
    : [MODEL_FILE, ...shards.flatMap(({ paths }) => paths)];
  return new Set([LABELS_FILE, 'README.md', ...network]);
}

/** Readable for every account, whatever the umask: the service runs under another one than who writes this. */
export async function writeFolder(dir: string, parts: { name: string; bytes: Uint8Array }[]): Promise<void> {
  mkdirSync(dirname(dir), { recursive: true, mode: 0o755 });
  const made = `${dir}.${process.pid}.part`;
  rmSync(made, { recursive: true, force: true });
  try {
    mkdirSync(made);
    chmodSync(made, 0o755);
    for (const { name, bytes } of parts) await writeThrough(join(made, name), bytes);
    await syncDirectory(made);
    await putInPlace(made, dir);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  writeFileSync(path, bytes);
  chmodSync(path, 0o644);
  const handle = await open(path, 'r+'); // Windows flushes only handles that may write
  await handle.sync();
  await handle.close();
}

async function putInPlace(made: string, dir: string): Promise<void> {
  const old = `${dir}.${process.pid}.old`;
  const replaces = existsSync(dir);
  if (replaces) renameSync(dir, old);
  try {
    renameSync(made, dir);
  } catch (error) {
    if (replaces) renameSync(old, dir);
    throw error;
  }
  await syncDirectory(dirname(dir));
  rmSync(old, { recursive: true, force: true });
}
