// The backbone catalogue: every pre-trained network that can be asked for by name, what it takes and what it gives. Loads nothing by itself.

import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SemtagError } from '../errors.ts';
import { addedBackbones, BACKBONE_FILE, modelFolder, modelPlaces, readBackbone } from './added.ts';
import { convertedInception, inceptionLicence } from './inception.ts';
import { PREPROCESSING } from './preprocess.ts';

export type Backbone = {
  name: string;
  /** of the ONNX file that every engine takes its weights from: the identity of the backbone */
  sha256: string;
  /** where the ONNX file lies; made on the first call where it has to be converted */
  file: () => Promise<string>;
  /** side of the square input in pixels: [n, 3, side, side], 0..1, grey repeated three times */
  side: number;
  input: string;
  /** outputs, each averaged over the picture, joined in this order to the bottleneck */
  taps: readonly string[];
  /** numbers of each tap */
  tapLengths: readonly number[];
  /** numbers in the bottleneck of one view: their sum */
  length: number;
  preprocessing: string;
  licence: string;
  /** path of the licence's text, where it lies beside the file */
  licenceText?: string;
  /** of an added one: the folder it lies in */
  folder?: string;
  /** said plainly to whoever chooses it */
  about: string;
};

export const DEFAULT_BACKBONE = 'efficientnet-lite0';

const models = new URL('../../models/', import.meta.url);

export const BACKBONES: readonly Backbone[] = [
  {
    name: DEFAULT_BACKBONE,
    sha256: '7517efc60ecbb81a5309792e54f4b4bc051698d8890868211f27d457bfb7cbb8',
    file: async () => fileURLToPath(new URL('efficientnet-lite0/efficientnet-lite0.fp16.onnx', models)),
    side: 224,
    input: 'x',
    taps: ['s16', 'last', 'head'],
    tapLengths: [112, 320, 1280],
    length: 1712,
    preprocessing: PREPROCESSING,
    licence: 'Apache-2.0',
    licenceText: fileURLToPath(new URL('efficientnet-lite0/LICENSE', models)),
    about: 'EfficientNet-Lite0, ImageNet weights; three pooled taps',
  },
  {
    name: 'inception-v3',
    sha256: 'b02d8f4a25718c6f5775d50a54a6ef5771270f4ef304b5ec0218633ae2e680f2',
    file: convertedInception,
    side: 299,
    input: 'x',
    taps: ['mixed5', 'mixed10'],
    tapLengths: [768, 2048],
    length: 2816,
    preprocessing: PREPROCESSING,
    licence: 'MIT (package nsfwjs)',
    ...inceptionLicence(),
    about:
      'Inception-v3 out of the package nsfwjs 4.4.0, weights quantised to 8 bits; ImageNet values up to mixed5, later layers tuned there for another task. For comparison with the paper; needs the development dependencies',
  },
];

/** The catalogue's, then those that were added. */
export function allBackbones(): Backbone[] {
  return [...BACKBONES, ...addedBackbones().filter(({ name }) => !BACKBONES.some((b) => b.name === name))];
}

/** By the name in the catalogue, the name of an added one, or the path of its folder. Errors: `model_missing` where it is none of these. */
export function findBackbone(name: string = DEFAULT_BACKBONE): Backbone {
  const found = BACKBONES.find((b) => b.name === name);
  if (found) return found;
  const folder = modelFolder(name);
  if (folder && existsSync(join(folder, BACKBONE_FILE))) return readBackbone(folder);
  throw new SemtagError('model_missing', `backbone ${name}: ${whyNone(name, folder)}`);
}

function whyNone(name: string, folder: string | undefined): string {
  if (folder && statSync(folder).isDirectory()) return `the folder ${folder} has no ${BACKBONE_FILE}`;
  if (/[/\\]/.test(name)) return folder ? 'it is a file, not a folder' : 'there is no such folder, or this account cannot read it'; // prettier-ignore
  const names = allBackbones().map((b) => b.name);
  return `there is ${names.join(', ')}; added ones are looked for in ${modelPlaces().join(', then ')}`;
}

/** What `findBackbone` finds it by, from any process: its folder where it has one, since a name may be taken twice. */
export function backboneKey({ name, folder }: Backbone): string {
  return folder ?? name;
}

/** Path and bytes of the backbone's file, checked against its hash. Errors: `model_missing`. */
export async function loadBackbone(backbone: Backbone): Promise<{ path: string; bytes: Uint8Array }> {
  const path = await backbone.file();
  const bytes = await readFile(path).catch((error: Error) => {
    throw new SemtagError('model_missing', `backbone ${backbone.name}: ${error.message}`, { cause: error });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== backbone.sha256)
    throw new SemtagError(
      'model_missing',
      `backbone ${backbone.name}: ${path} has SHA-256 ${sha256}, not ${backbone.sha256}`,
    );
  return { path, bytes };
}
