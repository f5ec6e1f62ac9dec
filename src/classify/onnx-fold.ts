// Works out the parts of an ONNX graph that depend on no input (shape arithmetic, widened weights), so that an engine meets only real layers.

import { SemtagError } from '../errors.ts';
import { valuesOf, type OnnxGraph, type OnnxNode } from './onnx-file.ts';

/** Values that are known before any picture is: row-major. int64 values must fit a double. */
export type Constant = { dims: number[]; values: Float32Array | Float64Array };

/** `nodes`: what is left to run for `outputs`, in order; every name in `constants` is known. Operators: onnx/docs/Operators.md. */
export function foldConstants(
  graph: OnnxGraph,
  outputs: readonly string[],
): { nodes: OnnxNode[]; constants: Map<string, Constant> } {
  const constants = new Map<string, Constant>();
  for (const t of graph.tensors) constants.set(t.name, { dims: t.dims, values: valuesOf(t) });
  const left: OnnxNode[] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((i) => (i === '' ? undefined : constants.get(i)));
    const known = node.inputs.every((i, k) => i === '' || inputs[k] !== undefined);
    const value = known ? evaluate(node, inputs) : undefined;
    if (value) constants.set(node.outputs[0]!, value);
    else left.push(node);
  }
  // from the wanted outputs backwards: what nothing needs is not run
  const wanted = new Set(outputs);
  const nodes = left.toReversed().filter((node) => {
    if (!node.outputs.some((o) => wanted.has(o))) return false;
    for (const i of node.inputs) wanted.add(i);
    return true;
  });
  return { nodes: nodes.toReversed(), constants };
}

/** Undefined where the operator is none of the shape arithmetic that exporters write. */
function evaluate(node: OnnxNode, inputs: (Constant | undefined)[]): Constant | undefined {
  const first = inputs[0];
  switch (node.op) {
    case 'Constant': {
      const { tensor, float, floats, int, ints } =
        node.attributes['value'] ?? Object.values(node.attributes)[0] ?? {};
      if (tensor) return { dims: tensor.dims, values: valuesOf(tensor) };
      const many = floats ?? ints;
      if (many) return { dims: [many.length], values: Float64Array.from(many) };
      return { dims: [], values: Float64Array.of(float ?? int ?? 0) };
    }
    case 'Identity':
    case 'Cast': // every number here is exact in a double, so a cast changes nothing
      return first;
    case 'DequantizeLinear': {
      // one scale a channel along the first axis, as precision.ts writes it
      const [, scales, zeros] = inputs;
      if ((node.attributes['axis']?.int ?? 1) !== 0 || scales!.values.length !== first!.dims[0])
        return undefined;
      const each = first!.values.length / scales!.values.length;
      const channel = (i: number): number => Math.floor(i / each);
      const zero = (c: number): number => zeros?.values[c] ?? 0;
      const values = first!.values.map((q, i) => (q - zero(channel(i))) * scales!.values[channel(i)]!);
      return { dims: first!.dims, values };
    }
    case 'ConstantOfShape': {
      const dims = Array.from(first!.values);
      const tensor = node.attributes['value']?.tensor;
      return { dims, values: new Float64Array(size(dims)).fill(tensor ? valuesOf(tensor)[0]! : 0) };
    }
    case 'Concat':
      // of vectors only: shapes and paddings
      if (inputs.some((c) => c!.dims.length > 1)) return undefined;
      return vector(inputs.flatMap((c) => Array.from(c!.values)));
    case 'Reshape': {
      const dims = Array.from(inputs[1]!.values, (d, i) => (d === 0 ? first!.dims[i]! : d));
      const rest = dims.indexOf(-1);
      if (rest >= 0) dims[rest] = size(first!.dims) / -size(dims);
      return { dims, values: first!.values };
    }
    case 'Transpose': {
      const [rows = 1, columns = 1] = first!.dims;
      if (first!.dims.length !== 2) return undefined;
      const values = first!.values.map((_, i) => first!.values[(i % rows) * columns + Math.floor(i / rows)]!);
      return { dims: [columns, rows], values };
    }
    case 'Slice':
      return slice(first!, inputs.slice(1));
    default:
      return undefined;
  }
}

/** Slice over the first axis, as exporters use it to turn paddings round. Ends beyond the range mean the edge. */
function slice(data: Constant, [starts, ends, axes, steps]: (Constant | undefined)[]): Constant | undefined {
  if (starts!.values.length !== 1 || (axes && axes.values[0] !== 0)) return undefined;
  const rows = data.dims[0] ?? 1;
  const width = size(data.dims) / rows;
  const step = steps?.values[0] ?? 1;
  const clamp = (v: number, low: number, high: number): number =>
    Math.min(Math.max(v < 0 ? v + rows : v, low), high);
  const start = step > 0 ? clamp(starts!.values[0]!, 0, rows) : clamp(starts!.values[0]!, 0, rows - 1);
  const end = step > 0 ? clamp(ends!.values[0]!, 0, rows) : clamp(ends!.values[0]!, -1, rows - 1);
  const picked: number[] = [];
  for (let r = start; step > 0 ? r < end : r > end; r += step)
    picked.push(...data.values.subarray(r * width, (r + 1) * width));
  return { dims: [picked.length / width, ...data.dims.slice(1)], values: Float64Array.from(picked) };
}

function vector(values: number[]): Constant {
  return { dims: [values.length], values: Float64Array.from(values) };
}

function size(dims: number[]): number {
  return dims.reduce((a, b) => a * b, 1);
}

/** The value of a constant that must be one. Errors: `model_missing`. */
export function constantOf(constants: Map<string, Constant>, name: string, node: OnnxNode): Constant {
  const found = constants.get(name);
  if (!found)
    throw new SemtagError('model_missing', `ONNX file: ${node.op} takes ${name}, which is not a constant`);
  return found;
}
