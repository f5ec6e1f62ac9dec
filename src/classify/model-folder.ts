// A model as one folder that can be moved: head, backbone or its hash, labels, licences, and model.json with the hash of each. Reads and checks; writing is the caller's.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CATEGORIES } from '../domain/categories.ts';
import type { Scores } from '../domain/scores.ts';
import { SemtagError } from '../errors.ts';
import { BACKBONE_FILE, BACKBONE_FORMAT, MODEL_NAME, readBackbone, type StoredBackbone } from './added.ts';
import { allBackbones, loadBackbone, type Backbone } from './backbones.ts';
import { parseHead, type Head } from './head.ts';
import { knownScores } from './known-picture.ts';

export const MODEL_FORMAT = 'semtag-model/1';
export const MODEL_FILE = 'model.json';
export const HEAD_FILE = 'head.json';
export const LABELS_FILE = 'labels.txt';
const ONNX_FILE = 'backbone.onnx';
const LICENCE_FILE = 'backbone.LICENSE';

/** Beside a head NAME.json there may lie these, made by `train` and `calibrate`; they move with it. */
const BESIDE_HEAD = ['provenance.json', 'calibration.json'];

export type ModelJson = {
  format: typeof MODEL_FORMAT;
  name: string;
  /** version of semtag that wrote it */
  semtag: string;
  head: { file: string; sha256: string };
  /** `file` absent: only named, the importing machine must have it */
  backbone: { name: string; sha256: string; file?: string };
  preprocessing: string;
  categories: readonly string[];
  licences: { backbone: string };
  /** SHA-256 of every other file of the folder */
  files: Record<string, string>;
  /** of the known picture (known-picture.ts), by ONNX Runtime: what an importing machine must get too */
  knownPicture: Scores;
};

export type Part = { name: string; bytes: Uint8Array };

/** What an importing machine may differ by: other processors round otherwise. The same machine gives 0. */
export const SAME_SCORES = 1e-3;

/** The files of the folder, model.json last. `head`: path of the head. Errors: `model_missing`. */
export async function modelParts(
  headPath: string,
  backbone: Backbone,
  options: { name: string; version: string; withBackbone: boolean },
): Promise<Part[]> {
  const headBytes = readFileSync(headPath);
  const head = parseHead(headBytes.toString('utf8'), headPath);
  const parts: Part[] = [{ name: HEAD_FILE, bytes: headBytes }];
  for (const kind of BESIDE_HEAD) {
    const path = headPath.replace(/(\.json)?$/, `.${kind}`);
    if (existsSync(path)) parts.push({ name: `head.${kind}`, bytes: readFileSync(path) });
  }
  parts.push({ name: LABELS_FILE, bytes: labelsText() });
  if (options.withBackbone) parts.push(...(await backboneParts(backbone)));
  const json: ModelJson = {
    format: MODEL_FORMAT,
    name: options.name,
    semtag: options.version,
    head: { file: HEAD_FILE, sha256: head.sha256 },
    backbone: { name: backbone.name, sha256: backbone.sha256, ...(options.withBackbone ? { file: ONNX_FILE } : {}) },
    preprocessing: head.preprocessing,
    categories: CATEGORIES,
    licences: { backbone: backbone.licence },
    files: Object.fromEntries(parts.map(({ name, bytes }) => [name, sha256Of(bytes)])),
    knownPicture: await knownScores(backbone, head),
  }; // prettier-ignore
  return [...parts, { name: MODEL_FILE, bytes: Buffer.from(`${JSON.stringify(json, null, 2)}\n`) }];
}

/** One category a line, in the order of the scores. */
export function labelsText(): Uint8Array {
  return Buffer.from(`${CATEGORIES.join('\n')}\n`);
}

/** The backbone as `findBackbone` finds it in a folder. */
async function backboneParts(backbone: Backbone): Promise<Part[]> {
  const { bytes } = await loadBackbone(backbone);
  const { name, sha256, side, input, taps, tapLengths, length, preprocessing, licence, about } = backbone;
  const text = backbone.licenceText && existsSync(backbone.licenceText) ? readFileSync(backbone.licenceText) : undefined; // prettier-ignore
  const stored: StoredBackbone = {
    format: BACKBONE_FORMAT,
    ...{
      name,
      sha256,
      file: ONNX_FILE,
      side,
      input,
      taps,
      tapLengths,
      length,
      preprocessing,
      licence,
      about,
    },
    ...(text ? { licenceText: LICENCE_FILE } : {}),
    from: backbone.folder ? readFrom(backbone.folder) : { catalogue: name },
  };
  return [
    { name: BACKBONE_FILE, bytes: Buffer.from(`${JSON.stringify(stored, null, 2)}\n`) },
    { name: ONNX_FILE, bytes },
    ...(text ? [{ name: LICENCE_FILE, bytes: text }] : []),
  ];
}

