// Bottlenecks and picture hash of one training image: from the cache, else by a job that reads the image. Writes nothing but the cache.

import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { backboneKey, type Backbone } from '../classify/backbones.ts';
import { openFeatures, type Features } from '../classify/features.ts';
import { pictureHash } from '../classify/picture-hash.ts';
import { pictureOf } from '../classify/preprocess.ts';
import { TRAINING_VIEWS } from '../classify/training-views.ts';
import { DEFAULT_LIMITS } from '../config/schema.ts';
import type { EngineName, ImageFacts, ImageJob } from '../domain/job.ts';
import { LARGEST_SIDECAR, sidecarNames } from '../domain/sidecar.ts';
import { SemtagError } from '../errors.ts';
import { readImage } from '../read/image.ts';
import type { BottleneckCache } from './bottleneck-cache.ts';
import type { Example } from './dataset.ts';

/** Does what a child process does for an image. */
export type Run = (job: ImageJob) => Promise<ImageFacts>;

export type Making = {
  backbone: Backbone;
  engine: EngineName;
  threads: number;
  cache: BottleneckCache;
  run: Run;
};

export type Made = { views: Float32Array[]; pictureHash: string; fresh: boolean };

/** `fresh`: the network ran. Errors: those of reading an image; `engine_missing` where another engine than the wanted one would run. */
export async function makeBottlenecks(example: Example, sha256: string, making: Making): Promise<Made> {
  const { backbone, engine, threads, cache, run } = making;
  const { preprocessing } = backbone;
  const sidecar = sidecarBeside(example.path);
  // it can say where the info bar begins: without one the key is the image's alone
  const beside = sidecar ? { sidecar: createHash('sha256').update(sidecar.bytes).digest('hex') } : {};
  const key = {
    image: sha256,
    backbone: backbone.sha256,
    preprocessing,
    views: TRAINING_VIEWS,
    engine,
    ...beside,
  };
  const hashKey = { image: sha256, preprocessing, ...beside };
  const known = { views: cache.get(key), pictureHash: cache.getHash(hashKey) };
  if (known.views && known.pictureHash)
    return { views: known.views, pictureHash: known.pictureHash, fresh: false };
  const facts = await run({
    path: example.path,
    name: basename(example.file),
    ...(sidecar ? { sidecar } : {}),
    // a picture hash alone needs no network
    ...(known.views ? {} : { backbone: backboneKey(backbone), engine, threads }),
    // the image's own hash seeds its cuts, so that they never depend on what else is trained with it
    training: { seed: parseInt(sha256.slice(0, 8), 16) },
    limits: DEFAULT_LIMITS,
  });
  const { bottlenecks, notices } = facts;
  // it would do, but its numbers are not those that lie in the cache beside them
  if (bottlenecks && bottlenecks.engine !== engine)
    throw new SemtagError(
      'engine_missing',
      `${notices?.join('; ')}; --engine ${bottlenecks.engine} runs here`,
    );
  const made = {
    views: known.views ?? bottlenecks!.views,
    pictureHash: facts.pictureHash!,
    fresh: !known.views,
  };
  if (made.fresh) cache.put(key, made.views);
  cache.putHash(hashKey, made.pictureHash);
  return made;
}

/** The vendor's text file beside an image, as the service would have taken it; nothing where it is too large to be one. */
function sidecarBeside(path: string): ImageJob['sidecar'] {
  for (const name of sidecarNames(basename(path))) {
    const file = join(dirname(path), name);
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isFile() && found.size <= LARGEST_SIDECAR) return { name, bytes: readFileSync(file) };
  }
  return undefined;
}

/** The same job in this process, one after the other; for proofs, tests and timing, on images that a child has read before or that are ours. `close` frees the engine. */
export function runHere(): { run: Run; close(): Promise<void> } {
  let features: Promise<Features> | undefined;
  return {
    async run(job) {
      const { backbone, engine, threads, training } = job;
      if (backbone)
        features ??= openFeatures({
          backbone,
          ...(engine ? { engine } : {}),
          ...(threads ? { threads } : {}),
        });
      const opened = backbone ? await features : undefined;
      let hash: string | undefined;
      const facts = await readImage(job, async (grey, scanArea) => {
        const picture = pictureOf(grey, scanArea);
        hash = pictureHash(picture);
        return opened?.of(picture, training?.seed);
      });
      return { ...facts, pictureHash: hash!, ...(opened ? { notices: opened.notices } : {}) };
    },
    close: async () => (await features?.catch(() => undefined))?.close(),
  };
}
