// The whole model as a TensorFlow.js graph model: the network of the ONNX file and the head in TensorFlow's operators, channels last. Runs nothing.

import { CATEGORIES } from '../domain/categories.ts';
import { SemtagError } from '../errors.ts';
import type { Backbone } from './backbones.ts';
import { LOGITS, SCORES, VIEWS } from './export-onnx.ts';
import type { Head } from './head.ts';
import type { Part } from './model-folder.ts';
import { narrow, parseOnnx, widen, type OnnxNode } from './onnx-file.ts';
import { constantOf, foldConstants, type Constant } from './onnx-fold.ts';
import { attr, graphNodes, type GraphNodes } from './tfjs-nodes.ts';

/** Axes of maps: ONNX counts [n, c, h, w], TensorFlow [n, h, w, c]. */
const TO_TENSORFLOW = [0, 3, 1, 2];
const TO_ONNX = [0, 2, 3, 1];

const WEIGHTS_FILE = 'group1-shard1of1.bin';

/**
 * model.json and its weights, for `tf.loadGraphModel`. Input `views` [n, side, side, 3], the n views of one image; outputs as `modelOnnx` has
 * them. Weights that float16 holds exactly are kept so. Errors: `model_missing`, naming an operator that is not covered.
 */
export function modelTfjs(backboneFile: Uint8Array, backbone: Backbone, head: Head): Part[] {
  const { side, input, taps, tapLengths } = backbone;
  const { nodes, constants } = foldConstants(parseOnnx(backboneFile), taps);
  const net = graphNodes();
  net.add(VIEWS, 'Placeholder', [], { shape: attr.shape([-1, side, side, 3]), dtype: attr.float });
  const ranks = new Map([[input, 4]]);
  const names = new Map([[input, VIEWS]]);
  const widths = new Map(taps.map((t, i) => [t, tapLengths[i]!]));
  for (const [i, node] of nodes.entries()) {
    const made = layer(node, `layer_${i}`, { net, constants, ranks, names, widths });
    names.set(node.outputs[0]!, made);
  }
  const ends = taps.map((t) => names.get(t)!);
  const joined = ends.length > 1 ? net.add('bottleneck', 'ConcatV2', [...ends, net.ints('bottleneck_axis', [], [1])], { N: attr.int(ends.length) }) : ends[0]!; // prettier-ignore
  const { length } = head;
  const turned = new Float32Array(head.weights.length);
  for (let c = 0; c < CATEGORIES.length; c++)
    for (let j = 0; j < length; j++) turned[j * CATEGORIES.length + c] = head.weights[c * length + j]!;
  if (head.roots) {
    net.add('size_root', 'Sqrt', [net.add('size', 'Abs', [joined])]);
    net.add('root', 'Mul', ['size_root', net.add('sign', 'Sign', [joined])]);
  }
  net.add('centred', 'Sub', [head.roots ? 'root' : joined, net.floats('head_mean', [length], head.mean)]);
  net.add('standardised', 'Mul', ['centred', net.floats('head_scale', [length], head.scale)]);
  net.add('products', 'MatMul', ['standardised', net.floats('head_weights', [length, CATEGORIES.length], turned)]);
  net.add(LOGITS, 'AddV2', ['products', net.floats('head_bias', [CATEGORIES.length], head.bias)]);
  net.add('mean_logits', 'Mean', [LOGITS, net.ints('over_views', [1], [0])], { keep_dims: attr.bool(true) });
  net.add('tempered', 'RealDiv', ['mean_logits', net.floats('temperature', [], Float32Array.of(head.temperature))]);
  net.add(SCORES, 'Softmax', ['tempered']);
  const port = (name: string, dims: number[]) => ({
    name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: { dim: dims.map((size) => ({ size: String(size) })) },
  }); // prettier-ignore
  const { manifest, data } = packed(net.weights);
  const model = {
    format: 'graph-model',
    generatedBy: 'semtag',
    signature: {
      inputs: { [VIEWS]: port(VIEWS, [-1, side, side, 3]) },
      outputs: { [SCORES]: port(SCORES, [1, CATEGORIES.length]), [LOGITS]: port(LOGITS, [-1, CATEGORIES.length]) },
    },
    modelTopology: { node: net.nodes, library: {}, versions: {} },
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: manifest }],
  };
  return [
    { name: 'model.json', bytes: Buffer.from(JSON.stringify(model)) },
    { name: WEIGHTS_FILE, bytes: data },
  ];
} // prettier-ignore

type Known = {
  net: GraphNodes;
  constants: Map<string, Constant>;
  ranks: Map<string, number>;
  names: Map<string, string>;
  /** numbers of what is a tap */
  widths: Map<string, number>;
};

