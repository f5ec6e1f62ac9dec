// The Engine port: what turns views into bottlenecks, and the choice of one that can run here. Knows no category and no head.

import type { EngineName } from '../domain/job.ts';
import { SemtagError } from '../errors.ts';
import type { Backbone } from './backbones.ts';

export type Engine = {
  name: EngineName;
  backbone: Backbone;
  /**
   * One bottleneck a view, in order. A view: side * side grey values 0..1, row-major.
   * A bottleneck never depends on the other views of the call. Calls are made one after the other.
   */
  features(views: Float32Array[]): Promise<Float32Array[]>;
  close(): Promise<void>;
};

export type EngineOptions = {
  /** threads of one network run. Default 1: on an instrument PC two threads suffer far more than one when anything else is busy */
  threads?: number;
};

/** Throws where the engine cannot run here: `engine_missing` with the reason. `model_missing`: the backbone's file. */
export async function createEngine(
  name: EngineName,
  backbone: Backbone,
  options: EngineOptions = {},
): Promise<Engine> {
  // loaded only when wanted: tfjs alone costs a second and 100 MB
  switch (name) {
    case 'onnx':
      return (await import('./engine-onnx.ts')).createOnnxEngine(backbone, options);
    case 'tensorflow':
      return (await import('./engine-tensorflow.ts')).createTensorflowEngine(backbone);
    case 'wasm':
      return (await import('./engine-wasm.ts')).createWasmEngine(backbone);
  }
}

/** Tried in this order from the wanted one on. Wasm is last: it needs nothing native and runs everywhere. */
const FALLBACKS: Record<EngineName, EngineName[]> = {
  tensorflow: ['tensorflow', 'onnx', 'wasm'],
  onnx: ['onnx', 'wasm'],
  wasm: ['wasm'],
};

/**
 * The wanted engine, or the next one that runs here; `notices` says which were passed over and why, to be shown to the operator.
 * A backbone whose file is missing is an error, never a reason for another engine.
 */
export async function chooseEngine(
  wanted: EngineName,
  backbone: Backbone,
  options: EngineOptions = {},
): Promise<{ engine: Engine; notices: string[] }> {
  const notices: string[] = [];
  for (const name of FALLBACKS[wanted]) {
    try {
      return { engine: await createEngine(name, backbone, options), notices };
    } catch (error) {
      if (!(error instanceof SemtagError) || error.code !== 'engine_missing') throw error;
      notices.push(error.message);
    }
  }
  throw new SemtagError('engine_missing', notices.join('; '));
}

/** Joins taps to one bottleneck and checks its length and that every number is finite. */
export function joinTaps(taps: ArrayLike<number>[], backbone: Backbone): Float32Array {
  const joined = new Float32Array(backbone.length);
  let at = 0;
  for (const tap of taps) {
    if (at + tap.length > joined.length) break;
    joined.set(tap, at);
    at += tap.length;
  }
  const total = taps.reduce((n, t) => n + t.length, 0);
  if (total !== backbone.length)
    throw new SemtagError(
      'model_missing',
      `backbone ${backbone.name}: ${total} features, the catalogue says ${backbone.length}`,
    );
  if (!joined.every(Number.isFinite))
    throw new SemtagError('internal', `backbone ${backbone.name}: a feature is not a number`);
  return joined;
}
