// The part of an ONNX file that a plain CNN uses, out of bytes and into bytes. Field numbers: onnx.proto of github.com/onnx/onnx. Runs nothing.

import { SemtagError } from '../errors.ts';
import {
  bytesField,
  floatField,
  join,
  numberField,
  readFields,
  readVarints,
  type WireField,
} from './protobuf.ts';

/** Element types of TensorProto that are read: float32, int8, int64, float16. */
export const FLOAT = 1;
export const INT8 = 3;
export const INT64 = 7;
export const FLOAT16 = 10;

/** `raw`: little-endian values, as TensorProto.raw_data holds them. */
export type Tensor = { name: string; type: number; dims: number[]; raw: Uint8Array };

export type Attribute = {
  ints?: number[];
  floats?: number[];
  int?: number;
  float?: number;
  text?: string;
  tensor?: Tensor;
};

export type OnnxNode = {
  op: string;
  inputs: string[];
  outputs: string[];
  attributes: Record<string, Attribute>;
};

/** Dimensions that are not fixed are `n`. */
export type Port = { name: string; dims: (number | 'n')[] };

export type OnnxGraph = {
  opset: number;
  inputs: Port[];
  outputs: Port[];
  nodes: OnnxNode[];
  tensors: Tensor[];
};

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const of = (fields: WireField[], field: number): Uint8Array[] =>
  fields.flatMap((f) => (f.field === field ? [f.bytes] : []));
const textOf = (fields: WireField[], field: number): string =>
  text(of(fields, field)[0] ?? new Uint8Array(0));
const floats = (bytes: Uint8Array): number[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
};