/** Adds what the ONNX node does under `name` and gives the name of its result. Meaning of operators: onnx/docs/Operators.md, tensorflow.org/api_docs/python/tf/raw_ops. */
function layer(node: OnnxNode, name: string, known: Known): string {
  const { net, constants, ranks, names, widths } = known;
  const { attributes } = node;
  const constant = (i: number): Constant => constantOf(constants, node.inputs[i]!, node);
  const first = node.inputs.find((i) => names.has(i)) ?? '';
  const rank = ranks.get(first) ?? 4;
  const set = (r: number): void => void ranks.set(node.outputs[0]!, r);
  set(rank);
  const x = names.get(first)!;
  /** an input by its place: a layer's result, or a constant laid along the last axis */
  const side = (i: number): string => {
    const fixed = constants.get(node.inputs[i]!);
    return fixed ? net.floats(`${name}_${i}`, fixed.values.length === 1 ? [] : [fixed.values.length], fixed.values) : names.get(node.inputs[i]!)!;
  }; // prettier-ignore
  const pair = (key: string): [number, number] => {
    const [a = 1, b = 1] = attributes[key]?.ints ?? [];
    return [a, b];
  };
  switch (node.op) {
    case 'Conv':
      return convolution(node, name, x, known, pair);
    case 'Relu':
    case 'Sigmoid':
    case 'Tanh':
    case 'Elu':
    case 'Softmax':
    case 'Identity':
      return net.add(name, node.op, [x]);
    case 'LeakyRelu':
      return net.add(name, 'LeakyRelu', [x], { alpha: attr.number(attributes['alpha']?.float ?? 0.01) });
    case 'Clip': {
      const low = node.inputs[1] ? constant(1).values[0]! : (attributes['min']?.float ?? -Infinity);
      const high = node.inputs[2] ? constant(2).values[0]! : (attributes['max']?.float ?? Infinity);
      const above = low === -Infinity ? x : net.add(`${name}_above`, 'Maximum', [x, net.floats(`${name}_low`, [], [low])]);
      return high === Infinity ? above : net.add(name, 'Minimum', [above, net.floats(`${name}_high`, [], [high])]);
    } // prettier-ignore
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Div': {
      const op = { Add: 'AddV2', Sub: 'Sub', Mul: 'Mul', Div: 'RealDiv' }[node.op];
      return net.add(name, op, [side(0), side(1)]);
    }
    case 'BatchNormalization': {
      const epsilon = attr.number(attributes['epsilon']?.float ?? 1e-5);
      const more = { epsilon, data_format: attr.text('NHWC'), is_training: attr.bool(false) };
      return net.add(name, 'FusedBatchNormV3', [x, side(1), side(2), side(3), side(4)], more);
    }
    case 'Pad': {
      const pads = Array.from(constant(1).values);
      const sides = TO_ONNX.flatMap((axis) => [pads[axis]!, pads[axis + pads.length / 2]!]);
      return padded(net, name, x, sides, node.inputs[2] ? constant(2).values[0]! : 0);
    }
    case 'MaxPool':
    case 'AveragePool': {
      const { padding, sides } = paddingOf(node);
      if (sides && node.op === 'AveragePool') return notCovered('AveragePool with padding by numbers');
      // what is laid round never is the largest
      const from = sides ? padded(net, `${name}_padded`, x, sides, -3.4e38) : x;
      const [kh, kw] = pair('kernel_shape');
      const [sh, sw] = pair('strides');
      const more = { ksize: attr.ints([1, kh, kw, 1]), strides: attr.ints([1, sh, sw, 1]), padding: attr.text(padding) };
      return net.add(name, node.op === 'MaxPool' ? 'MaxPool' : 'AvgPool', [from], { ...more, data_format: attr.text('NHWC') });
    } // prettier-ignore
    case 'Concat': {
      const axis = attributes['axis']?.int ?? 1;
      const place = rank === 4 ? TO_TENSORFLOW[(axis + 4) % 4]! : axis;
      const all = node.inputs.map((_, i) => side(i));
      return net.add(name, 'ConcatV2', [...all, net.ints(`${name}_axis`, [], [place])], {
        N: attr.int(all.length),
      });
    }
    case 'GlobalAveragePool':
      return net.add(name, 'Mean', [x, net.ints(`${name}_axes`, [2], [1, 2])], {
        keep_dims: attr.bool(true),
      });
    case 'ReduceMean': {
      const axes = attributes['axes']?.ints ?? Array.from(constant(1).values);
      const keep = (attributes['keepdims']?.int ?? 1) === 1;
      if (!keep) set(rank - axes.length);
      const places = rank === 4 ? axes.map((a) => TO_TENSORFLOW[(a + 4) % 4]!) : axes;
      return net.add(name, 'Mean', [x, net.ints(`${name}_axes`, [axes.length], places)], { keep_dims: attr.bool(keep) });
    } // prettier-ignore
    case 'Transpose': {
      if (rank !== 4) return notCovered('Transpose of a vector');
      const perm = attributes['perm']?.ints ?? [3, 2, 1, 0];
      const places = TO_ONNX.map((axis) => TO_TENSORFLOW[perm[axis]!]!);
      return net.add(name, 'Transpose', [x, net.ints(`${name}_perm`, [4], places)]);
    }
    case 'Flatten': {
      const width = widths.get(node.outputs[0]!);
      if (width === undefined) return notCovered('Flatten that is no tap');
      set(2);
      const ordered = rank === 4 ? net.add(`${name}_first`, 'Transpose', [x, net.ints(`${name}_perm`, [4], [0, 3, 1, 2])]) : x;
      return net.add(name, 'Reshape', [ordered, net.ints(`${name}_shape`, [2], [-1, width])]);
    } // prettier-ignore
    default:
      return notCovered(`operator ${node.op}`);
  }
}

