// The set that a head learns from: bottlenecks of labelled images, several images at the same time. Writes nothing but the cache.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { findBackbone } from '../classify/backbones.ts';
import type { EngineName } from '../domain/job.ts';
import { asSemtagError, SemtagError, type ErrorCode } from '../errors.ts';
import { openBottleneckCache, type BottleneckCache } from './bottleneck-cache.ts';
import type { Example } from './dataset.ts';
import { makeBottlenecks, runHere, type Made, type Making, type Run } from './make-bottlenecks.ts';

export type TrainingBottlenecks = {
  example: Example;
  sha256: string;
  /** the two views of classification first, then the training views */
  views: Float32Array[];
  /** absent where only the bottlenecks of an image are left */
  pictureHash?: string;
};

/** `made`: of the images done, those that went through the network. */
export type Progress = (done: number, all: number, made: number) => void;

export type Skipped = { file: string; reason: string };

export type BottleneckOptions = {
  backbone?: string;
  /** the cache keeps engines apart; default onnx */
  engine?: EngineName;
  threads?: number;
  cache?: BottleneckCache;
  onProgress?: Progress;
  /** reads an image and runs the network, as the pool of child processes does; else it is done in this process */
  run?: Run;
  /** images that `run` works on at the same time */
  children?: number;
};

/** No image can be blamed for these: the whole set ends with them. */
const NOT_THE_IMAGE: readonly ErrorCode[] = [
  'model_missing',
  'engine_missing',
  'out_of_resources',
  'disk_failed',
  'stopping',
];

/**
 * In the order of the examples, whatever ends first. Left out and named in `skipped`: what cannot be decoded or made its child crash, second
 * copies of an image, and an image that lies in two categories (it would teach both). Errors: `model_missing`, `engine_missing`,
 * `out_of_resources`; `disk_failed` where the cache cannot be written.
 */
export async function trainingBottlenecks(
  examples: Example[],
  options: BottleneckOptions = {},
): Promise<{ all: TrainingBottlenecks[]; skipped: Skipped[] }> {
  const here = options.run ? undefined : runHere();
  const making: Making = {
    backbone: findBackbone(options.backbone),
    engine: options.engine ?? 'onnx',
    threads: options.threads ?? 1,
    cache: options.cache ?? openBottleneckCache(),
    run: options.run ?? here!.run,
  };
  // twice as many in hand as there are children, so that none waits while a file is hashed
  const lanes = options.run ? 2 * (options.children ?? 1) : 1;
  const ends: (TrainingBottlenecks | Skipped)[] = new Array(examples.length);
  const once = new Map<string, Promise<Made>>();
  let [next, done, made] = [0, 0, 0];
  const lane = async (): Promise<void> => {
    while (next < examples.length) {
      const i = next++;
      const example = examples[i]!;
      try {
        const sha256 = await hashOf(example.path);
        const known = once.get(sha256);
        const coming = known ?? makeBottlenecks(example, sha256, making);
        once.set(sha256, coming);
        const { fresh, views, pictureHash } = await coming;
        if (fresh && !known) made++;
        ends[i] = { example, sha256, views, pictureHash };
      } catch (thrown) {
        const error = asSemtagError(thrown);
        if (NOT_THE_IMAGE.includes(error.code)) {
          next = examples.length; // the other lanes begin no more
          throw error;
        }
        ends[i] = { file: example.file, reason: error.message };
      }
      options.onProgress?.(++done, examples.length, made);
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    await here?.close();
  }
  const failed = ends.filter((end) => 'reason' in end);
  const { all, skipped } = withoutTwins(ends.filter((end) => 'sha256' in end));
  return { all, skipped: [...failed, ...skipped] };
}

/** Each image once, at its first place, and none that lies in two categories. */
export function withoutTwins(set: TrainingBottlenecks[]): {
  all: TrainingBottlenecks[];
  skipped: Skipped[];
} {
  const first = new Map<string, TrainingBottlenecks>();
  const torn = new Set<string>();
  const skipped: Skipped[] = [];
  for (const one of set) {
    const twin = first.get(one.sha256)?.example;
    if (!twin) first.set(one.sha256, one);
    else {
      if (twin.category !== one.example.category) torn.add(one.sha256);
      skipped.push({ file: one.example.file, reason: `the same image as ${twin.file}` });
    }
  }
  for (const sha256 of torn)
    skipped.push({ file: first.get(sha256)!.example.file, reason: 'it lies in two categories' });
  return { all: [...first.values()].filter(({ sha256 }) => !torn.has(sha256)), skipped };
}

async function hashOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new SemtagError('unreadable', error.message, { cause: error });
  });
  return createHash('sha256').update(bytes).digest('hex');
}
