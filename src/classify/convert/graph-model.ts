// From a TensorFlow.js graph model to ONNX: the operators that lead to the wanted taps, as a converter froze them. Runs nothing.

import { SemtagError } from '../../errors.ts';
import type { OnnxGraph } from '../onnx-file.ts';
import { layers, notCovered, type Layers, type Padding, type Weight, type Weights } from './layers.ts';

/** GraphDef in the JSON of TensorFlow.js; strings are base64, numbers of 64 bits are text (tensorflow/core/framework/graph.proto). */
type Attr = {
  s?: string;
  i?: string | number;
  f?: number;
  b?: boolean;
  list?: { i?: (string | number)[]; s?: string[] };
  shape?: { dim?: { size: string | number }[] };
};
type Node = { name: string; op: string; input?: string[]; attr?: Record<string, Attr> };
export type GraphTopology = { node: Node[] };

/** Between the last map and the classifier. */
const TOWARDS_CLASSIFIER = new Set(['Squeeze', 'Reshape', 'Mean', 'AvgPool', 'Identity']);
const MATRIX = new Set(['MatMul', '_FusedMatMul']);
const SAME = new Set(['Identity', 'StopGradient', 'CheckNumerics']);

export type GraphWish = { taps?: readonly string[] | undefined; side?: number | undefined; input: string };

/** `taps`: names of operators or unique ends of them; without any, the one before the classifier. Errors: `model_missing`, naming the operator that is not covered. */
export function convertGraphModel(
  topology: GraphTopology,
  weights: Weights,
  model: string,
  wish: GraphWish,
): { graph: OnnxGraph; side: number; taps: string[] } {
  const byName = new Map(topology.node.map((n) => [n.name, n]));
  const inputsOf = (n: Node): string[] =>
    (n.input ?? []).filter((i) => !i.startsWith('^')).map((i) => i.replace(/:0$/, ''));
  const taps = wish.taps?.map((t) => resolve(t, byName, model)) ?? [
    beforeClassifier(topology, byName, inputsOf),
  ];
  const pictures = topology.node.find((n) => n.op === 'Placeholder');
  const size = pictures?.attr?.['shape']?.shape?.dim?.[1]?.size;
  const side = wish.side ?? (Number(size) > 0 ? Number(size) : undefined);
  if (!pictures) throw new SemtagError('model_missing', `${model}: the graph takes no picture`);
  if (!side)
    throw new SemtagError('bad_request', `${model}: it does not say how large its pictures are; --side N`);
  const wanted = new Set<string>();
  const open = [...taps];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (wanted.has(name)) continue;
    wanted.add(name);
    const found = byName.get(name) ?? missing(model, name);
    open.push(...inputsOf(found));
  }
  const net = layers(model);
  const constants: Weights = new Map();
  for (const node of sorted(
    [...wanted].map((n) => byName.get(n)!),
    inputsOf,
  )) {
    if (node.op === 'Const') constants.set(node.name, weights.get(node.name) ?? missing(model, node.name));
    else if (node !== pictures) emit(node, inputsOf(node).map((i) => (i === pictures.name ? wish.input : i)), net, constants, model); // prettier-ignore
  }
  return { graph: net.finish(wish.input, side, taps), side, taps };
}

