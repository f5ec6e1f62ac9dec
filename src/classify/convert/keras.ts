// From a Keras network in TensorFlow.js layers form to ONNX: the layers that lead to the wanted taps, batch norms folded in. Runs nothing.

import { SemtagError } from '../../errors.ts';
import type { OnnxGraph } from '../onnx-file.ts';
import {
  layers,
  normOf,
  notCovered,
  type Layers,
  type Padding,
  type Weight,
  type Weights,
} from './layers.ts';

/** As far as the layers here use it (tensorflow.org/js, layers format; the names are Keras's). */
type Config = {
  padding?: string | number | [[number, number], [number, number]];
  strides?: [number, number] | null;
  pool_size?: [number, number];
  dilation_rate?: [number, number];
  groups?: number;
  epsilon?: number;
  axis?: number | number[];
  activation?: string;
  max_value?: number | null;
  negative_slope?: number;
  alpha?: number;
  threshold?: number;
  keepdims?: boolean;
  data_format?: string;
  scale?: number;
  offset?: number;
  batch_input_shape?: (number | null)[];
  batch_shape?: (number | null)[];
};
type Layer = {
  name: string;
  class_name: string;
  config: Config & { name?: string };
  inbound_nodes?: unknown;
};
type ModelConfig = { class_name?: string; config?: Layer[] | { layers: Layer[] } };
/** Converted from Keras it is wrapped; saved by TensorFlow.js it is not. */
export type KerasTopology = ModelConfig & { model_config?: ModelConfig };

/** Layers that do nothing once training is over. */
const PASSED_OVER = new Set(['Dropout', 'SpatialDropout2D', 'GaussianNoise', 'GaussianDropout', 'ActivityRegularization']); // prettier-ignore
/** Between the last map and the classifier. */
const TOWARDS_CLASSIFIER = new Set([...PASSED_OVER, 'Flatten', 'GlobalAveragePooling2D', 'AveragePooling2D', 'Reshape']); // prettier-ignore

type Known = Layer & { inputs: string[] };

export type KerasWish = {
  taps?: readonly string[] | undefined;
  side?: number | undefined;
  /** name of the picture [n, 3, side, side] in the graph, in the range that the network was trained with */
  input: string;
};

/** Without `taps` the one before the classifier. Errors: `model_missing`, naming the layer that is not covered. */
export function convertKeras(
  topology: KerasTopology,
  weights: Weights,
  model: string,
  wish: KerasWish,
): { graph: OnnxGraph; side: number; taps: string[] } {
  const known = knownLayers(topology, model);
  const byName = new Map(known.map((l) => [l.name, l]));
  const taps = [...(wish.taps ?? [beforeClassifier(known, byName)])];
  for (const tap of taps) if (!byName.has(tap)) throw noLayer(model, tap, known);
  const wanted = ancestors(taps, byName);
  const side = wish.side ?? sideOf(known);
  if (!side)
    throw new SemtagError('bad_request', `${model}: it does not say how large its pictures are; --side N`);
  const net = layers(model);
  const chain = known.filter(({ name }) => wanted.has(name));
  const users = new Map<string, Known[]>();
  for (const layer of chain)
    for (const input of layer.inputs) users.set(input, [...(users.get(input) ?? []), layer]);
  /** the batch norm that a convolution can take in: the only one that goes on from it */
  const normAfter = ({ name, config }: Known): Known | undefined => {
    const [next, ...others] = users.get(name) ?? [];
    const alone = others.length === 0 && !taps.includes(name) && (config.activation ?? 'linear') === 'linear';
    return alone && next?.class_name === 'BatchNormalization' ? next : undefined;
  };
  const folded = new Set<string>();
  const alias = (name: string): string => (byName.get(name)!.class_name === 'InputLayer' ? wish.input : name);
  for (const layer of chain) {
    if (folded.has(layer.name)) continue;
    const norm = /Conv2D$/.test(layer.class_name) ? normAfter(layer) : undefined;
    if (norm) folded.add(norm.name);
    const inputs = layer.inputs.length > 0 ? layer.inputs.map(alias) : [wish.input];
    emit({ ...layer, inputs }, net, (l, w) => weightOf(weights, l, w), model, norm);
  }
  return { graph: net.finish(wish.input, side, taps), side, taps };
}

