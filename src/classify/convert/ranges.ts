// What networks were trained to take as black and white, as nodes that make it of 0..1. A file never says which; people must.

import { floatTensor, type OnnxNode, type Tensor } from '../onnx-file.ts';

export const RANGES = ['0..1', '-1..1', '0..255', 'imagenet', 'caffe'] as const;
export type Range = (typeof RANGES)[number];

type Scaling = { factor: number[]; offset: number[] };

/** y = factor x + offset of x in 0..1, one number or one a channel. Grey has three equal channels, so the order of colours only moves the numbers. */
const SCALINGS: Record<Range, Scaling | undefined> = {
  '0..1': undefined,
  '-1..1': { factor: [2], offset: [-1] },
  '0..255': { factor: [255], offset: [0] },
  // mean and deviation of ImageNet, as torchvision has them (pytorch.org/vision/stable/models)
  imagenet: {
    factor: [0.229, 0.224, 0.225].map((s) => 1 / s),
    offset: [-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225],
  },
  // blue first, mean taken off, not scaled: Keras's mode "caffe" (keras.applications.imagenet_utils)
  caffe: { factor: [255], offset: [-103.939, -116.779, -123.68] },
};

/** Nodes from `from`, 0..1, to `to`, [n, 3, h, w]. */
export function rangeNodes(range: Range, from: string, to: string): { nodes: OnnxNode[]; tensors: Tensor[] } {
  const scaling = SCALINGS[range];
  if (!scaling) return { nodes: [{ op: 'Identity', inputs: [from], outputs: [to], attributes: {} }], tensors: [] };
  const tensor = (name: string, values: number[]): Tensor =>
    floatTensor(name, values.length === 1 ? [] : [1, 3, 1, 1], Float32Array.from(values));
  const tensors = [tensor('semtag_factor', scaling.factor), tensor('semtag_offset', scaling.offset)];
  const nodes = [
    { op: 'Mul', inputs: [from, 'semtag_factor'], outputs: ['semtag_ranged'], attributes: {} },
    { op: 'Add', inputs: ['semtag_ranged', 'semtag_offset'], outputs: [to], attributes: {} },
  ];
  return { nodes, tensors };
} // prettier-ignore
