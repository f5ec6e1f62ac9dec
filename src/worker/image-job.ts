// What a child does for one image: reads it once, and has the bottlenecks made by an engine that stays warm between images.

import type { Grey } from '../domain/grey.ts';
import type { ScanArea } from '../domain/header.ts';
import type { ImageFacts, ImageJob } from '../domain/job.ts';
import { measureAlignment } from '../classify/alignment.ts';
import { openFeatures, type Features } from '../classify/features.ts';
import { orientationMap } from '../classify/orientation-map.ts';
import { pictureHash } from '../classify/picture-hash.ts';
import { pictureOf } from '../classify/preprocess.ts';
import { readImage } from '../read/image.ts';
import type { Model } from './pool.ts';

const MEASURES = { of: measureAlignment, map: orientationMap };

let warm: { key: string; features: Promise<Features> } | undefined;

export async function imageJob(job: ImageJob): Promise<ImageFacts> {
  const { backbone, training } = job;
  if (!backbone && !training) return readImage(job, undefined, MEASURES);
  const features = backbone ? await featuresFor(job) : undefined;
  let hash: string | undefined;
  const bottlenecks = async (grey: Grey, scanArea: ScanArea) => {
    const picture = pictureOf(grey, scanArea);
    if (training) hash = pictureHash(picture);
    return features?.of(picture, training?.seed);
  };
  const facts = await readImage(job, bottlenecks, MEASURES);
  return {
    ...facts,
    ...(hash ? { pictureHash: hash } : {}),
    ...(features?.notices.length ? { notices: features.notices } : {}),
  };
}

/** One backbone at a time: another one replaces it, since two would double the memory of a child. */
export async function featuresFor({ backbone, engine, threads }: Model): Promise<Features> {
  const key = JSON.stringify([backbone, engine, threads]);
  if (warm?.key !== key) {
    const before = warm;
    warm = {
      key,
      features: openFeatures({
        ...(backbone ? { backbone } : {}),
        ...(engine ? { engine } : {}),
        ...(threads ? { threads } : {}),
      }),
    };
    await (await before?.features)?.close();
  }
  try {
    return await warm.features;
  } catch (error) {
    warm = undefined; // the next image may find the file again
    throw error;
  }
}
