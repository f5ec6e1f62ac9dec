// Reads a TensorFlow.js model from disk: model.json with its shards, or the same packed as modules of a package, which are never run. Weights are widened to float32.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SemtagError } from '../../errors.ts';
import { widen } from '../onnx-file.ts';
import type { GraphTopology } from './graph-model.ts';
import { exportedLiteral } from './js-literal.ts';
import type { KerasTopology } from './keras.ts';
import type { Weights } from './layers.ts';

/** tensorflow.org/js: WeightsManifestConfig. `quantization.dtype` float16 has no min and scale. */
type Manifest = {
  paths: string[];
  weights: {
    name: string;
    shape: number[];
    dtype: string;
    quantization?: { dtype: string; min?: number; scale?: number };
  }[];
}[];
type ModelJson = { format?: string; modelTopology: unknown; weightsManifest: Manifest };

export type TfjsModel = { weights: Weights } & (
  { form: 'layers'; topology: KerasTopology } | { form: 'graph'; topology: GraphTopology }
);

/** `files`: bytes of all that belongs to it, in order: the model's identity is their hash. `read` looks at the weights, and can be left. */
export type TfjsFiles = { files: Uint8Array[]; read: () => TfjsModel };

const NAMES = ['model.json', 'model.min.js', 'model.js'];

/** Path of the model's first file, where `path` is it or the folder it lies in. */
export function tfjsModelFile(path: string): string | undefined {
  if (!statSync(path).isDirectory()) return /\.(json|js)$/.test(path) ? path : undefined;
  return NAMES.map((name) => join(path, name)).find((file) => existsSync(file));
}

/** Looks into the model's first file only for the names of its shards. Errors, of both: `model_missing`. */
export function openTfjs(path: string): TfjsFiles {
  return named(path, () => {
    const first = readFileSync(path);
    const { weightsManifest, modelTopology } = parsed(path, first) as ModelJson;
    const groups = weightsManifest.map(({ paths, weights }) => ({
      shards: paths.map((name) => shard(dirname(path), name)),
      weights,
    }));
    return {
      files: [first, ...groups.flatMap(({ shards }) => shards.map(({ bytes }) => bytes))],
      read: () =>
        named(path, () => {
          const weights: Weights = new Map();
          for (const { shards, weights: specs } of groups)
            readGroup(Buffer.concat(shards.map(unpacked)), specs, weights);
          return 'node' in (modelTopology as object)
            ? { weights, form: 'graph', topology: modelTopology as GraphTopology }
            : { weights, form: 'layers', topology: modelTopology as KerasTopology };
        }),
    };
  });
}

function named<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SemtagError) throw error;
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new SemtagError('model_missing', `${path}: no TensorFlow.js model (${reason})`, { cause: error });
  }
}

/** Packages carry the JSON and base64 text of the shards as modules, so that bundlers take them. */
function parsed(path: string, bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  return path.endsWith('.json') ? JSON.parse(text) : exportedLiteral(text);
}

type Shard = { path: string; packed: boolean; bytes: Buffer };

/** The name comes out of a foreign file: it never leads out of the folder. */
function shard(dir: string, name: string): Shard {
  if (name !== basename(name)) throw new Error(`it names a file ${name}, which would not lie beside it`);
  const plain = join(dir, name);
  const packed = [`${plain}.min.js`, `${plain}.js`].find((file) => existsSync(file));
  const path = packed ?? plain;
  return { path, packed: packed !== undefined, bytes: readFileSync(path) };
}

function unpacked({ path, packed, bytes }: Shard): Buffer {
  return packed ? Buffer.from(parsed(path, bytes) as string, 'base64') : bytes;
}

const BYTES: Record<string, number> = { float32: 4, int32: 4, uint16: 2, float16: 2, uint8: 1, bool: 1 };

function readGroup(data: Buffer, specs: Manifest[number]['weights'], weights: Weights): void {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let at = 0;
  for (const { name, shape, dtype, quantization } of specs) {
    const type = quantization?.dtype ?? dtype;
    const bytes = BYTES[type];
    if (!bytes) throw new Error(`the weight ${name} is ${type}`);
    const { min = 0, scale = 1 } = quantization ?? {};
    const read = {
      float32: (i: number) => view.getFloat32(i, true),
      int32: (i: number) => view.getInt32(i, true),
      float16: (i: number) => widen(view.getUint16(i, true)),
      uint16: (i: number) => view.getUint16(i, true) * scale + min,
      uint8: (i: number) => view.getUint8(i) * scale + min,
      bool: (i: number) => view.getUint8(i),
    }[type]!;
    const count = shape.reduce((a, b) => a * b, 1);
    const start = at;
    weights.set(name, {
      shape,
      values: Float32Array.from({ length: count }, (_, i) => read(start + i * bytes)),
    });
    at += count * bytes;
  }
}
