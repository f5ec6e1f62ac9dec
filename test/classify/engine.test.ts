// The Engine port's conformance suite: every engine that can run here, on both backbones where their files are there.

import { afterAll, describe, expect, test } from 'vitest';
import { existsSync } from 'node:fs';
import { findBackbone, type Backbone } from '../../src/classify/backbones.ts';
import { chooseEngine, createEngine, type Engine } from '../../src/classify/engine.ts';
import { pictureOf, viewsOf } from '../../src/classify/preprocess.ts';
import { ENGINE_NAMES, type EngineName } from '../../src/domain/job.ts';
import { SemtagError } from '../../src/errors.ts';
import { speckled } from './pictures.ts';

const lite = findBackbone();

/** |a - b| / |a| over whole bottlenecks. */
function apart(a: Float32Array, b: Float32Array): number {
  let difference = 0;
  let length = 0;
  for (let i = 0; i < a.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    length += a[i]! ** 2;
  }
  return Math.sqrt(difference / length);
}

async function opened(name: EngineName, backbone: Backbone): Promise<Engine | string> {
  try {
    return await createEngine(name, backbone);
  } catch (error) {
    if (error instanceof SemtagError && error.code === 'engine_missing') return error.message;
    throw error;
  }
}

const views = viewsOf(pictureOf(speckled(640, 480, 8), { width: 640, height: 440 }), lite.side);
const reference = await createEngine('onnx', lite);
const expected = await reference.features(views);
afterAll(() => reference.close());

for (const name of ENGINE_NAMES) {
  const engine = await opened(name, lite);
  if (typeof engine === 'string') {
    test.skip(`engine ${name} cannot run here: ${engine}`, () => {});
    continue;
  }
  describe(`engine ${name}`, () => {
    afterAll(() => engine.close());

    test('gives one bottleneck a view, of the length in the catalogue, all finite', async () => {
      const features = await engine.features(views);
      expect(features.map((f) => f.length)).toEqual([lite.length, lite.length]);
      expect(features.every((f) => f.every(Number.isFinite))).toBe(true);
      // the two views differ, so an engine that ignores its input would be seen
      expect(apart(features[0]!, features[1]!)).toBeGreaterThan(0.01);
    });

    test('agrees with ONNX Runtime within 1e-3 relative', async () => {
      const features = await engine.features(views);
      for (const [i, f] of features.entries()) expect(apart(expected[i]!, f)).toBeLessThan(1e-3);
    });

    test('gives the same bits again, alone or among others', async () => {
      const [, second] = await engine.features(views);
      const [alone] = await engine.features([views[1]!]);
      expect(Buffer.from(alone!.buffer).equals(Buffer.from(second!.buffer))).toBe(true);
    });

    test('no view, no bottleneck', async () => {
      expect(await engine.features([])).toEqual([]);
    });
  });
}

test('the wanted engine is passed over with a reason when it cannot run, never silently', async () => {
  const native = await opened('tensorflow', lite);
  const { engine, notices } = await chooseEngine('tensorflow', lite);
  if (typeof native === 'string') {
    expect(engine.name).toBe('onnx');
    expect(notices).toEqual([native]);
    expect(native).toMatch(/^engine tensorflow: .*(not installed|native addon|sees no GPU|does not load)/);
  } else {
    expect(engine.name).toBe('tensorflow');
    await native.close();
  }
  await engine.close();
});

test('a backbone whose file has other bytes is refused', async () => {
  const wrong = { ...lite, sha256: '0'.repeat(64) };
  await expect(createEngine('onnx', wrong)).rejects.toMatchObject({ code: 'model_missing' });
  await expect(createEngine('onnx', { ...lite, file: async () => '/nowhere.onnx' })).rejects.toMatchObject({
    code: 'model_missing',
  });
});

const here = existsSync(new URL('../../node_modules/nsfwjs', import.meta.url));
test.skipIf(!here)(
  'a second backbone runs through the same port (needs the development dependency nsfwjs)',
  async () => {
    const inception = findBackbone('inception-v3');
    const engine = await createEngine('onnx', inception);
    const [whole] = viewsOf(pictureOf(speckled(640, 480, 8), { width: 640, height: 480 }), inception.side);
    const [features] = await engine.features([whole!]);
    expect(features!.length).toBe(inception.length);
    await engine.close();
  },
);
