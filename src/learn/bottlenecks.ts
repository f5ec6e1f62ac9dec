// Bottlenecks of training images, from the cache where they are there. Reads images the way the service does; writes nothing but the cache.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { findBackbone } from '../classify/backbones.ts';
import { chooseEngine, type Engine } from '../classify/engine.ts';
import { pictureOf } from '../classify/preprocess.ts';
import { DEFAULT_LIMITS } from '../config/schema.ts';
import { asSemtagError } from '../errors.ts';
import { readImage } from '../read/image.ts';
import { openBottleneckCache, type BottleneckCache } from './bottleneck-cache.ts';
import type { Example } from './dataset.ts';
import { TRAINING_VIEWS, trainingViews } from './views.ts';

export type TrainingBottlenecks = {
  example: Example;
  sha256: string;
  /** the two views of classification first, then the training views */
  views: Float32Array[];
};

export type Progress = (done: number, all: number, made: number) => void;

export type Skipped = { file: string; reason: string };

/**
 * In the order of the examples. Left out and named in `skipped`: what cannot be decoded, second copies of an image, and an image that lies
 * in two categories (it would teach both). Runs the engine in this process. Errors: `model_missing`, `engine_missing`.
 */
export async function trainingBottlenecks(
  examples: Example[],
  options: { backbone?: string; threads?: number; cache?: BottleneckCache; onProgress?: Progress } = {},
): Promise<{ all: TrainingBottlenecks[]; skipped: Skipped[] }> {
  const backbone = findBackbone(options.backbone);
  const cache = options.cache ?? openBottleneckCache();
  const skipped: Skipped[] = [];
  const bySha = new Map<string, TrainingBottlenecks>();
  const torn = new Set<string>();
  let engine: Engine | undefined;
  let made = 0;
  try {
    for (const [i, example] of examples.entries()) {
      try {
        const sha256 = createHash('sha256')
          .update(await readFile(example.path))
          .digest('hex');
        const twin = bySha.get(sha256)?.example;
        if (twin) {
          if (twin.category !== example.category) torn.add(sha256);
          skipped.push({ file: example.file, reason: `the same image as ${twin.file}` });
        } else {
          const { preprocessing } = backbone;
          const key = { image: sha256, backbone: backbone.sha256, preprocessing, views: TRAINING_VIEWS };
          let views = cache.get(key);
          if (!views) {
            engine ??= (await chooseEngine('onnx', backbone, { threads: options.threads ?? 1 })).engine;
            views = await viewsOfImage(example, sha256, engine);
            cache.put(key, views);
            made++;
          }
          bySha.set(sha256, { example, sha256, views });
        }
      } catch (thrown) {
        const error = asSemtagError(thrown);
        if (error.code === 'model_missing' || error.code === 'engine_missing') throw error;
        skipped.push({ file: example.file, reason: error.message });
      }
      options.onProgress?.(i + 1, examples.length, made);
    }
  } finally {
    await engine?.close();
  }
  for (const sha256 of torn)
    skipped.push({ file: bySha.get(sha256)!.example.file, reason: 'it lies in two categories' });
  return { all: [...bySha.values()].filter(({ sha256 }) => !torn.has(sha256)), skipped };
}

/** The image's own hash seeds its cuts, so that they never depend on what else is trained with it. */
async function viewsOfImage(example: Example, sha256: string, engine: Engine): Promise<Float32Array[]> {
  const { backbone, name } = engine;
  const seed = parseInt(sha256.slice(0, 8), 16);
  const { bottlenecks } = await readImage(
    { path: example.path, name: basename(example.file), limits: DEFAULT_LIMITS },
    async (grey, scanArea) => ({
      backbone: backbone.sha256,
      preprocessing: backbone.preprocessing,
      engine: name,
      views: await engine.features(trainingViews(pictureOf(grey, scanArea), backbone.side, seed)),
    }),
  );
  return bottlenecks!.views;
}
