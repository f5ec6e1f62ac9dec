// Engine: TensorFlow.js on its WebAssembly backend, where nothing native runs. Four to five times slower than ONNX Runtime.

import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { SemtagError } from '../errors.ts';
import type { Backbone } from './backbones.ts';
import type { Engine } from './engine.ts';
import { graphEngine } from './onnx-tfjs.ts';

export async function createWasmEngine(backbone: Backbone): Promise<Engine> {
  const tf = await import('@tensorflow/tfjs')
    .then(async (tfjs) => {
      const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
      const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
      setWasmPaths(dirname(main) + sep);
      if (!(await tfjs.setBackend('wasm'))) throw new Error('the backend does not start');
      await tfjs.ready();
      return tfjs;
    })
    .catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new SemtagError('engine_missing', `engine wasm: TensorFlow.js does not run here (${reason})`, {
        cause: error,
      });
    });
  return graphEngine('wasm', tf, backbone);
}
