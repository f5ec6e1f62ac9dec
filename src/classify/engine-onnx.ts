// Engine: ONNX Runtime on the CPU, the default. One view a run, so that a bottleneck is the same alone and among others.

import type * as Ort from 'onnxruntime-node';
import { SemtagError } from '../errors.ts';
import { loadBackbone, type Backbone } from './backbones.ts';
import { joinTaps, type Engine, type EngineOptions } from './engine.ts';

export async function createOnnxEngine(backbone: Backbone, { threads = 1 }: EngineOptions): Promise<Engine> {
  const { path } = await loadBackbone(backbone);
  const ort = await load();
  // from the path: handing over bytes would keep them twice in memory
  const session = await ort.InferenceSession.create(path, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
    // spinning threads would eat the core of the microscope software between images
    extra: { session: { intra_op: { allow_spinning: threads > 1 ? '0' : '1' } } },
  });
  const { side, input, taps } = backbone;
  const plane = side * side;
  const x = new Float32Array(3 * plane);
  return {
    name: 'onnx',
    backbone,
    async features(views) {
      const bottlenecks: Float32Array[] = [];
      for (const view of views) {
        for (let channel = 0; channel < 3; channel++) x.set(view, channel * plane);
        const out = await session.run({ [input]: new ort.Tensor('float32', x, [1, 3, side, side]) }, [
          ...taps,
        ]);
        bottlenecks.push(
          joinTaps(
            taps.map((t) => out[t]!.data as Float32Array),
            backbone,
          ),
        );
      }
      return bottlenecks;
    },
    close: () => session.release(),
  };
}

/** One run of a file that is not a backbone yet: what each output is. Errors: `model_missing` with the reason of ONNX Runtime. */
export async function tryOnnx(
  bytes: Uint8Array,
  input: string,
  values: Float32Array,
  dims: number[],
  outputs: readonly string[],
  name: string,
): Promise<Record<string, { dims: readonly number[]; values: Float32Array }>> {
  const ort = await load();
  try {
    const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
    const out = await session.run({ [input]: new ort.Tensor('float32', values, dims) }, [...outputs]);
    await session.release();
    return Object.fromEntries(
      outputs.map((o) => [o, { dims: out[o]!.dims, values: out[o]!.data as Float32Array }]),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new SemtagError('model_missing', `${name}: ${reason}`, { cause: error });
  }
}

async function load(): Promise<typeof Ort> {
  // read once, when the library loads: without it a device id and a database of events go to the home of the service account
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  try {
    return await import('onnxruntime-node');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SemtagError('engine_missing', `engine onnx: onnxruntime-node does not load here (${reason})`, {
      cause: error,
    });
  }
}
