// Makes a network that was found elsewhere a backbone of ours: 0..1 in, [n, 3, side, side], every tap averaged over the picture. Tries it out; writes nothing.

import { createHash } from 'node:crypto';
import { SemtagError } from '../../errors.ts';
import type { Backbone } from '../backbones.ts';
import { writeOnnx, type OnnxNode, type Port } from '../onnx-file.ts';
import { onlyInput, spliceOnnx } from '../onnx-splice.ts';
import { kept, type Precision } from '../precision.ts';
import { PREPROCESSING } from '../preprocess.ts';
import { tryOnnx } from '../engine-onnx.ts';
import { convertGraphModel } from './graph-model.ts';
import { convertKeras } from './keras.ts';
import { rangeNodes, type Range } from './ranges.ts';
import type { Network } from './source.ts';

export type AdoptOptions = {
  name: string;
  range: Range;
  side?: number | undefined;
  taps?: readonly string[] | undefined;
  precision: Precision;
};

export type Adopted = {
  bytes: Uint8Array;
  backbone: Pick<Backbone, 'sha256' | 'side' | 'input' | 'taps' | 'tapLengths' | 'length' | 'preprocessing'>;
  layout: 'nchw' | 'nhwc';
};

/** Per-channel DequantizeLinear came with it (onnx/docs/Changelog.md). */
const LEAST_OPSET_FOR_INT8 = 13;

/** Errors: `bad_request` for what must be told, `model_missing` for what cannot be taken, naming the operator or layer. */
export async function adopt(network: Network, options: AdoptOptions): Promise<Adopted> {
  const { name } = options;
  if (network.form === 'onnx') return adoptOnnx(network.bytes, options);
  const wish = { taps: options.taps, side: options.side, input: 'pictures' };
  const { graph, side, taps } =
    network.form === 'layers'
      ? convertKeras(network.topology, network.weights, name, wish)
      : convertGraphModel(network.topology, network.weights, name, wish);
  return adoptOnnx(writeOnnx(graph), { ...options, side, taps });
}

async function adoptOnnx(bytes: Uint8Array, options: AdoptOptions): Promise<Adopted> {
  const { name, range, precision } = options;
  const given = onlyInput(bytes, name);
  const { layout, side } = shapeOf(given, options);
  if (precision === 'int8' && given.opset < LEAST_OPSET_FOR_INT8)
    throw new SemtagError('model_missing', `${name}: opset ${given.opset} knows no int8 weights a channel; export it with ${LEAST_OPSET_FOR_INT8} or later`); // prettier-ignore
  const taps = options.taps ?? given.outputs.map((o) => o.name);
  const input = given.name === 'x' ? 'picture' : 'x';
  const ranged = rangeNodes(range, input, layout === 'nhwc' ? 'semtag_first' : given.name);
  const turn = (perm: number[], from: string, to: string): OnnxNode => ({
    op: 'Transpose', inputs: [from], outputs: [to], attributes: { perm: { ints: perm } },
  }); // prettier-ignore
  const before = [...ranged.nodes, ...(layout === 'nhwc' ? [turn([0, 2, 3, 1], 'semtag_first', given.name)] : [])];
  const inputs: Port[] = [{ name: input, dims: [given.dims[0] === 1 ? 1 : 'n', 3, side, side] }];
  const splice = { before, tensors: ranged.tensors, inputs };
  // once as it is, to see what the taps are
  const picture = testPicture(side);
  const seen = await tryOnnx(spliceOnnx(bytes, { ...splice, outputs: taps.map((t) => ({ name: t, dims: [] })) }), input, picture, [1, 3, side, side], taps, name); // prettier-ignore
  const pooled = taps.map((tap) => pool(tap, seen[tap]!.dims, name));
  const outputs = pooled.map(({ tap, length }): Port => ({ name: tap, dims: ['n', length] }));
  const made = spliceOnnx(bytes, {
    ...splice,
    after: pooled.flatMap(({ nodes }) => nodes),
    outputs,
    weight: kept(precision),
  });
  const names = outputs.map((o) => o.name);
  const result = await tryOnnx(made, input, picture, [1, 3, side, side], names, name);
  const finite = names.every((n) => result[n]!.values.every(Number.isFinite));
  if (!finite) throw new SemtagError('model_missing', `${name}: a feature is not a number`);
  const tapLengths = pooled.map(({ length }) => length);
  return {
    bytes: made,
    layout,
    backbone: {
      sha256: createHash('sha256').update(made).digest('hex'),
      side,
      input,
      taps: names,
      tapLengths,
      length: tapLengths.reduce((a, b) => a + b, 0),
      preprocessing: PREPROCESSING,
    },
  };
} // prettier-ignore

/** Three channels second or last; a size that is fixed in the file counts. */
function shapeOf({ dims }: Port, { name, side }: AdoptOptions): { layout: 'nchw' | 'nhwc'; side: number } {
  const shape = dims.length > 0 ? dims : ['n', 3, 'n', 'n'];
  const layout = shape[1] === 3 ? 'nchw' : shape[3] === 3 ? 'nhwc' : undefined;
  if (shape.length !== 4 || !layout)
    throw new SemtagError('model_missing', `${name}: it takes [${shape.join(', ')}], a backbone takes pictures of three channels`); // prettier-ignore
  const [height, width] = layout === 'nchw' ? [shape[2], shape[3]] : [shape[1], shape[2]];
  const fixed = [height, width].filter((d): d is number => typeof d === 'number');
  if (fixed.some((d) => d !== (side ?? fixed[0])))
    throw new SemtagError('bad_request', `${name}: it takes pictures of ${height} x ${width}, which must be square and --side`); // prettier-ignore
  const known = side ?? fixed[0];
  if (!known)
    throw new SemtagError('bad_request', `${name}: it does not say how large its pictures are; --side N`);
  return { layout, side: known };
}

/** The average over the picture of a map, whichever way its axes lie; a vector as it is. */
function pool(tap: string, dims: readonly number[], model: string): { tap: string; length: number; nodes: OnnxNode[] } {
  const [, a = 0, b = 0, c = 0] = dims;
  if (dims.length === 2) return { tap, length: a, nodes: [] };
  if (dims.length !== 4) throw new SemtagError('model_missing', `${model}: ${tap} is [${dims.join(', ')}], neither a map nor a vector`);
  const last = b !== c && a === b;
  const out = `${tap}_pooled`;
  const map = last ? `${tap}_turned` : tap;
  const nodes: OnnxNode[] = [
    ...(last ? [{ op: 'Transpose', inputs: [tap], outputs: [map], attributes: { perm: { ints: [0, 3, 1, 2] } } }] : []),
    // not ReduceMean: its form changed with the opset
    { op: 'GlobalAveragePool', inputs: [map], outputs: [`${tap}_average`], attributes: {} },
    { op: 'Flatten', inputs: [`${tap}_average`], outputs: [out], attributes: { axis: { int: 1 } } },
  ];
  return { tap: out, length: last ? c : a, nodes };
} // prettier-ignore

/** Neither flat nor symmetric: a network that takes its axes the wrong way round would show. */
function testPicture(side: number): Float32Array {
  const plane = Float32Array.from({ length: side * side }, (_, i) => 0.5 + 0.3 * Math.sin(i / 7) * Math.cos(i / (3 * side)));
  const x = new Float32Array(3 * side * side);
  for (let channel = 0; channel < 3; channel++) x.set(plane, channel * side * side);
  return x;
} // prettier-ignore
