// Lays out a network as ONNX, layer by layer, from weights in TensorFlow's order. Channels last become channels first. Knows no model format.

import { SemtagError } from '../../errors.ts';
import {
  floatTensor,
  int64Tensor,
  type Attribute,
  type OnnxGraph,
  type OnnxNode,
  type Port,
  type Tensor,
} from '../onnx-file.ts';

/** Row-major, dimensions in TensorFlow's order. */
export type Weight = { shape: number[]; values: Float32Array };
export type Weights = Map<string, Weight>;

/** `same`: as many zeros as TensorFlow lays, the odd one after (SAME_UPPER). By numbers: top, left, bottom, right. */
export type Padding = 'same' | 'valid' | [number, number, number, number];

export type Convolution = {
  /** [h, w, in, out]; depthwise [h, w, channels, multiplier] */
  kernel: Weight;
  bias?: Float32Array | undefined;
  /** each output channel times this, as a batch norm does that follows */
  gain?: Float64Array | undefined;
  depthwise?: boolean;
  strides?: [number, number] | undefined;
  dilations?: [number, number] | undefined;
  padding: Padding;
  /** names the weights, where the layer's result is named by another that it took in */
  weights?: string;
};

/** Names of activations, as Keras has them; TensorFlow's operators are named the same in lower case. */
const ACTIVATIONS: Record<string, [op: string, attributes: Record<string, Attribute>]> = {
  relu: ['Relu', {}],
  sigmoid: ['Sigmoid', {}],
  tanh: ['Tanh', {}],
  // Keras: clip(0.2 x + 0.5, 0, 1)
  hard_sigmoid: ['HardSigmoid', { alpha: { float: 0.2 }, beta: { float: 0.5 } }],
  elu: ['Elu', { alpha: { float: 1 } }],
  softmax: ['Softmax', { axis: { int: 1 } }],
};

export type Layers = ReturnType<typeof layers>;

