// A small network of every layer that is converted, made and saved by TensorFlow.js: what our conversion is held against.

import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

/** The plain cpu backend is a hundred times slower. */
export async function startWasm(): Promise<void> {
  setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  await tf.setBackend('wasm');
}

/** Every layer that is covered, where it could go wrong: odd sizes with stride 2, several kernels a channel, norms that stand alone. */
export function everyLayer(): tf.LayersModel {
  const input = tf.input({ shape: [37, 37, 3] });
  const { layers: l } = tf;
  const kernel = { kernelInitializer: 'glorotNormal', biasInitializer: 'randomNormal' } as const;
  const norm = () => l.batchNormalization({ betaInitializer: 'randomNormal', gammaInitializer: 'randomUniform', movingMeanInitializer: 'randomNormal' }); // prettier-ignore
  const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]) => layer.apply(x) as tf.SymbolicTensor; // prettier-ignore
  let x = apply(l.conv2d({ filters: 8, kernelSize: 3, strides: 2, padding: 'same', useBias: false, ...kernel }), input); // prettier-ignore
  x = apply(l.activation({ activation: 'relu' }), apply(norm(), x));
  const left = apply(l.separableConv2d({ filters: 8, kernelSize: 3, depthMultiplier: 2, padding: 'same', biasInitializer: 'randomNormal', activation: 'relu' }), x); // prettier-ignore
  const right = apply(l.leakyReLU({ alpha: 0.2 }), apply(norm(), apply(l.depthwiseConv2d({ kernelSize: 3, padding: 'same', depthwiseInitializer: 'glorotNormal' }), x))); // prettier-ignore
  x = apply(norm(), apply(l.add(), [left, right]));
  x = apply(l.concatenate({ name: 'joined' }), [x, apply(l.reLU({ maxValue: 6 }), left), right]);
  x = apply(l.conv2d({ filters: 6, kernelSize: 4, strides: 3, ...kernel, activation: 'elu' }), apply(l.zeroPadding2d({ padding: [[1, 0], [0, 2]] }), x)); // prettier-ignore
  x = apply(l.maxPooling2d({ poolSize: 2, strides: 2, padding: 'same' }), x);
  x = apply(l.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same', name: 'small' }), x);
  x = apply(l.dropout({ rate: 0.5 }), apply(l.flatten({ name: 'flat' }), x));
  x = apply(l.dense({ units: 7, ...kernel, activation: 'tanh', name: 'dense' }), x);
  return tf.model({ inputs: input, outputs: x });
}

/** model.json and weights.bin, as `tf.io` writes them. */
export async function saved(model: tf.LayersModel, folder: string): Promise<void> {
  mkdirSync(folder);
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const json = { modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] };
      writeFileSync(join(folder, 'model.json'), JSON.stringify(json));
      writeFileSync(join(folder, 'weights.bin'), Buffer.from(weightData as ArrayBuffer));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
}
