// Builds the network of an ONNX file out of TensorFlow.js operations, from the same weights. Covers plain CNNs; says which operator it lacks.

import type * as TensorFlow from '@tensorflow/tfjs';
import type { EngineName } from '../domain/job.ts';
import { SemtagError } from '../errors.ts';
import { loadBackbone, type Backbone } from './backbones.ts';
import { joinTaps, type Engine } from './engine.ts';
import { parseOnnx, type OnnxNode } from './onnx-file.ts';
import { constantOf, foldConstants, type Constant } from './onnx-fold.ts';

export type Tf = typeof TensorFlow;
type T = TensorFlow.Tensor;
type T4 = TensorFlow.Tensor4D;

/** Pictures are kept as TensorFlow has them, [n, h, w, c]; ONNX counts its axes as [n, c, h, w]. */
const AXIS = [0, 3, 1, 2];

/** What a layer is built from; `keep` holds a weight until the engine closes. */
type Build = { tf: Tf; constants: Map<string, Constant>; keep: <X extends T>(weight: X) => X };

/** A layer that is ready to run: its weights are in the backend already. */
type Layer = { node: OnnxNode; run: (inputs: T[]) => T };

export async function graphEngine(name: EngineName, tf: Tf, backbone: Backbone): Promise<Engine> {
  const { bytes } = await loadBackbone(backbone);
  const { side, input, taps } = backbone;
  const { nodes, constants } = foldConstants(parseOnnx(bytes), taps);
  const weights: T[] = [];
  const keep: Build['keep'] = (weight) => {
    weights.push(weight);
    return tf.keep(weight);
  };
  const layers = nodes.map((node): Layer => ({ node, run: layerOf(node, { tf, constants, keep }) }));
  return {
    name,
    backbone,
    async features(views) {
      const bottlenecks: Float32Array[] = [];
      for (const view of views) {
        const outs = tf.tidy(() => {
          const x = tf.tile(tf.tensor4d(view, [1, side, side, 1]), [1, 1, 1, 3]);
          return runLayers(layers, new Map<string, T>([[input, x]]), taps);
        });
        const values = await Promise.all(outs.map((t) => t.data()));
        tf.dispose(outs);
        bottlenecks.push(joinTaps(values, backbone));
      }
      return bottlenecks;
    },
    close: async () => tf.dispose(weights),
  };
}

function runLayers(layers: Layer[], known: Map<string, T>, taps: readonly string[]): T[] {
  for (const { node, run } of layers)
    known.set(node.outputs[0]!, run(node.inputs.flatMap((i) => known.get(i) ?? [])));
  return taps.map((t) => {
    const out = known.get(t);
    if (!out) throw new SemtagError('model_missing', `ONNX file: it has no output ${t}`);
    return out;
  });
}

/** `run` gets only those inputs that are no constants, in order. Meaning of operators and attributes: onnx/docs/Operators.md. */
function layerOf(node: OnnxNode, build: Build): (inputs: T[]) => T {
  const { tf, constants, keep } = build;
  const constant = (i: number): Constant => constantOf(constants, node.inputs[i]!, node);
  const attribute = node.attributes;
  switch (node.op) {
    case 'Conv':
      return convolution(node, build);
    case 'Relu':
      return ([x]) => tf.relu(x!);
    case 'Identity':
      return ([x]) => x!.clone();
    case 'Sigmoid':
      return ([x]) => tf.sigmoid(x!);
    case 'Tanh':
      return ([x]) => tf.tanh(x!);
    case 'Elu':
      return ([x]) => tf.elu(x!);
    case 'LeakyRelu': {
      const alpha = attribute['alpha']?.float ?? 0.01;
      return ([x]) => tf.leakyRelu(x!, alpha);
    }
    case 'HardSigmoid': {
      const [alpha, beta] = [attribute['alpha']?.float ?? 0.2, attribute['beta']?.float ?? 0.5];
      return ([x]) => tf.clipByValue(tf.add(tf.mul(x!, alpha), beta), 0, 1);
    }
    case 'Softmax':
      return ([x]) => tf.softmax(x!);
    case 'Gemm': {
      const kernel = constant(1);
      const weight = keep(tf.tensor2d(Float32Array.from(kernel.values), kernel.dims as [number, number]));
      const turned = attribute['transB']?.int === 1;
      const bias = node.inputs[2] ? vectorOf(build, constant(2)) : undefined;
      return ([x]) => {
        const product = tf.matMul(x as TensorFlow.Tensor2D, weight, false, turned);
        return bias ? tf.add(product, bias) : product;
      };
    }
    case 'Transpose': {
      const perm = attribute['perm']?.ints ?? [3, 2, 1, 0];
      const places = [0, 2, 3, 1].map((axis) => AXIS[perm[axis]!]!);
      return ([x]) => tf.transpose(x!, x!.rank === 4 ? places : perm);
    }
    case 'Clip': {
      const low = node.inputs[1] ? constant(1).values[0]! : (attribute['min']?.float ?? -Infinity);
      const high = node.inputs[2] ? constant(2).values[0]! : (attribute['max']?.float ?? Infinity);
      return ([x]) => tf.clipByValue(x!, low, high);
    }
    case 'Add':
      return binary(node, build, tf.add);
    case 'Sub':
      return binary(node, build, tf.sub);
    case 'Mul':
      return binary(node, build, tf.mul);
    case 'Div':
      return binary(node, build, tf.div);
    case 'BatchNormalization': {
      const [scale, offset, mean, variance] = [1, 2, 3, 4].map((i) => vectorOf(build, constant(i)));
      const epsilon = attribute['epsilon']?.float ?? 1e-5;
      return ([x]) => tf.batchNorm(x as T4, mean!, variance!, offset, scale, epsilon);
    }
    case 'Pad': {
      const pads = Array.from(constant(1).values);
      const value = node.inputs[2] ? constant(2).values[0]! : 0;
      const rank = pads.length / 2;
      const sides = AXIS.map((_, k): [number, number] => {
        const axis = AXIS.indexOf(k);
        return [pads[axis]!, pads[axis + rank]!];
      });
      return ([x]) => tf.pad(x!, sides, value);
    }
    case 'MaxPool':
    case 'AveragePool':
      return pooling(tf, node);
    case 'Concat': {
      const axis = attribute['axis']?.int ?? 1;
      return (inputs) => tf.concat(inputs, inputs[0]!.rank === 4 ? AXIS[axis < 0 ? axis + 4 : axis] : axis);
    }
    case 'GlobalAveragePool':
      return ([x]) => tf.mean(x!, [1, 2], true);
    case 'ReduceMean': {
      const axes = attribute['axes']?.ints ?? Array.from(constant(1).values);
      const keep = (attribute['keepdims']?.int ?? 1) === 1;
      return ([x]) => tf.mean(x!, x!.rank === 4 ? axes.map((a) => AXIS[a < 0 ? a + 4 : a]!) : axes, keep);
    }
    case 'Flatten':
      return ([x]) => {
        // as ONNX counts: channels first
        const ordered = x!.rank === 4 ? tf.transpose(x!, [0, 3, 1, 2]) : x!;
        return tf.reshape(ordered, [ordered.shape[0], -1]);
      };
    default:
      throw new SemtagError(
        'engine_missing',
        `ONNX operator ${node.op} is not built with TensorFlow.js; use the engine onnx`,
      );
  }
}