function convolution(node: OnnxNode, name: string, x: string, { net, constants }: Known, pair: (key: string) => [number, number]): string {
  const { dims, values } = constantOf(constants, node.inputs[1]!, node);
  const [out = 1, inner = 1, height = 1, width = 1] = dims;
  const group = node.attributes['group']?.int ?? 1;
  if (group > 1 && inner !== 1) return notCovered(`Conv in ${group} groups of ${inner}`);
  const depthwise = group > 1;
  // [out, in, h, w] -> [h, w, in, out]; a kernel for each channel [c m, 1, h, w] -> [h, w, c, m]
  const area = height * width;
  const kernel = new Float32Array(values.length);
  for (let o = 0; o < out; o++)
    for (let i = 0; i < inner; i++)
      for (let hw = 0; hw < area; hw++)
        kernel[depthwise ? hw * out + o : (hw * inner + i) * out + o] = values[(o * inner + i) * area + hw]!;
  const shape = depthwise ? [height, width, group, out / group] : [height, width, inner, out];
  const { padding, sides } = paddingOf(node);
  const from = sides ? padded(net, `${name}_padded`, x, sides, 0) : x;
  const bias = node.inputs[2] ? constantOf(constants, node.inputs[2], node) : undefined;
  const inputs = [from, net.floats(`${name}_w`, shape, kernel), ...(bias ? [net.floats(`${name}_b`, [out], bias.values)] : [])];
  const [sh, sw] = pair('strides');
  const [dh, dw] = pair('dilations');
  const more = {
    strides: attr.ints([1, sh, sw, 1]),
    dilations: attr.ints([1, dh, dw, 1]),
    padding: attr.text(padding),
    data_format: attr.text('NHWC'),
    ...(bias ? { fused_ops: attr.texts(['BiasAdd']), num_args: attr.int(1) } : {}),
  };
  if (depthwise) return net.add(name, bias ? 'FusedDepthwiseConv2dNative' : 'DepthwiseConv2dNative', inputs, more);
  return net.add(name, bias ? '_FusedConv2D' : 'Conv2D', inputs, more);
} // prettier-ignore

/** `sides`: before and after each axis in TensorFlow's order. */
function padded(net: GraphNodes, name: string, x: string, sides: number[], value: number): string {
  return net.add(name, 'PadV2', [x, net.ints(`${name}_sides`, [4, 2], sides), net.floats(`${name}_value`, [], [value])]); // prettier-ignore
}

function paddingOf({ attributes }: OnnxNode): { padding: 'SAME' | 'VALID'; sides?: number[] } {
  if (attributes['auto_pad']?.text === 'SAME_UPPER') return { padding: 'SAME' };
  const [top = 0, left = 0, bottom = 0, right = 0] = attributes['pads']?.ints ?? [];
  if (top + left + bottom + right === 0) return { padding: 'VALID' };
  return { padding: 'VALID', sides: [0, 0, top, bottom, left, right, 0, 0] };
}

/** One run of bytes; float16 where that loses nothing. */
function packed(weights: GraphNodes['weights']): { manifest: object[]; data: Uint8Array } {
  const chunks: Uint8Array[] = [];
  const manifest = weights.map(({ name, shape, values }) => {
    const add = (array: Float32Array | Uint16Array | Int32Array) => chunks.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)); // prettier-ignore
    if (values instanceof Int32Array) {
      add(values);
      return { name, shape, dtype: 'int32' };
    }
    const halves = Uint16Array.from(values, narrow);
    if (values.every((v, i) => widen(halves[i]!) === v)) {
      add(halves);
      return { name, shape, dtype: 'float32', quantization: { dtype: 'float16', original_dtype: 'float32' } };
    }
    add(values);
    return { name, shape, dtype: 'float32' };
  });
  return { manifest, data: Buffer.concat(chunks) };
}

function notCovered(what: string): never {
  throw new SemtagError('model_missing', `TensorFlow.js: ${what} is not covered; export as onnx`);
}
