// Makes efficientnet-lite0.fp16.onnx from the fp32 export: weights in half the bytes, each followed by a Cast to fp32. Changes no operation of the network.
//
//   npx tsx models/efficientnet-lite0/make.ts FP32.onnx OUT.onnx [--compare SHIPPED.onnx]
//
// --compare runs both files on the same seeded pictures and exits 1 unless every feature is equal to the last bit.

import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FLOAT, halfTensor, parseOnnx, valuesOf, writeOnnx, type OnnxGraph } from '../../src/classify/onnx-file.ts';

/** Tensors of this many values or fewer stay as they are: nothing is saved there. */
const SMALL = 16;

/** ONNX Runtime folds the Casts when the session is made, so the network is computed in fp32 throughout. */
export function toHalf(graph: OnnxGraph): OnnxGraph {
  const casts: OnnxGraph['nodes'] = [];
  const tensors = graph.tensors.map((t) => {
    const count = t.dims.reduce((a, b) => a * b, 1);
    if (t.type !== FLOAT || count <= SMALL) return t;
    casts.push({ op: 'Cast', inputs: [`${t.name}_h`], outputs: [t.name], attributes: { to: { int: FLOAT } } });
    return halfTensor(`${t.name}_h`, t.dims, valuesOf(t));
  });
  return { ...graph, nodes: [...casts, ...graph.nodes], tensors };
}

async function featuresOf(file: Uint8Array, pictures: Float32Array[]): Promise<Record<string, Float32Array>[]> {
  const ort = await import('onnxruntime-node');
  const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const all: Record<string, Float32Array>[] = [];
  for (const x of pictures) {
    const out = await session.run({ x: new ort.Tensor('float32', x, [1, 3, 224, 224]) });
    all.push(Object.fromEntries(Object.entries(out).map(([k, v]) => [k, v.data as Float32Array])));
  }
  await session.release();
  return all;
}

/** Pictures of seeded noise, 0..1 (mulberry32). */
function pictures(count: number): Float32Array[] {
  let state = 1;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return Array.from({ length: count }, () => Float32Array.from({ length: 3 * 224 * 224 }, next));
}

const { positionals, values } = parseArgs({ allowPositionals: true, options: { compare: { type: 'string' } } });
const [from, to] = positionals;
if (!from || !to) {
  console.error('usage: npx tsx models/efficientnet-lite0/make.ts FP32.onnx OUT.onnx [--compare SHIPPED.onnx]');
  process.exit(2);
}
const made = writeOnnx(toHalf(parseOnnx(readFileSync(from))));
writeFileSync(to, made);
console.log(`${to}: ${made.length} bytes`);
if (values.compare) {
  const views = pictures(4);
  const [mine, shipped, full] = [await featuresOf(made, views), await featuresOf(readFileSync(values.compare), views), await featuresOf(readFileSync(from), views)];
  let apart = 0;
  let relative = 0;
  for (const [i, features] of mine.entries())
    for (const [tap, v] of Object.entries(features)) {
      apart += v.reduce((n, a, k) => n + (a === shipped[i]![tap]![k] ? 0 : 1), 0);
      const exact = full[i]![tap]!;
      const norm = Math.hypot(...exact);
      relative = Math.max(relative, Math.hypot(...v.map((a, k) => a - exact[k]!)) / norm);
    }
  console.log(`${apart} features differ from ${values.compare}; ${relative.toExponential(1)} relative to fp32 at most`);
  process.exitCode = apart === 0 ? 0 : 1;
}
