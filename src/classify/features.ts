// What a child process keeps warm between images: one engine with its backbone, and the way from grey pixels to bottlenecks. Knows no head.

import type { Bottlenecks, EngineName } from '../domain/job.ts';
import { findBackbone } from './backbones.ts';
import { chooseEngine } from './engine.ts';
import { viewsOf, type Picture } from './preprocess.ts';
import { trainingViews } from './training-views.ts';

export type Features = {
  engine: EngineName;
  /** engines that were passed over, and why: to be shown to the operator */
  notices: string[];
  /** Both views of the picture through the backbone; with a seed the training views after them. */
  of: (picture: Picture, seed?: number) => Promise<Bottlenecks>;
  close(): Promise<void>;
};

/** Errors: `model_missing`, `engine_missing`. */
export async function openFeatures(wanted: {
  backbone?: string;
  engine?: EngineName;
  threads?: number;
}): Promise<Features> {
  const backbone = findBackbone(wanted.backbone);
  const { engine, notices } = await chooseEngine(wanted.engine ?? 'onnx', backbone, {
    threads: wanted.threads ?? 1,
  });
  return {
    engine: engine.name,
    notices,
    of: async (picture, seed) => {
      const { side } = backbone;
      const views = seed === undefined ? viewsOf(picture, side) : trainingViews(picture, side, seed);
      return {
        backbone: backbone.sha256,
        preprocessing: backbone.preprocessing,
        engine: engine.name,
        views: await engine.features(views),
      };
    },
    close: () => engine.close(),
  };
}
