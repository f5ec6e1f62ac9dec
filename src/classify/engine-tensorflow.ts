// Engine: native TensorFlow through @tensorflow/tfjs-node-gpu, an optional dependency. Runs only where it loads and sees a GPU, and says why not elsewhere.

import { SemtagError } from '../errors.ts';
import type { Backbone } from './backbones.ts';
import type { Engine } from './engine.ts';
import { graphEngine, type Tf } from './onnx-tfjs.ts';

export async function createTensorflowEngine(backbone: Backbone): Promise<Engine> {
  const tf = await load();
  await tf.ready();
  // NodeJSKernelBackend.isUsingGpuDevice of tfjs-node: false when libtensorflow finds no CUDA device and falls back to the CPU
  const { isUsingGpuDevice } = tf.backend() as unknown as { isUsingGpuDevice?: boolean };
  if (!isUsingGpuDevice)
    throw missing('@tensorflow/tfjs-node-gpu loads but sees no GPU; ONNX Runtime is faster than it on a CPU');
  return graphEngine('tensorflow', tf, backbone);
}

async function load(): Promise<Tf> {
  // a name that the compiler does not follow: an optional dependency may be absent when semtag is built
  const name = '@tensorflow/tfjs-node-gpu';
  try {
    const module = (await import(name)) as { default?: Tf } & Tf;
    return module.default ?? module;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // not installed; or installed without its addon, whose download npm skips or cannot make
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND')
      throw missing('@tensorflow/tfjs-node-gpu is not installed', error);
    if (/native addon/i.test(message))
      throw missing(
        '@tensorflow/tfjs-node-gpu has no native addon (libtensorflow was not downloaded)',
        error,
      );
    throw missing(`@tensorflow/tfjs-node-gpu does not load: ${message.split('\n')[0]}`, error);
  }
}

function missing(reason: string, cause?: unknown): SemtagError {
  return new SemtagError('engine_missing', `engine tensorflow: ${reason}`, { cause });
}
