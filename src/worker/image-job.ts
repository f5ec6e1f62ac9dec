// What a child does for one image: reads it once, and has the bottlenecks made by an engine that stays warm between images.

import type { ImageFacts, ImageJob } from '../domain/job.ts';
import { openFeatures, type Features } from '../classify/features.ts';
import { readImage } from '../read/image.ts';
import type { Model } from './pool.ts';

let warm: { key: string; features: Promise<Features> } | undefined;

export async function imageJob(job: ImageJob): Promise<ImageFacts> {
  if (!job.backbone) return readImage(job);
  const features = await featuresFor(job);
  const facts = await readImage(job, (grey, scanArea) => features.of(grey, scanArea));
  return features.notices.length > 0 ? { ...facts, notices: features.notices } : facts;
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
