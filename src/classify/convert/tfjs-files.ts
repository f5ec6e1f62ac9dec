// Reads a TensorFlow.js model from disk: model.json with its shards, or the same packed as modules of a package. Weights are widened to float32.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { SemtagError } from '../../errors.ts';
import { widen } from '../onnx-file.ts';
import type { GraphTopology } from './graph-model.ts';
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

export type TfjsModel = { files: string[]; weights: Weights } & (
  { form: 'layers'; topology: KerasTopology } | { form: 'graph'; topology: GraphTopology }
);

const NAMES = ['model.json', 'model.min.js', 'model.js'];

/** Path of the model's first file, where `path` is it or the folder it lies in. */
export function tfjsModelFile(path: string): string | undefined {
  if (!statSync(path).isDirectory()) return /\.(json|js)$/.test(path) ? path : undefined;
  return NAMES.map((name) => join(path, name)).find((file) => existsSync(file));
}

/** `files`: all that was read, in order: the model's identity is their hash. Errors: `model_missing`. */
export function readTfjs(path: string): TfjsModel {
  try {
    const { weightsManifest, modelTopology } = json(path);
    const files = [path];
    const weights: Weights = new Map();
    for (const group of weightsManifest) {
      const shards = group.paths.map((name) => shard(join(dirname(path), name), files));
      readGroup(Buffer.concat(shards), group.weights, weights);
    }
    return 'node' in (modelTopology as object)
      ? { files, weights, form: 'graph', topology: modelTopology as GraphTopology }
      : { files, weights, form: 'layers', topology: modelTopology as KerasTopology };
  } catch (error) {
    if (error instanceof SemtagError) throw error;
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new SemtagError('model_missing', `${path}: no TensorFlow.js model (${reason})`, { cause: error });
  }
}

/** Packages carry the JSON and base64 text of the shards as modules, so that bundlers take them. */
function json(path: string): ModelJson {
  return (path.endsWith('.json') ? JSON.parse(readFileSync(path, 'utf8')) : load(path)) as ModelJson;
}

function shard(path: string, files: string[]): Buffer {
  const packed = [`${path}.min.js`, `${path}.js`].find((file) => existsSync(file));
  files.push(packed ?? path);
  return packed ? Buffer.from(load(packed) as string, 'base64') : readFileSync(path);
}

function load(path: string): unknown {
  return createRequire(path)(`./${basename(path)}`) as unknown;
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
