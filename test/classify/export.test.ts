// The exported forms of a model, run by ONNX Runtime and TensorFlow.js themselves, against the head as it stands written: same scores.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBackbone, loadBackbone, type Backbone } from '../../src/classify/backbones.ts';
import { adopt } from '../../src/classify/convert/adopt.ts';
import { findSource, openSource } from '../../src/classify/convert/source.ts';
import { createEngine } from '../../src/classify/engine.ts';
import { modelOnnx } from '../../src/classify/export-onnx.ts';
import { modelTfjs } from '../../src/classify/export-tfjs.ts';
import type { Head } from '../../src/classify/head.ts';
import { CATEGORIES } from '../../src/domain/categories.ts';
import { randomOf } from '../../src/domain/random.ts';
import { everyLayer, saved, startWasm } from './networks.ts';

const dir = mkdtempSync(join(tmpdir(), 'semtag-export-'));
beforeAll(startWasm);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function headOn({ name, sha256, preprocessing, length }: Backbone): Head {
  const random = randomOf(9);
  const some = (n: number, size: number) => Float32Array.from({ length: n }, () => size * (random() - 0.5));
  const weights = some(length * CATEGORIES.length, 8 / Math.sqrt(length));
  const scale = some(length, 1).map((v) => v + 1);
  return { name: 'h', sha256: '', backbone: { name, sha256 }, preprocessing, length, roots: true, temperature: 1.7, mean: some(length, 0.2), scale, weights, bias: some(CATEGORIES.length, 1) }; // prettier-ignore
}

/** softmax(mean over views of W ((root x - mean) scale) + b, over T), written out once more. */
function scoresByHand(head: Head, views: Float32Array[]): number[] {
  const logits = CATEGORIES.map((_, c) => {
    const of = (x: Float32Array) => x.reduce((sum, v, j) => sum + head.weights[c * head.length + j]! * (Math.sign(v) * Math.sqrt(Math.abs(v)) - head.mean[j]!) * head.scale[j]!, head.bias[c]!); // prettier-ignore
    return views.reduce((sum, x) => sum + of(x), 0) / views.length / head.temperature;
  });
  const powers = logits.map((l) => Math.exp(l));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}

const networks: Record<string, () => Promise<Backbone>> = {
  'the default backbone': async () => findBackbone(),
  'every layer that is converted': async () => {
    const folder = join(dir, 'every-layer');
    await saved(everyLayer(), folder);
    const options = { name: 'every', range: '-1..1', precision: 'fp32', taps: ['joined', 'flat'] } as const;
    const { bytes, backbone } = await adopt(openSource(findSource(folder)).read(), options);
    const file = join(dir, 'every.onnx');
    writeFileSync(file, bytes);
    return { ...backbone, name: 'every', file: async () => file, licence: '', about: '' };
  },
};

describe.each(Object.entries(networks))('%s', (_, made) => {
  let backbone: Backbone;
  let head: Head;
  let views: Float32Array[];
  let expected: number[];
  beforeAll(async () => {
    backbone = await made();
    head = headOn(backbone);
    const random = randomOf(4);
    views = [0, 1].map((k) => Float32Array.from({ length: backbone.side ** 2 }, (_, i) => 0.4 + 0.2 * Math.sin(i / (5 + k)) + 0.3 * random())); // prettier-ignore
    const engine = await createEngine('onnx', backbone);
    expected = scoresByHand(head, await engine.features(views));
    await engine.close();
    expect(Math.max(...expected)).toBeLessThan(0.999); // else any head would do
  });

  test('as plain ONNX', async () => {
    const session = await ort.InferenceSession.create(modelOnnx((await loadBackbone(backbone)).bytes, backbone, head)); // prettier-ignore
    const { side } = backbone;
    const x = Float32Array.from(views.flatMap((v) => [v, v, v].flatMap((plane) => Array.from(plane))));
    const { scores } = await session.run({ views: new ort.Tensor('float32', x, [2, 3, side, side]) });
    expected.forEach((s, i) => expect(Number(scores!.data[i])).toBeCloseTo(s, 5));
    await session.release();
  });

  test('as a TensorFlow.js graph model', { timeout: 120_000 }, async () => {
    const [json, weights] = modelTfjs((await loadBackbone(backbone)).bytes, backbone, head);
    const { modelTopology, signature, weightsManifest } = JSON.parse(Buffer.from(json!.bytes).toString()) as tf.io.ModelJSON; // prettier-ignore
    const weightData = new Uint8Array(weights!.bytes).buffer;
    const model = await tf.loadGraphModel({
      load: async () => ({ modelTopology, signature: signature!, weightSpecs: weightsManifest[0]!.weights, weightData }), // prettier-ignore
    });
    expect(model.inputs.map(({ name, shape }) => [name, shape])).toEqual([['views', [-1, backbone.side, backbone.side, 3]]]); // prettier-ignore
    const { side } = backbone;
    const stacked = tf.stack(views.map((v) => tf.tile(tf.tensor3d(v, [side, side, 1]), [1, 1, 3])));
    const [scores, logits] = model.execute(stacked, ['scores', 'view_logits']) as tf.Tensor[];
    expect(logits!.shape).toEqual([2, 10]);
    const values = scores!.dataSync();
    expected.forEach((s, i) => expect(values[i]).toBeCloseTo(s, 4));
  });
});
