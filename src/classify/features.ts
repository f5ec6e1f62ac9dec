// What a child process keeps warm between images: one engine with its backbone, and the way from grey pixels to bottlenecks. Knows no head.

import type { Grey } from '../domain/grey.ts';
import type { ScanArea } from '../domain/header.ts';
import type { Bottlenecks, EngineName } from '../domain/job.ts';
import { findBackbone } from './backbones.ts';
import { chooseEngine } from './engine.ts';
import { pictureOf, viewsOf } from './preprocess.ts';

export type Features = {
  engine: EngineName;
  /** engines that were passed over, and why: to be shown to the operator */
  notices: string[];
  /** Both views of the scan area through the backbone. */
  of: (grey: Grey, scanArea: ScanArea) => Promise<Bottlenecks>;
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
    of: async (grey, scanArea) => ({
      backbone: backbone.sha256,
      preprocessing: backbone.preprocessing,
      engine: engine.name,
      views: await engine.features(viewsOf(pictureOf(grey, scanArea), backbone.side)),
    }),
    close: () => engine.close(),
  };
}