/** One side may be a constant: a number, or a value a channel ([c, 1, 1] or [1, c, 1, 1]). */
function binary(node: OnnxNode, build: Build, op: (a: T, b: T) => T): (inputs: T[]) => T {
  const { tf, constants, keep } = build;
  const sides = node.inputs.map((i) => {
    const known = constants.get(i);
    return known && (known.values.length === 1 ? keep(tf.scalar(known.values[0]!)) : vectorOf(build, known));
  });
  return (inputs) => {
    let next = 0;
    const [a, b] = sides.map((s) => s ?? inputs[next++]!);
    return op(a!, b!);
  };
}

function vectorOf({ tf, keep }: Build, { values }: Constant): TensorFlow.Tensor1D {
  return keep(tf.tensor1d(Float32Array.from(values)));
}

function convolution(node: OnnxNode, build: Build): (inputs: T[]) => T {
  const { tf, constants, keep } = build;
  const kernel = constantOf(constants, node.inputs[1]!, node);
  const [out = 1, inner = 1, height = 1, width = 1] = kernel.dims;
  const group = node.attributes['group']?.int ?? 1;
  const strides = pair(node.attributes['strides']?.ints, 1);
  const dilations = pair(node.attributes['dilations']?.ints, 1);
  const pad = padding(node);
  const bias = node.inputs[2] ? vectorOf(build, constantOf(constants, node.inputs[2], node)) : undefined;
  const depthwise = group > 1;
  if (depthwise && inner !== 1)
    throw new SemtagError(
      'engine_missing',
      `ONNX Conv in ${group} groups of ${inner} is not built with TensorFlow.js; use the engine onnx`,
    );
  // [out, in, h, w] -> [h, w, in, out]; m kernels for each channel [c m, 1, h, w] -> [h, w, c, m]
  const order = depthwise ? [2, 3, 0, 1] : [2, 3, 1, 0];
  const dims: [number, number] = depthwise ? [group, out / group] : [out, inner];
  const filter = keep(
    tf.tidy(() =>
      tf.transpose<T4>(tf.tensor4d(Float32Array.from(kernel.values), [...dims, height, width]), order),
    ),
  );
  const even = typeof pad === 'string' ? pad : 'valid';
  const one = { filter, strides, pad: even, dilations, ...(bias ? { bias } : {}) };
  return ([x]) => {
    // the fused kernels take no padding by number: zeros are laid round first
    const padded = (typeof pad === 'string' ? x : tf.pad(x!, pad)) as T4;
    return depthwise
      ? tf.fused.depthwiseConv2d({ x: padded, ...one })
      : tf.fused.conv2d({ x: padded, ...one });
  };
}

function pooling(tf: Tf, node: OnnxNode): (inputs: T[]) => T {
  const kernel = pair(node.attributes['kernel_shape']?.ints, 1);
  const strides = pair(node.attributes['strides']?.ints, 1);
  const pad = padding(node);
  if (node.op === 'MaxPool') return ([x]) => tf.maxPool(x as T4, kernel, strides, pad);
  // TensorFlow leaves padded pixels out of the average, which is ONNX's default too
  if (node.attributes['count_include_pad']?.int)
    throw new SemtagError(
      'engine_missing',
      'ONNX AveragePool that counts its padding is not built with TensorFlow.js',
    );
  return ([x]) => tf.avgPool(x as T4, kernel, strides, pad);
}

type Padding = 'same' | 'valid' | [[0, 0], [number, number], [number, number], [0, 0]];

function padding(node: OnnxNode): Padding {
  const automatic = node.attributes['auto_pad']?.text ?? 'NOTSET';
  if (automatic === 'SAME_UPPER') return 'same';
  const [top = 0, left = 0, bottom = 0, right = 0] = node.attributes['pads']?.ints ?? [];
  if (automatic === 'VALID' || top + left + bottom + right === 0) return 'valid';
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

function pair(values: number[] | undefined, otherwise: number): [number, number] {
  return [values?.[0] ?? otherwise, values?.[1] ?? otherwise];
}
