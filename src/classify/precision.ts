// How the weights of a backbone are kept on disk: in full, in halves, or in bytes with a scale a channel. Computed in fp32 all the same.

import { FLOAT, floatTensor, halfTensor, INT8, valuesOf, type OnnxNode, type Tensor } from './onnx-file.ts';

export const PRECISIONS = ['fp32', 'fp16', 'int8'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** Tensors of this many values or fewer stay as they are: nothing is saved there. */
const SMALL = 16;

type Kept = { tensors: Tensor[]; nodes: OnnxNode[] };

/** What replaces a weight, and the node that gives it back; ONNX Runtime folds both when the session is made. Undefined: it stays. */
export function kept(precision: Precision): ((tensor: Tensor) => Kept | undefined) | undefined {
  if (precision === 'fp32') return undefined;
  return (tensor) => {
    const count = tensor.dims.reduce((a, b) => a * b, 1);
    if (tensor.type !== FLOAT || count <= SMALL) return undefined;
    // biases and norms are few and count for much
    return precision === 'fp16' ? halved(tensor) : tensor.dims.length > 1 ? inBytes(tensor) : undefined;
  };
}

function halved(tensor: Tensor): Kept {
  const half = halfTensor(`${tensor.name}_h`, tensor.dims, valuesOf(tensor));
  const attributes = { to: { int: FLOAT } };
  return {
    tensors: [half],
    nodes: [{ op: 'Cast', inputs: [half.name], outputs: [tensor.name], attributes }],
  };
}

/** Symmetric, a scale for each output channel: q = round(w / scale), scale = max |w| / 127 (Krishnamoorthi 2018, arXiv:1806.08342, 3.2). */
function inBytes({ name, dims, ...rest }: Tensor): Kept {
  const values = valuesOf({ name, dims, ...rest });
  const channels = dims[0]!;
  const each = values.length / channels;
  const scales = new Float32Array(channels);
  const bytes = new Int8Array(values.length);
  for (let c = 0; c < channels; c++) {
    const own = values.subarray(c * each, (c + 1) * each);
    const scale = own.reduce((most, v) => Math.max(most, Math.abs(v)), 0) / 127 || 1;
    scales[c] = scale;
    for (let i = 0; i < each; i++) bytes[c * each + i] = Math.round(own[i]! / scale);
  }
  const raw = new Uint8Array(bytes.buffer);
  const zeros = { name: `${name}_zero`, type: INT8, dims: [channels], raw: new Uint8Array(channels) };
  const tensors = [{ name: `${name}_q`, type: INT8, dims, raw }, floatTensor(`${name}_scale`, [channels], scales), zeros];
  const attributes = { axis: { int: 0 } };
  return { tensors, nodes: [{ op: 'DequantizeLinear', inputs: tensors.map((t) => t.name), outputs: [name], attributes }] };
} // prettier-ignore
