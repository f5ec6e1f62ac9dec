// The nodes of a TensorFlow.js graph model as its model.json has them (tensorflow/core/framework/graph.proto in JSON). Knows no network.

type Attr = Record<string, unknown>;

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

/** AttrValue in JSON: strings are base64, whole numbers are text. */
export const attr = {
  int: (value: number): Attr => ({ i: String(value) }),
  ints: (values: number[]): Attr => ({ list: { i: values.map(String) } }),
  number: (value: number): Attr => ({ f: value }),
  bool: (value: boolean): Attr => ({ b: value }),
  text: (value: string): Attr => ({ s: base64(value) }),
  texts: (values: string[]): Attr => ({ list: { s: values.map(base64) } }),
  shape: (dims: number[]): Attr => ({ shape: { dim: dims.map((size) => ({ size: String(size) })) } }),
  float: { type: 'DT_FLOAT' } as Attr,
};

export type GraphNodes = ReturnType<typeof graphNodes>;

export function graphNodes() {
  const nodes: { name: string; op: string; input: string[]; attr: Record<string, Attr> }[] = [];
  const weights: { name: string; shape: number[]; values: Float32Array | Int32Array }[] = [];

  const add = (name: string, op: string, input: string[], more: Record<string, Attr> = {}): string => {
    nodes.push({ name, op, input, attr: { T: attr.float, ...more } });
    return name;
  };
  const constant = (
    name: string,
    shape: number[],
    values: Float32Array | Int32Array,
    type: string,
  ): string => {
    const dim = shape.map((size) => ({ size: String(size) }));
    const value = { tensor: { dtype: type, tensorShape: { dim } } };
    nodes.push({ name, op: 'Const', input: [], attr: { dtype: { type }, value } });
    weights.push({ name, shape, values });
    return name;
  };
  return {
    nodes,
    weights,
    /** The name, which its result is taken by. */
    add,
    floats: (name: string, shape: number[], values: ArrayLike<number>): string =>
      constant(name, shape, Float32Array.from(values), 'DT_FLOAT'),
    ints: (name: string, shape: number[], values: number[]): string =>
      constant(name, shape, Int32Array.from(values), 'DT_INT32'),
  };
}