/** `model`: its name, for errors. Every layer is named by what it gives. */
export function layers(model: string) {
  const nodes: OnnxNode[] = [];
  const tensors: Tensor[] = [];
  /** dimensions of what a name gives: 4 for maps, 2 for vectors */
  const ranks = new Map<string, number>();
  /** channels or numbers of what a name gives, where they are known */
  const widths = new Map<string, number>();

  const node = (op: string, name: string, inputs: string[], attributes: OnnxNode['attributes'] = {}, rank?: number): void => {
    nodes.push({ op, inputs, outputs: [name], attributes });
    ranks.set(name, rank ?? ranks.get(inputs[0]!) ?? 4);
    const width = op === 'Concat' ? sum(inputs.map((i) => widths.get(i))) : widths.get(inputs[0]!);
    if (width !== undefined && op !== 'Flatten') widths.set(name, width);
  }; // prettier-ignore
  const rank = (name: string): number => ranks.get(name) ?? 4;
  const constant = (name: string, dims: number[], values: Float32Array): string => {
    tensors.push(floatTensor(name, dims, values));
    return name;
  };
  const window = (ints: number[], strides: number[], padding: Padding): OnnxNode['attributes'] => ({
    kernel_shape: { ints },
    strides: { ints: strides },
    ...(typeof padding === 'string'
      ? { auto_pad: { text: padding === 'same' ? 'SAME_UPPER' : 'VALID' } }
      : { pads: { ints: padding } }),
  });

  return {
    nodes,
    tensors,
    node,
    rank,
    constant,
    /** The layer is passed over: its name means its input. */
    same: (name: string, input: string): void => node('Identity', name, [input]),
    convolution(name: string, input: string, c: Convolution): void {
      const { dims, values } = channelsFirst(c);
      const called = c.weights ?? name;
      const inputs = [input, constant(`${called}_w`, dims, values)];
      if (c.bias) inputs.push(constant(`${called}_b`, [c.bias.length], c.bias));
      node('Conv', name, inputs, {
        ...window([dims[2]!, dims[3]!], c.strides ?? [1, 1], c.padding),
        ...(c.depthwise ? { group: { int: c.kernel.shape[2]! } } : {}),
        ...(c.dilations?.some((d) => d > 1) ? { dilations: { ints: c.dilations } } : {}),
      });
      widths.set(name, dims[0]!);
    },
    pooling(op: 'MaxPool' | 'AveragePool', name: string, input: string, size: number[], strides: number[], padding: Padding): void {
      node(op, name, [input], window(size, strides, padding));
    }, // prettier-ignore
    pad(name: string, input: string, [top, left, bottom, right]: [number, number, number, number]): void {
      const pads = `${name}_pads`;
      tensors.push(int64Tensor(pads, [8], [0, 0, top, left, 0, 0, bottom, right]));
      node('Pad', name, [input, pads]);
    },
    batchNorm(name: string, input: string, { gain, bias }: { gain: Float64Array; bias: Float32Array }): void {
      const dims = rank(input) === 4 ? [bias.length, 1, 1] : [bias.length];
      node('Mul', `${name}_scaled`, [input, constant(`${name}_w`, dims, Float32Array.from(gain))]);
      node('Add', name, [`${name}_scaled`, constant(`${name}_b`, dims, bias)]);
    },
    /** `kernel` [in, out] */
    dense(name: string, input: string, kernel: Weight, bias?: Float32Array): void {
      const inputs = [input, constant(`${name}_w`, kernel.shape, kernel.values)];
      if (bias) inputs.push(constant(`${name}_b`, [bias.length], bias));
      node('Gemm', name, inputs, {}, 2);
      widths.set(name, kernel.shape[1]!);
    },
    /** In TensorFlow's order: rows, columns, channels. */
    flatten(name: string, input: string): void {
      if (rank(input) !== 4) return node('Identity', name, [input]);
      node('Transpose', `${name}_last`, [input], { perm: { ints: [0, 2, 3, 1] } });
      node('Flatten', name, [`${name}_last`], { axis: { int: 1 } }, 2);
    },
    average(name: string, input: string, keepDimensions = false): void {
      const attributes = { axes: { ints: [2, 3] }, keepdims: { int: keepDimensions ? 1 : 0 } };
      node('ReduceMean', name, [input], attributes, keepDimensions ? 4 : 2);
    },
    clip(name: string, input: string, low: number, high: number): void {
      const bounds = [low, high].map((v, i) =>
        constant(`${name}_${i ? 'high' : 'low'}`, [], Float32Array.of(v)),
      );
      node('Clip', name, [input, ...bounds]);
    },
    /** One by one, so that engines need to know two inputs only. */
    fold(op: 'Add' | 'Mul', name: string, inputs: string[]): void {
      inputs.slice(1).reduce((left, right, i) => {
        const out = i === inputs.length - 2 ? name : `${name}_${i}`;
        node(op, out, [left, right]);
        return out;
      }, inputs[0]!);
    },
    /** By Keras's name. Errors: `model_missing` for one that is not covered. */
    activation(kind: string, name: string, input: string): void {
      if (kind === 'linear') return node('Identity', name, [input]);
      if (kind === 'relu6') return this.clip(name, input, 0, 6);
      if (kind === 'swish' || kind === 'silu') {
        node('Sigmoid', `${name}_gate`, [input]);
        return node('Mul', name, [input, `${name}_gate`]);
      }
      const [op, attributes] = ACTIVATIONS[kind] ?? notCovered(model, name, `activation ${kind}`);
      node(op, name, [input], attributes);
    },
    /** Taps averaged over the picture where they are maps: what follows a tap goes on with the map. */
    finish(input: string, side: number, taps: readonly string[]): OnnxGraph {
      const outputs = taps.map((name): Port => ({ name, dims: ['n', widths.get(name) ?? 'n'] }));
      const maps = new Set(taps.filter((t) => rank(t) === 4));
      const renamed = (name: string): string => (maps.has(name) ? `${name}_map` : name);
      const all = nodes.flatMap((n): OnnxNode[] => {
        const moved = { ...n, inputs: n.inputs.map(renamed), outputs: n.outputs.map(renamed) };
        const tap = n.outputs[0]!;
        if (!maps.has(tap)) return [moved];
        const mean = { axes: { ints: [2, 3] }, keepdims: { int: 0 } };
        return [moved, { op: 'ReduceMean', inputs: [renamed(tap)], outputs: [tap], attributes: mean }];
      });
      return {
        opset: 17,
        inputs: [{ name: input, dims: ['n', 3, side, side] }],
        outputs,
        nodes: all,
        tensors,
      };
    },
  };
}

function sum(values: (number | undefined)[]): number | undefined {
  return values.reduce((a, b) => (a === undefined || b === undefined ? undefined : a + b), 0);
}

/** [h, w, in, out] -> [out, in, h, w]; a kernel for each channel [h, w, c, m] -> [c m, 1, h, w]. */
function channelsFirst({ kernel, gain, depthwise }: Convolution): { dims: number[]; values: Float32Array } {
  const [height = 1, width = 1, inner = 1, out = 1] = kernel.shape;
  const area = height * width;
  const values = new Float32Array(kernel.values.length);
  for (let hw = 0; hw < area; hw++)
    for (let i = 0; i < inner; i++)
      for (let o = 0; o < out; o++) {
        const channel = depthwise ? i * out + o : o;
        const at = depthwise ? channel : o * inner + i;
        values[at * area + hw] = kernel.values[(hw * inner + i) * out + o]! * (gain ? gain[channel]! : 1);
      }
  return { dims: depthwise ? [inner * out, 1, height, width] : [out, inner, height, width], values };
}

/** Batch norm as what it does: times `gain`, plus `bias`. gain = gamma / sqrt(variance + epsilon); bias = beta - mean gain (Ioffe and Szegedy 2015). */
export function normOf(
  of: (name: string) => Float32Array | undefined,
  epsilon: number,
): { gain: Float64Array; bias: Float32Array } {
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(of);
  const gain = Float64Array.from(variance!, (v, c) => (gamma?.[c] ?? 1) / Math.sqrt(v + epsilon));
  return { gain, bias: mean!.map((m, c) => (beta?.[c] ?? 0) - m * gain[c]!) };
}

export function notCovered(model: string, layer: string, what: string): never {
  throw new SemtagError('model_missing', `${model}: ${layer} is a ${what}, which is not converted`);
}
