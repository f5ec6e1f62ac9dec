// Bottlenecks of training images: made once, kept on disk by image, backbone, preprocessing and views. A crash leaves whole files or none.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBackbone } from '../classify/backbones.ts';
import { cacheDir } from '../classify/cache-dir.ts';
import { chooseEngine } from '../classify/engine.ts';
import { pictureOf } from '../classify/preprocess.ts';
import { fileSource } from '../formats/source.ts';
import { sniff } from '../formats/sniff.ts';
import { readHeader } from '../read/header.ts';
import { scanAreaOf } from '../read/infobar.ts';
import { decode } from '../read/pixels.ts';
import type { Example } from './dataset.ts';
import { TRAINING_VIEWS, trainingViews } from './views.ts';

export type TrainingBottlenecks = {
  example: Example;
  sha256: string;
  /** the two views of classification first, then the training views */
  views: Float32Array[];
};

export type Progress = (done: number, all: number, made: number) => void;

const PIXELS = 400e6;

/** In the order of the examples. What cannot be decoded is left out and named in `skipped`. Runs the engine in this process. */
export async function trainingBottlenecks(
  examples: Example[],
  options: { backbone?: string; threads?: number; onProgress?: Progress } = {},
): Promise<{ all: TrainingBottlenecks[]; skipped: { file: string; reason: string }[] }> {
  const backbone = findBackbone(options.backbone);
  const dir = cacheDir(
    'bottlenecks',
    `${backbone.sha256.slice(0, 16)}-${backbone.preprocessing}-${TRAINING_VIEWS}`,
  );
  mkdirSync(dir, { recursive: true });
  let engine: Awaited<ReturnType<typeof chooseEngine>>['engine'] | undefined;
  const all: TrainingBottlenecks[] = [];
  const skipped: { file: string; reason: string }[] = [];
  let made = 0;
  for (const example of examples) {
    try {
      const sha256 = createHash('sha256').update(readFileSync(example.path)).digest('hex');
      const path = join(dir, `${sha256}.f32`);
      let views = readViews(path, backbone.length);
      if (!views) {
        engine ??= (await chooseEngine('onnx', backbone, { threads: options.threads ?? 1 })).engine;
        const pictures = trainingViews(
          await pictureAt(example.path),
          backbone.side,
          parseInt(sha256.slice(0, 8), 16),
        );
        views = await engine.features(pictures);
        writeViews(path, views);
        made++;
      }
      all.push({ example, sha256, views });
    } catch (error) {
      skipped.push({ file: example.file, reason: (error as Error).message });
    }
    options.onProgress?.(all.length + skipped.length, examples.length, made);
  }
  await engine?.close();
  return { all, skipped };
}

async function pictureAt(path: string) {
  const source = fileSource(path);
  try {
    const header = readHeader(source, path);
    const grey = await decode(path, sniff(source) ?? '', header.page, { pixels: PIXELS });
    return pictureOf(grey, scanAreaOf(grey, header));
  } finally {
    source.close();
  }
}

function readViews(path: string, length: number): Float32Array[] | undefined {
  try {
    const values = new Float32Array(new Uint8Array(readFileSync(path)).buffer);
    return Array.from({ length: values.length / length }, (_, i) =>
      values.subarray(i * length, (i + 1) * length),
    );
  } catch {
    return undefined; // not made yet, or not whole: made again
  }
}

function writeViews(path: string, views: Float32Array[]): void {
  const temp = `${path}.${process.pid}`;
  writeFileSync(temp, Buffer.concat(views.map((v) => Buffer.from(v.buffer, v.byteOffset, v.byteLength))));
  renameSync(temp, path);
}
