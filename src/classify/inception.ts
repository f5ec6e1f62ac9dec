// Inception-v3 out of the package nsfwjs (a development dependency), converted once to ONNX and cached. Never the default, never downloaded.

import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SemtagError } from '../errors.ts';
import { publish } from '../publish.ts';
import { cacheDir } from './cache-dir.ts';
import { floatTensor, writeOnnx, type OnnxGraph, type OnnxNode, type Tensor } from './onnx-file.ts';

/** Outputs of the converted network, each averaged over the picture. mixed10 averaged is the paper's 2048 numbers. */
const OUTPUTS: Record<string, number> = { mixed5: 768, mixed10: 2048 };

const PACKAGE_VERSION = '4.4.0';

/** The layers of a Keras model in the JSON of TensorFlow.js (layers format), as far as this network uses them. */
type KerasLayer = {
  name: string;
  class_name: string;
  config: {
    padding?: string;
    strides?: [number, number];
    pool_size?: [number, number];
    epsilon?: number;
    activation?: string;
  };
  inbound_nodes: [[string][]] | [];
};
type KerasModel = {
  modelTopology: { model_config: { config: { layers: KerasLayer[] } } };
  weightsManifest: {
    paths: string[];
    weights: { name: string; shape: number[]; quantization: { min: number; scale: number } }[];
  }[];
};

/** Path of the converted file; made where it is not there. Errors: `model_missing` without the package. */
export async function convertedInception(): Promise<string> {
  const dir = cacheDir('backbones');
  const path = join(dir, `inception-v3.nsfwjs-${PACKAGE_VERSION}.onnx`);
  if (existsSync(path)) return path;
  const bytes = writeOnnx(convert(...readPackage()));
  await mkdir(dir, { recursive: true });
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, bytes);
  await publish(part, path);
  return path;
}

function readPackage(): [KerasModel, Map<string, { shape: number[]; values: Float32Array }>] {
  const require = createRequire(import.meta.url);
  let folder: string;
  try {
    folder = join(dirname(require.resolve('nsfwjs')), '..', 'models', 'inception_v3');
    // the package's main lies in dist/cjs; the models beside it hold JSON and base64 text behind a loader
    const model = require(join(folder, 'model.min.js')) as KerasModel;
    const manifest = model.weightsManifest[0]!;
    const data = Buffer.concat(
      manifest.paths.map((p) => Buffer.from(require(join(folder, `${p}.min.js`)) as string, 'base64')),
    );
    const weights = new Map<string, { shape: number[]; values: Float32Array }>();
    let at = 0;
    for (const { name, shape, quantization } of manifest.weights) {
      const count = shape.reduce((a, b) => a * b, 1);
      const { min, scale } = quantization;
      weights.set(name, {
        shape,
        values: Float32Array.from(data.subarray(at, at + count), (q) => q * scale + min),
      });
      at += count;
    }
    return [model, weights];
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new SemtagError(
      'model_missing',
      `backbone inception-v3: the package nsfwjs ${PACKAGE_VERSION} is not there (${reason})`,
      { cause: error },
    );
  }
}

/** Convolution, batch norm and ReLU become one Conv and one Relu: w' = w g, b' = beta - mean g, g = 1 / sqrt(variance + epsilon). */
function convert(
  model: KerasModel,
  weights: Map<string, { shape: number[]; values: Float32Array }>,
): OnnxGraph {
  const { layers } = model.modelTopology.model_config.config;
  const normOf = new Map(
    layers.filter((l) => l.class_name === 'BatchNormalization').map((l) => [inputsOf(l)[0]!, l]),
  );
  const nodes: OnnxNode[] = [];
  const tensors: Tensor[] = [];
  const node = (
    op: string,
    name: string,
    inputs: string[],
    attributes: OnnxNode['attributes'] = {},
  ): void => {
    nodes.push({ op, inputs, outputs: [name], attributes });
  };
  const last = layers.findIndex((l) => l.name === 'mixed10');
  for (const layer of layers.slice(0, last + 1)) {
    const { name, config } = layer;
    const inputs = inputsOf(layer);
    const window = (ints: [number, number] | undefined): OnnxNode['attributes'] => ({
      ...(ints ? { kernel_shape: { ints } } : {}),
      strides: { ints: config.strides ?? [1, 1] },
      // every 'same' layer here has stride 1 and an odd window, so both sides get as much
      auto_pad: { text: config.padding === 'same' ? 'SAME_UPPER' : 'VALID' },
    });
    switch (layer.class_name) {
      case 'InputLayer':
        break;
      case 'Conv2D': {
        const norm = normOf.get(name)!;
        const { dims, kernel, bias } = folded(name, norm, weights);
        tensors.push(floatTensor(`${name}_w`, dims, kernel), floatTensor(`${name}_b`, [bias.length], bias));
        node('Conv', norm.name, [...inputs, `${name}_w`, `${name}_b`], window([dims[2]!, dims[3]!]));
        break;
      }
      case 'BatchNormalization':
        break;
      case 'Activation':
        node('Relu', name, inputs);
        break;
      case 'MaxPooling2D':
        node('MaxPool', name, inputs, window(config.pool_size));
        break;
      case 'AveragePooling2D':
        node('AveragePool', name, inputs, window(config.pool_size));
        break;
      case 'Concatenate':
        node('Concat', name === 'mixed5' || name === 'mixed10' ? `${name}_map` : name, inputs, {
          axis: { int: 1 },
        });
        if (name in OUTPUTS)
          node('ReduceMean', name, [`${name}_map`], { axes: { ints: [2, 3] }, keepdims: { int: 0 } });
        break;
      default:
        throw new SemtagError(
          'model_missing',
          `backbone inception-v3: layer ${name} is a ${layer.class_name}, which is not converted`,
        );
    }
  }
  // what follows a tap takes the map, not its average
  for (const n of nodes)
    if (n.op !== 'ReduceMean') n.inputs = n.inputs.map((i) => (i in OUTPUTS ? `${i}_map` : i));
  return {
    opset: 17,
    inputs: [{ name: 'x', dims: ['n', 3, 299, 299] }],
    outputs: Object.entries(OUTPUTS).map(([name, length]) => ({ name, dims: ['n', length] })),
    nodes,
    tensors,
  };
}

function inputsOf(layer: KerasLayer): string[] {
  return (layer.inbound_nodes[0] ?? []).map(([name]) => (name === 'input_1' ? 'x' : name));
}

function folded(
  conv: string,
  norm: KerasLayer,
  weights: Map<string, { shape: number[]; values: Float32Array }>,
): { dims: number[]; kernel: Float32Array; bias: Float32Array } {
  const { shape, values } = weights.get(`${conv}/kernel`)!;
  const [height = 1, width = 1, inner = 1, out = 1] = shape;
  const of = (name: string): Float32Array => weights.get(`${norm.name}/${name}`)!.values;
  const [beta, mean, variance] = [of('beta'), of('moving_mean'), of('moving_variance')];
  const gain = Float64Array.from(variance, (v) => 1 / Math.sqrt(v + (norm.config.epsilon ?? 1e-3)));
  const kernel = new Float32Array(values.length);
  // [h, w, in, out] -> [out, in, h, w]
  for (let hw = 0; hw < height * width; hw++)
    for (let i = 0; i < inner; i++)
      for (let o = 0; o < out; o++)
        kernel[(o * inner + i) * height * width + hw] = values[(hw * inner + i) * out + o]! * gain[o]!;
  return { dims: [out, inner, height, width], kernel, bias: beta.map((b, o) => b - mean[o]! * gain[o]!) };
}