function emit(node: Node, inputs: string[], net: Layers, constants: Weights, model: string): void {
  const { name, op } = node;
  const [input = '', second = ''] = inputs;
  const constant = (i: number): Weight => constants.get(inputs[i]!) ?? notCovered(model, name, `${op} whose weights are not fixed`); // prettier-ignore
  const fused = (node.attr?.['fused_ops']?.list?.s ?? []).map(text);
  const active = fused.find((f) => f !== 'BiasAdd');
  const raw = active ? `${name}_raw` : name;
  const finish = (): void => {
    if (active) net.activation(active.toLowerCase(), name, raw);
  };
  const bias = fused.includes('BiasAdd') ? constant(2).values : undefined;
  if (constants.has(input) && SAME.has(op)) return void constants.set(name, constants.get(input)!);
  if (text(node.attr?.['data_format']?.s) === 'NCHW') notCovered(model, name, `${op} with channels first`);
  switch (op) {
    case 'Conv2D':
    case '_FusedConv2D':
    case 'DepthwiseConv2dNative':
    case 'FusedDepthwiseConv2dNative':
      net.convolution(raw, input, {
        kernel: constant(1),
        bias,
        depthwise: op.includes('Depthwise'),
        strides: middle(node, 'strides'),
        dilations: middle(node, 'dilations'),
        padding: paddingOf(node),
      });
      return finish();
    case 'MaxPool':
    case 'AvgPool':
      return net.pooling(op === 'MaxPool' ? 'MaxPool' : 'AveragePool', name, input, middle(node, 'ksize')!, middle(node, 'strides') ?? [1, 1], paddingOf(node)); // prettier-ignore
    case 'FusedBatchNorm':
    case 'FusedBatchNormV3': {
      const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((i) => constant(i).values);
      const gain = Float64Array.from(variance!, (v, c) => gamma![c]! / Math.sqrt(v + (node.attr?.['epsilon']?.f ?? 1e-3)));
      return net.batchNorm(name, input, { gain, bias: mean!.map((m, c) => beta![c]! - m * gain[c]!) });
    } // prettier-ignore
    case 'Mul':
    case 'Add':
    case 'AddV2':
    case 'BiasAdd':
    case 'Sub': {
      const kind = op === 'Mul' ? 'Mul' : op === 'Sub' ? 'Sub' : 'Add';
      const map = [input, second].find((i) => !constants.has(i)) ?? '';
      const sides = [input, second].map((i) => {
        const fixed = constants.get(i);
        return fixed ? net.constant(`${name}_${i === input ? 'a' : 'b'}`, channelDims(fixed, net.rank(map), model, name), fixed.values) : i;
      }); // prettier-ignore
      return net.node(kind, name, sides, {}, net.rank(map));
    }
    case 'Pad':
    case 'PadV2': {
      const [, , top, bottom, left, right] = constant(1).values;
      return net.pad(name, input, [top!, left!, bottom!, right!]);
    }
    case 'Mean': {
      const axes = Array.from(constant(1).values, (a) => (a + 4) % 4).sort();
      if (net.rank(input) !== 4 || axes.join() !== '1,2')
        notCovered(model, name, `Mean over axes ${axes.join()}`);
      return net.average(name, input, node.attr?.['keep_dims']?.b === true);
    }
    case 'ConcatV2':
      return net.node('Concat', name, inputs.slice(0, -1), { axis: { int: 1 } });
    case 'Squeeze':
      return net.flatten(name, input); // of a map of one pixel, which is what classifiers squeeze
    case 'MatMul':
    case '_FusedMatMul':
      if (node.attr?.['transpose_b']?.b) notCovered(model, name, `${op} with turned weights`);
      net.dense(raw, input, constant(1), bias);
      return finish();
    case 'Relu':
    case 'Relu6':
    case 'Sigmoid':
    case 'Tanh':
    case 'Elu':
    case 'Softmax':
      return net.activation(op.toLowerCase(), name, input);
    default:
      return SAME.has(op) ? net.same(name, input) : notCovered(model, name, op);
  }
}

/** A number, or one a channel: what TensorFlow lays along the last axis lies along the second in ONNX. */
function channelDims({ shape, values }: Weight, rank: number, model: string, name: string): number[] {
  if (values.length === 1) return [];
  if (values.length !== shape.at(-1)) notCovered(model, name, `constant of shape ${shape.join('x')}`);
  return rank === 4 ? [values.length, 1, 1] : [values.length];
}

function middle(node: Node, attribute: string): [number, number] | undefined {
  const list = node.attr?.[attribute]?.list?.i;
  return list?.length ? [Number(list[1]), Number(list[2])] : undefined;
}

function paddingOf(node: Node): Padding {
  const kind = text(node.attr?.['padding']?.s);
  const [, , top, bottom, left, right] = (node.attr?.['explicit_paddings']?.list?.i ?? []).map(Number);
  return kind === 'EXPLICIT' ? [top!, left!, bottom!, right!] : kind === 'SAME' ? 'same' : 'valid';
}

function text(base64: string | undefined): string {
  return base64 === undefined ? '' : Buffer.from(base64, 'base64').toString('latin1');
}

/** Inputs before those who take them; a file may list them in any order. */
function sorted(nodes: Node[], inputsOf: (n: Node) => string[]): Node[] {
  const byName = new Map(nodes.map((n) => [n.name, n]));
  const done = new Set<string>();
  const order: Node[] = [];
  // no recursion: networks are deeper than the stack likes
  const open = nodes.toReversed();
  for (let node = open.pop(); node; node = open.pop()) {
    if (done.has(node.name)) continue;
    const before = inputsOf(node).flatMap((i) => (done.has(i) ? [] : (byName.get(i) ?? [])));
    if (before.length > 0) open.push(node, ...before);
    else {
      done.add(node.name);
      order.push(node);
    }
  }
  return order;
}

function beforeClassifier({ node }: GraphTopology, byName: Map<string, Node>, inputsOf: (n: Node) => string[]): string {
  const matrix = node.find(({ op }) => MATRIX.has(op));
  let at = matrix ? byName.get(inputsOf(matrix)[0] ?? '') : node.at(-1);
  while (at && TOWARDS_CLASSIFIER.has(at.op)) at = byName.get(inputsOf(at)[0] ?? '');
  return at?.name ?? '';
} // prettier-ignore

function resolve(tap: string, byName: Map<string, Node>, model: string): string {
  if (byName.has(tap)) return tap;
  const ends = [...byName.keys()].filter((name) => name.endsWith(`/${tap}`));
  if (ends.length === 1) return ends[0]!;
  throw new SemtagError(
    'bad_request',
    `${model}: ${ends.length} operators end in ${tap}; name one of the graph`,
  );
}

function missing(model: string, name: string): never {
  throw new SemtagError('model_missing', `${model}: ${name} is not in it`);
}
