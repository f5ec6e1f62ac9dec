// The whole model as one plain ONNX file: preprocessed views in, ten scores out. What it gives is what semtag gives; runs nothing.

import { CATEGORIES } from '../domain/categories.ts';
import type { Backbone } from './backbones.ts';
import type { Head } from './head.ts';
import { floatTensor, int64Tensor, parseOnnx, type OnnxNode } from './onnx-file.ts';
import { spliceOnnx } from './onnx-splice.ts';

/** Names in the file: of the views of one image, of its scores, and of each view's logits. */
export const VIEWS = 'views';
export const SCORES = 'scores';
export const LOGITS = 'view_logits';

/** From this opset on the axes of ReduceMean are an input, no attribute (onnx/docs/Changelog.md). */
const AXES_ARE_INPUT = 18;

/**
 * Input `views` [n, 3, side, side], the n views of ONE image, as preprocess.ts makes them. Outputs: `scores` [1, 10] = softmax of the mean of
 * the views' logits / temperature, and `view_logits` [n, 10] of each view before the temperature, for who would rather join or batch them otherwise.
 * logits = ((x - mean) scale) W' + b, with x or its roots, as in head.ts, in float32.
 */
export function modelOnnx(backboneFile: Uint8Array, backbone: Backbone, head: Head): Uint8Array {
  const { length } = head;
  const { opset } = parseOnnx(backboneFile);
  const node = (op: string, inputs: string[], out: string, attributes: OnnxNode['attributes'] = {}): OnnxNode => ({
    op, inputs, outputs: [out], attributes,
  }); // prettier-ignore
  const axes = opset < AXES_ARE_INPUT ? { axes: { ints: [0] } } : {};
  const joined = backbone.taps.length > 1 ? 'semtag_bottleneck' : backbone.taps[0]!;
  return spliceOnnx(backboneFile, {
    before: [node('Identity', [VIEWS], backbone.input)],
    after: [
      ...(backbone.taps.length > 1 ? [node('Concat', [...backbone.taps], joined, { axis: { int: 1 } })] : []),
      ...(head.roots
        ? [
            node('Abs', [joined], 'semtag_size'),
            node('Sqrt', ['semtag_size'], 'semtag_size_root'),
            node('Sign', [joined], 'semtag_sign'),
            node('Mul', ['semtag_size_root', 'semtag_sign'], 'semtag_root'),
          ]
        : []),
      node('Sub', [head.roots ? 'semtag_root' : joined, 'semtag_mean'], 'semtag_centred'),
      node('Mul', ['semtag_centred', 'semtag_scale'], 'semtag_standardised'),
      node('Gemm', ['semtag_standardised', 'semtag_weights', 'semtag_bias'], LOGITS, { transB: { int: 1 } }),
      node('ReduceMean', opset < AXES_ARE_INPUT ? [LOGITS] : [LOGITS, 'semtag_axes'], 'semtag_mean_logits', { ...axes, keepdims: { int: 1 } }),
      node('Div', ['semtag_mean_logits', 'semtag_temperature'], 'semtag_tempered'),
      node('Softmax', ['semtag_tempered'], SCORES, { axis: { int: 1 } }),
    ],
    tensors: [
      floatTensor('semtag_mean', [length], head.mean),
      floatTensor('semtag_scale', [length], head.scale),
      floatTensor('semtag_weights', [CATEGORIES.length, length], head.weights),
      floatTensor('semtag_bias', [CATEGORIES.length], head.bias),
      floatTensor('semtag_temperature', [], Float32Array.of(head.temperature)),
      ...(opset < AXES_ARE_INPUT ? [] : [int64Tensor('semtag_axes', [1], [0])]),
    ],
    inputs: [{ name: VIEWS, dims: ['n', 3, backbone.side, backbone.side] }],
    outputs: [
      { name: SCORES, dims: [1, CATEGORIES.length] },
      { name: LOGITS, dims: ['n', CATEGORIES.length] },
    ],
  });
} // prettier-ignore