/** Those that `readBackbone` goes by. Errors: `model_missing` where backbone.json means another file than model.json. */
function backboneFiles(dir: string, file: string): string[] {
  readBackbone(dir); // its own complaints
  const stored = JSON.parse(readPart(dir, BACKBONE_FILE).toString('utf8')) as StoredBackbone;
  if (stored.file !== file) throw damaged(dir, BACKBONE_FILE, `it is for ${stored.file}, not for ${file}`);
  return [BACKBONE_FILE, file, ...(stored.licenceText ? [stored.licenceText] : [])];
}

function readFrom(folder: string): StoredBackbone['from'] {
  return (JSON.parse(readFileSync(join(folder, BACKBONE_FILE), 'utf8')) as StoredBackbone).from;
}

export type CheckedModel = {
  json: ModelJson;
  parts: Part[];
  head: Head;
  /** what this machine knows it by: its own catalogue's, or the one in the folder */
  backbone: Backbone;
  /** largest difference of a score of the known picture from what the exporting machine wrote */
  apart: number;
};

/** Every hash, then the model itself on the known picture. Errors: `model_missing`, naming the file that is missing or damaged. */
export async function checkModelFolder(dir: string): Promise<CheckedModel> {
  const json = readModelJson(dir);
  const parts = Object.entries(json.files).map(([name, sha256]) => {
    if (name !== basename(name) || name === MODEL_FILE) throw damaged(dir, MODEL_FILE, `it names a file ${name}`);
    const bytes = readPart(dir, name);
    const found = sha256Of(bytes);
    if (found !== sha256) throw damaged(dir, name, `its SHA-256 is ${found}, not ${sha256}`);
    return { name, bytes };
  }); // prettier-ignore
  // what is looked for by name later (`use` loads head.json, the backbone lies by backbone.json) is what was checked here
  if (json.head.file !== HEAD_FILE)
    throw damaged(dir, MODEL_FILE, `its head is ${json.head.file}, not ${HEAD_FILE}`);
  for (const name of [
    HEAD_FILE,
    LABELS_FILE,
    ...(json.backbone.file ? backboneFiles(dir, json.backbone.file) : []),
  ])
    if (!(name in json.files)) throw damaged(dir, MODEL_FILE, `it has no hash of ${name}`);
  const head = parseHead(readPart(dir, HEAD_FILE).toString('utf8'), join(dir, HEAD_FILE));
  const { sha256 } = json.backbone;
  if (head.sha256 !== json.head.sha256 || head.backbone.sha256 !== sha256)
    throw damaged(dir, MODEL_FILE, 'head and backbone do not belong together');
  // its own, where it has one: that is what moves on
  const backbone = json.backbone.file ? readBackbone(dir) : allBackbones().find((b) => b.sha256 === sha256);
  if (!backbone)
    throw new SemtagError(
      'model_missing',
      `${dir}: it was exported without its backbone ${json.backbone.name} (SHA-256 ${sha256}), which is not here; \`semtag model add\` it first, or export with it`,
    );
  if (backbone.sha256 !== sha256) throw damaged(dir, BACKBONE_FILE, 'it describes another backbone');
  const scores = await knownScores(backbone, head);
  const apart = Math.max(...Object.entries(scores).map(([c, s]) => Math.abs(s - json.knownPicture[c as keyof Scores]))); // prettier-ignore
  if (!(apart <= SAME_SCORES))
    throw damaged(dir, MODEL_FILE, `its scores of the known picture are ${apart.toExponential(1)} from what this machine gets`); // prettier-ignore
  return { json, parts, head, backbone, apart };
}

export function readModelJson(dir: string): ModelJson {
  let json: ModelJson;
  try {
    json = JSON.parse(readPart(dir, MODEL_FILE).toString('utf8')) as ModelJson;
  } catch (error) {
    if (error instanceof SemtagError) throw error;
    throw damaged(dir, MODEL_FILE, (error as Error).message);
  }
  if (json.format !== MODEL_FORMAT)
    throw damaged(dir, MODEL_FILE, `format ${json.format}, this semtag reads ${MODEL_FORMAT}`);
  if (!MODEL_NAME.test(json.name)) throw damaged(dir, MODEL_FILE, 'its name is not one word');
  const whole = json.head?.file && json.backbone?.sha256 && json.files && json.knownPicture;
  if (!whole) throw damaged(dir, MODEL_FILE, 'a part of it is missing');
  return json;
}

function readPart(dir: string, name: string): Buffer {
  try {
    return readFileSync(join(dir, name));
  } catch (error) {
    throw damaged(dir, name, (error as Error).message);
  }
}

function damaged(dir: string, name: string, reason: string): SemtagError {
  return new SemtagError('model_missing', `${join(dir, name)}: ${reason}`, {
    advice: 'Copy the folder again from where it was exported; nothing was imported.',
  });
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