export function parseOnnx(bytes: Uint8Array): OnnxGraph {
  try {
    const model = readFields(bytes);
    const graph = of(model, 7)[0];
    if (!graph) throw new RangeError('no graph');
    const fields = readFields(graph);
    const opsets = of(model, 8).map((o) => readFields(o));
    const tensors = of(fields, 5).map(parseTensor);
    const fixed = new Set(tensors.map((t) => t.name));
    return {
      opset: Number(readVarints(opsets.find((o) => textOf(o, 1) === '') ?? [], 2)[0] ?? 0n),
      // older files list their weights among the inputs too
      inputs: of(fields, 11)
        .map(parsePort)
        .filter((p) => !fixed.has(p.name)),
      outputs: of(fields, 12).map(parsePort),
      nodes: of(fields, 1).map(parseNode),
      tensors,
    };
  } catch (error) {
    throw new SemtagError(
      'model_missing',
      `ONNX file: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

export function parseTensor(bytes: Uint8Array): Tensor {
  const fields = readFields(bytes);
  const type = Number(readVarints(fields, 2)[0] ?? 0n);
  const dims = readVarints(fields, 1).map(Number);
  if (readVarints(fields, 14)[0])
    throw new RangeError(`the weights of ${textOf(fields, 8)} lie in another file; save it as one file`);
  let raw = of(fields, 9)[0];
  if (!raw) {
    if (type === FLOAT) raw = join(of(fields, 4));
    else if (type === FLOAT16) raw = new Uint8Array(Uint16Array.from(readVarints(fields, 5), Number).buffer);
    else if (type === INT8) raw = new Uint8Array(Int8Array.from(readVarints(fields, 5), Number).buffer);
    else raw = new Uint8Array(BigInt64Array.from(readVarints(fields, 7)).buffer);
  }
  return { name: textOf(fields, 8), type, dims, raw };
}

function parseNode(bytes: Uint8Array): OnnxNode {
  const fields = readFields(bytes);
  return {
    op: textOf(fields, 4),
    inputs: of(fields, 1).map(text),
    outputs: of(fields, 2).map(text),
    attributes: Object.fromEntries(of(fields, 5).map(parseAttribute)),
  };
}

function parseAttribute(bytes: Uint8Array): [string, Attribute] {
  const fields = readFields(bytes);
  const one: Attribute = {};
  const ints = readVarints(fields, 8).map(Number);
  if (ints.length > 0) one.ints = ints;
  const many = of(fields, 7).flatMap(floats);
  if (many.length > 0) one.floats = many;
  const float = of(fields, 2)[0];
  if (float) one.float = floats(float)[0]!;
  const int = readVarints(fields, 3)[0];
  if (int !== undefined) one.int = Number(int);
  const string = of(fields, 4)[0];
  if (string) one.text = text(string);
  const tensor = of(fields, 5)[0];
  if (tensor) one.tensor = parseTensor(tensor);
  return [textOf(fields, 1), one];
}

function parsePort(bytes: Uint8Array): Port {
  const fields = readFields(bytes);
  const tensor = of(readFields(of(fields, 2)[0] ?? new Uint8Array(0)), 1)[0];
  const shape = tensor && of(readFields(tensor), 2)[0];
  const dims = shape
    ? of(readFields(shape), 1).map((d) => Number(readVarints(readFields(d), 1)[0] ?? 0n) || 'n')
    : [];
  return { name: textOf(fields, 1), dims: dims };
}

/** The values of a tensor as float32; float16 is widened exactly, int64 must fit. */
export function valuesOf(tensor: Tensor): Float32Array {
  const { raw } = tensor;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  if (tensor.type === FLOAT)
    return Float32Array.from({ length: raw.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
  if (tensor.type === FLOAT16)
    return Float32Array.from({ length: raw.length / 2 }, (_, i) => widen(view.getUint16(2 * i, true)));
  if (tensor.type === INT8) return Float32Array.from({ length: raw.length }, (_, i) => view.getInt8(i));
  if (tensor.type === INT64)
    return Float32Array.from({ length: raw.length / 8 }, (_, i) => Number(view.getBigInt64(8 * i, true)));
  throw new SemtagError(
    'model_missing',
    `ONNX file: ${tensor.name} has element type ${tensor.type}, which is not read`,
  );
}

/** IEEE 754 binary16 -> number, exact. */
export function widen(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Number -> nearest IEEE 754 binary16, ties to even, as numpy's astype(float16) does. */
export function narrow(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  // log2 of a number just below a power of two may round up to it
  const e = size < 2 ** exponent && exponent > -14 ? exponent - 1 : exponent;
  const scaled = size / 2 ** (e - 10);
  let whole = Math.floor(scaled);
  const rest = scaled - whole;
  if (rest > 0.5 || (rest === 0.5 && whole % 2 === 1)) whole++;
  // a carry into the next exponent falls out of the addition
  return size < 2 ** -14 ? sign | whole : sign | (((e + 15) << 10) + (whole - 1024));
}

export function floatTensor(name: string, dims: number[], values: Float32Array): Tensor {
  return {
    name,
    type: FLOAT,
    dims,
    raw: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  };
}

export function int64Tensor(name: string, dims: number[], values: number[]): Tensor {
  return { name, type: INT64, dims, raw: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) };
}

/** The same tensor in half the bytes. */
export function halfTensor(name: string, dims: number[], values: Float32Array): Tensor {
  return { name, type: FLOAT16, dims, raw: new Uint8Array(Uint16Array.from(values, narrow).buffer) };
}

/** Deterministic: the same graph gives the same bytes. */
export function writeOnnx(graph: OnnxGraph): Uint8Array {
  const body = join([
    ...graph.nodes.map((n) => bytesField(1, nodeBytes(n))),
    bytesField(2, 'semtag'),
    ...graph.tensors.map((t) => bytesField(5, tensorBytes(t))),
    ...graph.inputs.map((p) => bytesField(11, portBytes(p))),
    ...graph.outputs.map((p) => bytesField(12, portBytes(p))),
  ]);
  // IR version 8 belongs to opset 17 (onnx/docs/Versioning.md)
  return join([
    numberField(1, 8),
    bytesField(2, 'semtag'),
    bytesField(7, body),
    bytesField(8, join([bytesField(1, ''), numberField(2, graph.opset)])),
  ]);
}

export function nodeBytes(node: OnnxNode): Uint8Array {
  return join([
    ...node.inputs.map((i) => bytesField(1, i)),
    ...node.outputs.map((o) => bytesField(2, o)),
    bytesField(3, node.outputs[0] ?? ''),
    bytesField(4, node.op),
    ...Object.entries(node.attributes).map(([name, a]) => bytesField(5, attributeBytes(name, a))),
  ]);
}

/** AttributeProto.type: FLOAT 1, INT 2, STRING 3, TENSOR 4, FLOATS 6, INTS 7. */
function attributeBytes(name: string, a: Attribute): Uint8Array {
  const parts = [bytesField(1, name)];
  if (a.float !== undefined) parts.push(floatField(2, a.float), numberField(20, 1));
  else if (a.int !== undefined) parts.push(numberField(3, a.int), numberField(20, 2));
  else if (a.text !== undefined) parts.push(bytesField(4, a.text), numberField(20, 3));
  else if (a.tensor) parts.push(bytesField(5, tensorBytes(a.tensor)), numberField(20, 4));
  else if (a.floats) parts.push(...a.floats.map((f) => floatField(7, f)), numberField(20, 6));
  else parts.push(...(a.ints ?? []).map((i) => numberField(8, i)), numberField(20, 7));
  return join(parts);
}

export function tensorBytes(t: Tensor): Uint8Array {
  return join([
    ...t.dims.map((d) => numberField(1, d)),
    numberField(2, t.type),
    bytesField(8, t.name),
    bytesField(9, t.raw),
  ]);
}

export function portBytes(port: Port): Uint8Array {
  const dims = port.dims.map((d) => bytesField(1, d === 'n' ? bytesField(2, 'n') : numberField(1, d)));
  const tensor = join([numberField(1, FLOAT), bytesField(2, join(dims))]);
  return join([bytesField(1, port.name), bytesField(2, bytesField(1, tensor))]);
}
