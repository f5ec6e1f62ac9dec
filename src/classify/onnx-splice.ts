// Puts nodes before and behind the network of an ONNX file and leaves everything else in it as it is, byte for byte. Runs nothing.

import { SemtagError } from '../errors.ts';
import {
  nodeBytes,
  parseOnnx,
  parseTensor,
  portBytes,
  tensorBytes,
  type OnnxNode,
  type Port,
  type Tensor,
} from './onnx-file.ts';
import { bytesField, join, numberField, readFields, type Part, type WireField } from './protobuf.ts';

/** Fields of ModelProto and GraphProto (onnx.proto). */
const MODEL = { ir: 1, producer: 2, version: 3, graph: 7 };
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12 };

/** Weights may only be left out of the inputs from here on (onnx/docs/IR.md). */
const LEAST_IR = 8;

export type Splice = {
  /** run first; a node that gives the name of the file's own input takes its place */
  before?: OnnxNode[];
  /** run last */
  after?: OnnxNode[];
  tensors?: Tensor[];
  inputs: Port[];
  outputs: Port[];
  /** another way to keep a weight: what replaces it, and the nodes that give it back under its name */
  weight?: ((tensor: Tensor) => { tensors: Tensor[]; nodes: OnnxNode[] } | undefined) | undefined;
};

/** Deterministic. Errors: `model_missing` where it is no ONNX file. */
export function spliceOnnx(bytes: Uint8Array, splice: Splice): Uint8Array {
  const model = readFields(bytes);
  const graph = readFields(model.find(({ field }) => field === MODEL.graph)!.bytes);
  const weights: Part[] = [];
  const widened: OnnxNode[] = [];
  const rest: Part[] = [];
  for (const one of graph) {
    if (one.field === GRAPH.input || one.field === GRAPH.output || one.field === GRAPH.node) continue;
    if (one.field !== GRAPH.initializer) {
      rest.push(again(one));
      continue;
    }
    const kept = splice.weight?.(parseTensor(one.bytes));
    if (!kept) weights.push(again(one));
    else {
      weights.push(...kept.tensors.map((t) => bytesField(GRAPH.initializer, tensorBytes(t))));
      widened.push(...kept.nodes);
    }
  }
  const own = graph.filter(({ field }) => field === GRAPH.node).map(again);
  const nodes = (list: OnnxNode[]): Part[] => list.map((n) => bytesField(GRAPH.node, nodeBytes(n)));
  const body = join([
    ...nodes([...widened, ...(splice.before ?? [])]),
    ...own,
    ...nodes(splice.after ?? []),
    ...rest,
    ...weights,
    ...(splice.tensors ?? []).map((t) => bytesField(GRAPH.initializer, tensorBytes(t))),
    ...splice.inputs.map((p) => bytesField(GRAPH.input, portBytes(p))),
    ...splice.outputs.map((p) => bytesField(GRAPH.output, portBytes(p))),
  ]);
  const ir = Number(model.find(({ field }) => field === MODEL.ir)?.varint ?? 0n);
  const replaced = [MODEL.ir, MODEL.producer, MODEL.version, MODEL.graph];
  return join([
    numberField(MODEL.ir, Math.max(ir, LEAST_IR)),
    bytesField(MODEL.producer, 'semtag'),
    bytesField(MODEL.graph, body),
    ...model.filter(({ field }) => !replaced.includes(field)).map(again),
  ]);
}

/** A field as it was. Wire types: protobuf.dev/programming-guides/encoding. */
function again({ field, wire, varint, bytes }: WireField): Part {
  if (wire === 0) return numberField(field, varint);
  if (wire === 2) return bytesField(field, bytes);
  return join([key(field, wire), bytes]);
}

function key(field: number, wire: number): Uint8Array {
  // the key of a number field is its number with wire type 0: the last three bits of the first byte
  const bytes = numberField(field, 0).slice(0, -1);
  bytes[0] = bytes[0]! | wire;
  return bytes;
}

/** The one picture that a file takes. Errors: `model_missing` where it takes several things. */
export function onlyInput(bytes: Uint8Array, where: string): Port & { opset: number; outputs: Port[] } {
  const { inputs, outputs, opset } = parseOnnx(bytes);
  const [input] = inputs;
  if (!input || inputs.length > 1)
    throw new SemtagError('model_missing', `${where}: it takes ${inputs.length} inputs, a backbone takes one picture`);
  return { ...input, opset, outputs };
} // prettier-ignore