type WeightOf = (layer: string, weight: string) => Weight | undefined;

function emit(layer: Known, net: Layers, weightOf: WeightOf, model: string, norm?: Known): void {
  const { name, class_name: kind, config, inputs } = layer;
  const [input = ''] = inputs;
  if (config.data_format === 'channels_first') notCovered(model, name, `${kind} with channels first`);
  const weight = (which: string): Weight => weightOf(name, which) ?? noWeight(model, name, which);
  const bias = weightOf(name, 'bias')?.values;
  const padding = typeof config.padding === 'string' ? (config.padding.toLowerCase() as Padding) : 'valid';
  const active = config.activation ?? 'linear';
  // a layer with an activation of its own is two in ONNX
  const raw = norm ? norm.name : active === 'linear' ? name : `${name}_raw`;
  const finish = (): void => (active === 'linear' ? undefined : net.activation(active, name, raw));
  const scale = norm && normOf((w) => weightOf(norm.name, w)?.values, norm.config.epsilon ?? 1e-3);
  const given = {
    padding,
    strides: config.strides ?? undefined,
    dilations: config.dilation_rate,
    bias: scale ? scale.bias.map((b, c) => b + (bias?.[c] ?? 0) * scale.gain[c]!) : bias,
    gain: scale?.gain,
    weights: name,
  };
  if (PASSED_OVER.has(kind)) return net.same(name, input);
  switch (kind) {
    case 'InputLayer':
      return;
    case 'Conv2D':
      if ((config.groups ?? 1) > 1) notCovered(model, name, 'Conv2D in groups');
      net.convolution(raw, input, { ...given, kernel: weight('kernel') });
      return finish();
    case 'DepthwiseConv2D':
      net.convolution(raw, input, { ...given, kernel: weight('depthwise_kernel'), depthwise: true });
      return finish();
    case 'SeparableConv2D': {
      net.convolution(`${name}_depthwise`, input, { padding, strides: given.strides, dilations: given.dilations, kernel: weight('depthwise_kernel'), depthwise: true });
      net.convolution(raw, `${name}_depthwise`, { padding: 'valid', bias: given.bias, gain: given.gain, kernel: weight('pointwise_kernel') });
      return finish();
    } // prettier-ignore
    case 'BatchNormalization':
      return net.batchNorm(
        name,
        input,
        normOf((w) => weightOf(name, w)?.values, config.epsilon ?? 1e-3),
      );
    case 'Activation':
      return net.activation(active, name, input);
    case 'Softmax':
      return net.activation('softmax', name, input);
    case 'ReLU': {
      const slope = config.negative_slope ?? 0;
      if (config.threshold) notCovered(model, name, 'ReLU with a threshold');
      if (slope && config.max_value) notCovered(model, name, 'ReLU with a slope and a bound');
      if (slope) return net.node('LeakyRelu', name, [input], { alpha: { float: slope } });
      return config.max_value ? net.clip(name, input, 0, config.max_value) : net.activation('relu', name, input);
    } // prettier-ignore
    case 'LeakyReLU': {
      const alpha = { float: config.negative_slope ?? config.alpha ?? 0.3 };
      return net.node('LeakyRelu', name, [input], { alpha });
    }
    case 'ZeroPadding2D': {
      const [[top, bottom], [left, right]] = pairs(config.padding);
      return net.pad(name, input, [top, left, bottom, right]);
    }
    case 'MaxPooling2D':
    case 'AveragePooling2D': {
      const size = config.pool_size ?? [2, 2];
      const op = kind === 'MaxPooling2D' ? 'MaxPool' : 'AveragePool';
      return net.pooling(op, name, input, size, config.strides ?? size, padding);
    }
    case 'GlobalAveragePooling2D':
      return net.average(name, input, config.keepdims === true);
    case 'Add':
      return net.fold('Add', name, inputs);
    case 'Multiply':
      return net.fold('Mul', name, inputs);
    case 'Concatenate': {
      const rank = net.rank(input);
      const axis = config.axis ?? -1;
      if (axis !== -1 && axis !== rank - 1) notCovered(model, name, `Concatenate along axis ${axis}`);
      return net.node('Concat', name, inputs, { axis: { int: 1 } });
    }
    case 'Rescaling': {
      const one = (v: number) => Float32Array.of(v);
      net.node('Mul', `${name}_scaled`, [input, net.constant(`${name}_w`, [], one(config.scale ?? 1))]);
      return net.node('Add', name, [`${name}_scaled`, net.constant(`${name}_b`, [], one(config.offset ?? 0))]);
    } // prettier-ignore
    case 'Flatten':
      return net.flatten(name, input);
    case 'Dense':
      if (net.rank(input) !== 2) notCovered(model, name, 'Dense on a map');
      net.dense(raw, input, weight('kernel'), bias);
      return finish();
    default:
      notCovered(model, name, kind);
  }
}

