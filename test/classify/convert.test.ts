// Networks taken in from elsewhere give the features that TensorFlow.js gives when it runs the original itself.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHash } from 'node:crypto';
import { findBackbone, type Backbone } from '../../src/classify/backbones.ts';
import { adopt, type AdoptOptions } from '../../src/classify/convert/adopt.ts';
import { findSource, openSource } from '../../src/classify/convert/source.ts';
import { exportedLiteral } from '../../src/classify/convert/js-literal.ts';
import type { TfjsModel } from '../../src/classify/convert/tfjs-files.ts';
import { createEngine } from '../../src/classify/engine.ts';
import { inceptionOnnx } from '../../src/classify/inception.ts';
import { randomOf } from '../../src/domain/random.ts';
import { everyLayer, saved, startWasm } from './networks.ts';
import type { EngineName } from '../../src/domain/job.ts';

const dir = mkdtempSync(join(tmpdir(), 'semtag-convert-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
beforeAll(startWasm);

/** |a - b| / |a| */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [Array.from(a), Array.from(b)];
  expect(y.length).toBe(x.length);
  return Math.hypot(...x.map((v, i) => v - y[i]!)) / Math.hypot(...x);
}

function view(side: number): Float32Array {
  const random = randomOf(3);
  return Float32Array.from({ length: side * side }, (_, i) => 0.5 + 0.3 * Math.sin(i / 9) + 0.2 * (random() - 0.5));
} // prettier-ignore

/** What our engine makes of the network once it is adopted. */
async function ours(path: string, given: Partial<AdoptOptions> = {}, engine: EngineName = 'onnx'): Promise<{ features: Float32Array; backbone: Backbone }> {
  const network = openSource(findSource(path)).read();
  const made = await adopt(network, { name: 'tested', range: '0..1', precision: 'fp32', ...given });
  const file = join(dir, `${made.backbone.sha256}.onnx`);
  writeFileSync(file, made.bytes);
  const backbone: Backbone = { name: 'tested', ...made.backbone, file: async () => file, licence: '', about: '' };
  const running = await createEngine(engine, backbone);
  const [features] = await running.features([view(backbone.side)]);
  await running.close();
  return { features: features!, backbone };
} // prettier-ignore

/** [1, side, side, 3], 0..1 */
const picture = (side: number): tf.Tensor4D =>
  tf.tile(tf.tensor4d(view(side), [1, side, side, 1]), [1, 1, 1, 3]);

const here = existsSync(new URL('../../node_modules/nsfwjs', import.meta.url));
describe.skipIf(!here)('out of the package nsfwjs, its own files run by TensorFlow.js', () => {
  const models = fileURLToPath(new URL('../../node_modules/nsfwjs/dist/models/', import.meta.url));
  const require = createRequire(import.meta.url);
  const artifacts = (name: string): tf.io.ModelArtifacts => {
    const { modelTopology, weightsManifest, userDefinedMetadata } = require(join(models, name, 'model.min.js')) as tf.io.ModelJSON; // prettier-ignore
    const [group] = weightsManifest;
    const shards = group!.paths.map((p) => Buffer.from(require(join(models, name, `${p}.min.js`)) as string, 'base64')); // prettier-ignore
    const weightData = new Uint8Array(Buffer.concat(shards)).buffer;
    return {
      modelTopology,
      weightSpecs: group!.weights,
      weightData,
      userDefinedMetadata: userDefinedMetadata!,
    };
  };
  const layersFeatures = async (name: string, side: number, taps: string[]): Promise<number[]> => {
    const model = await tf.loadLayersModel({ load: async () => artifacts(name) });
    const part = tf.model({ inputs: model.inputs, outputs: taps.map((t) => model.getLayer(t).output as tf.SymbolicTensor) }); // prettier-ignore
    const outs = ([part.predict(picture(side))] as tf.Tensor[][]).flat();
    const all = outs.map((o) => Array.from(tf.mean(o, [1, 2]).dataSync()));
    model.dispose();
    return all.flat();
  };

  test('mobilenet_v2, a Keras network: the map before the classifier', { timeout: 60_000 }, async () => {
    const { features, backbone } = await ours('npm:nsfwjs@4.4.0/dist/models/mobilenet_v2');
    expect(backbone).toMatchObject({ side: 224, taps: ['out_relu'], length: 1280 });
    expect(apart(await layersFeatures('mobilenet_v2', 224, ['out_relu']), features)).toBeLessThan(1e-3);
  });

  test('inception_v3: two taps joined; and the catalogue’s file, bit for bit', { timeout: 120_000 }, async () => {
    const { features } = await ours('npm:nsfwjs/dist/models/inception_v3', { taps: ['mixed5', 'mixed10'] });
    expect(apart(await layersFeatures('inception_v3', 299, ['mixed5', 'mixed10']), features)).toBeLessThan(1e-3);
    const sha256 = createHash('sha256').update(inceptionOnnx()).digest('hex');
    expect(sha256).toBe(findBackbone('inception-v3').sha256);
  }); // prettier-ignore

  test('mobilenet_v2_mid, a graph model; a tap by the end of its name', { timeout: 60_000 }, async () => {
    const taps = ['MobilenetV2/expanded_conv_12/add', 'Conv_1/Relu6'];
    const { features, backbone } = await ours('npm:nsfwjs/dist/models/mobilenet_v2_mid', { taps });
    expect(backbone.tapLengths[1]).toBe(1792);
    const model = await tf.loadGraphModel({ load: async () => artifacts('mobilenet_v2_mid') });
    const outs = model.execute(picture(224), [...backbone.taps]) as tf.Tensor[];
    const expected = outs.flatMap((o) => Array.from(tf.mean(o, [1, 2]).dataSync()));
    expect(apart(expected, features)).toBeLessThan(1e-3);
  });

  test('fp16 and int8 keep the features near, at a half and a quarter of the size, in both engines', { timeout: 60_000 }, async () => {
    const path = 'npm:nsfwjs/dist/models/mobilenet_v2';
    const full = await ours(path);
    for (const [precision, most] of [['fp16', 0.01], ['int8', 0.15]] as const) {
      const kept = await ours(path, { precision });
      expect(apart(full.features, kept.features)).toBeLessThan(most);
      expect(apart(kept.features, (await ours(path, { precision }, 'wasm')).features)).toBeLessThan(1e-3);
      const size = async (b: Backbone) => readFileSync(await b.file()).length;
      expect((await size(kept.backbone)) / (await size(full.backbone))).toBeLessThan(precision === 'fp16' ? 0.52 : 0.3);
    }
  }); // prettier-ignore
});

describe('a network made and saved by TensorFlow.js', () => {
  const folder = join(dir, 'every-layer');
  let model: tf.LayersModel;
  beforeAll(async () => {
    model = everyLayer();
    await saved(model, folder);
  });

  test.each([['joined'], ['small'], ['flat'], ['dense'], ['joined', 'dense']])(
    'gives the same at %s %s in both engines',
    async (...taps) => {
      const given = taps.filter(Boolean);
      const part = tf.model({ inputs: model.inputs, outputs: given.map((t) => model.getLayer(t).output as tf.SymbolicTensor) }); // prettier-ignore
      const outs = ([part.predict(picture(37))] as tf.Tensor[][]).flat();
      const expected = outs.flatMap((o) => Array.from((o.rank === 4 ? tf.mean(o, [1, 2]) : o).dataSync()));
      for (const engine of ['onnx', 'wasm'] as const) {
        const { features, backbone } = await ours(folder, { taps: given }, engine);
        expect(backbone.side).toBe(37);
        expect(apart(expected, features)).toBeLessThan(1e-5);
      }
    },
  );

  test('takes the range that it is told', async () => {
    const taps = ['joined'];
    const part = tf.model({ inputs: model.inputs, outputs: model.getLayer('joined').output });
    const expected = tf.mean(part.predict(tf.sub(tf.mul(picture(37), 2), 1)) as tf.Tensor, [1, 2]).dataSync();
    const { features } = await ours(folder, { taps, range: '-1..1' });
    expect(apart(expected, features)).toBeLessThan(1e-5);
  });

  test('names a layer that is not there, and one that is not covered', async () => {
    await expect(ours(folder, { taps: ['nowhere'] })).rejects.toThrow(/no layer nowhere/);
    const text = readFileSync(join(folder, 'model.json'), 'utf8');
    const odd = join(dir, 'odd.json');
    writeFileSync(odd, text.replaceAll('"LeakyReLU"', '"Wobble"'));
    writeFileSync(join(dir, 'weights.bin'), readFileSync(join(folder, 'weights.bin')));
    await expect(ours(odd)).rejects.toThrow(/leaky_re_lu\S* is a Wobble, which is not converted/);
  });
});

test('what must be told is asked for, and what is no network is refused', async () => {
  const lite = await findBackbone().file();
  const network = openSource(findSource(lite)).read();
  await expect(adopt(network, { name: 'x', range: '0..1', precision: 'fp32', side: 100 })).rejects.toThrow(/224 x 224/); // prettier-ignore
  const wrong = { name: 'x', range: '0..1', precision: 'fp32', taps: ['none'] } as const;
  await expect(adopt(network, wrong)).rejects.toMatchObject({ code: 'model_missing' });
  const file = join(dir, 'not.onnx');
  writeFileSync(file, 'no network');
  expect(() => findSource('npm:no-such-package/x')).toThrow(/not installed/);
  await expect(ours(file)).rejects.toMatchObject({ code: 'model_missing' });
});

describe('a packed model is read as text', () => {
  const packed = (name: string, model: string, weights: string) => {
    const folder = join(dir, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'model.js'), model);
    writeFileSync(join(folder, 'weights.bin.js'), weights);
    return folder;
  };
  const model = (paths: string) =>
    `module.exports={modelTopology:{model_config:{config:{layers:[]}}},weightsManifest:[{paths:[${paths}],weights:[{name:"a",shape:[2],dtype:"float32"}]}]}`;

  test('its code never runs, whatever stands before and after what it exports', () => {
    const ran = join(dir, 'ran');
    const evil = `require("fs").writeFileSync(${JSON.stringify(ran)},"");`;
    const two = Buffer.from(new Float32Array([1, -0.5]).buffer).toString('base64');
    const folder = packed('evil', `${evil}${model('"weights.bin"')};${evil}`, `${evil}module.exports = '${two}';`);
    const { sha256, read } = openSource(findSource(folder));
    const files = ['model.js', 'weights.bin.js'].map((name) => readFileSync(join(folder, name)));
    expect(sha256).toBe(createHash('sha256').update(Buffer.concat(files)).digest('hex'));
    expect(Array.from((read() as TfjsModel).weights.get('a')!.values)).toEqual([1, -0.5]);
    expect(existsSync(ran)).toBe(false);
  }); // prettier-ignore

  test('what it exports must be there as it stands', () => {
    const computed = packed('computed', 'module.exports={modelTopology:fetch("x")}', '');
    expect(() => openSource(findSource(computed))).toThrow(/no plain text or object/);
  });

  test('its files lie beside it', () => {
    const folder = packed('outside', model('"../every-layer/weights.bin"'), '');
    expect(() => openSource(findSource(folder))).toThrow(/every-layer.*would not lie beside it/);
  });

  test('every literal as JavaScript reads it', () => {
    const text = String.raw`{a:[-.5,1e-3,2.,!0,!1,null,],'b c':"\x41\u00e9\n\"",3:{},__proto__x:'it\'s'}`;
    expect(exportedLiteral(`e.exports=${text}`)).toEqual(runInNewContext(`(${text})`));
    expect(() => exportedLiteral('exports={a:1')).toThrow();
    expect(() => exportedLiteral('exports="abc')).toThrow(/does not end/);
  });
});