function knownLayers(topology: KerasTopology, model: string): Known[] {
  const { class_name: kind = '', config } = topology.model_config ?? topology;
  if (!config) throw new SemtagError('model_missing', `${model}: model.json holds no layers`);
  const all = Array.isArray(config) ? config : config.layers;
  return all.map((layer, i) => {
    const name = layer.name ?? layer.config.name ?? '';
    const above = all[i - 1];
    const before = above ? [above.name ?? above.config.name ?? ''] : [];
    return { ...layer, name, inputs: kind === 'Sequential' ? before : inboundNames(layer.inbound_nodes) };
  });
}

/** Keras 2: [[[name, 0, 0, {}], ...]]; Keras 3: tensors with a `keras_history` [name, 0, 0] inside `args`. */
function inboundNames(inbound: unknown): string[] {
  if (Array.isArray(inbound))
    return typeof inbound[0] === 'string' && inbound.length >= 3
      ? [inbound[0]]
      : inbound.flatMap(inboundNames);
  if (inbound === null || typeof inbound !== 'object') return [];
  const { keras_history: history, args, config } = inbound as Record<string, unknown>;
  return inboundNames(history ?? args ?? config);
}

function beforeClassifier(known: Known[], byName: Map<string, Known>): string {
  const dense = known.find(({ class_name }) => class_name === 'Dense');
  let at = dense ? byName.get(dense.inputs[0] ?? '') : known.at(-1);
  while (at && TOWARDS_CLASSIFIER.has(at.class_name)) at = byName.get(at.inputs[0] ?? '');
  return at?.name ?? '';
}

function ancestors(taps: string[], byName: Map<string, Known>): Set<string> {
  const found = new Set<string>();
  const open = [...taps];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...(byName.get(name)?.inputs ?? []));
  }
  return found;
}

function sideOf(known: Known[]): number | undefined {
  const shape = known.map(({ config }) => config.batch_input_shape ?? config.batch_shape).find((s) => s);
  return shape?.[1] ?? undefined;
}

/** `layer/kernel`; models that were saved within others repeat or prefix the layer's name. */
function weightOf(weights: Weights, layer: string, weight: string): Weight | undefined {
  const exact = weights.get(`${layer}/${weight}`);
  if (exact) return exact;
  const inside = [...weights].filter(([key]) => `/${key}`.endsWith(`/${layer}/${weight}`));
  return inside.length === 1 ? inside[0]![1] : undefined;
}

/** [top, bottom], [left, right] */
function pairs(padding: Config['padding']): [[number, number], [number, number]] {
  if (typeof padding === 'number' || padding === undefined || typeof padding === 'string') {
    const all = typeof padding === 'number' ? padding : 1;
    return [[all, all], [all, all]]; // prettier-ignore
  }
  const [rows, columns] = padding as [number | [number, number], number | [number, number]];
  const both = (v: number | [number, number]): [number, number] => (typeof v === 'number' ? [v, v] : v);
  return [both(rows), both(columns)];
}

function noLayer(model: string, tap: string, known: Known[]): SemtagError {
  const last = known.slice(-12).map(({ name }) => name).join(', '); // prettier-ignore
  return new SemtagError('bad_request', `${model}: there is no layer ${tap} to tap; its last ones: ${last}`);
}

function noWeight(model: string, layer: string, weight: string): never {
  throw new SemtagError('model_missing', `${model}: the weight ${layer}/${weight} is not in it`);
}
