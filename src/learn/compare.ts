// Several backbones on the same images: accuracy over runs, time of a bottleneck and of a training (Table 3 of Modarres et al. 2017). Trains heads only to judge them.

import { basename } from 'node:path';
import { backboneKey, findBackbone } from '../classify/backbones.ts';
import { DEFAULT_LIMITS } from '../config/schema.ts';
import { trainingBottlenecks, type BottleneckOptions, type Skipped } from './bottlenecks.ts';
import { crossValidate } from './crossval.ts';
import type { Example } from './dataset.ts';
import { DEFAULT_SETTINGS } from './fit.ts';
import { runHere } from './make-bottlenecks.ts';
import { nearDuplicates } from './near-duplicates.ts';
import { hashShare } from './split.ts';

/** `error`: standard error over the runs; undefined for a single one. */
export type Mean = { mean: number; error?: number };

/** One run: grouped folds dealt anew, another order of the images. `foldSeconds`: of one fold: a head trained on the images of all other folds and those of the fold judged by it. */
export type RunFigures = { top1: number; top2: number; macroRecall: number; foldSeconds: number };

export type Compared = {
  backbone: string;
  sha256: string;
  /** numbers in a bottleneck */
  length: number;
  images: number;
  runs: RunFigures[];
  top1: Mean;
  top2: Mean;
  macroRecall: Mean;
  foldSeconds: Mean;
  /** median milliseconds to read an image and make its two bottlenecks, made afresh, one thread, one process */
  bottleneckMs: number;
  /** of it, reading and decoding alone */
  readMs: number;
  timed: number;
  skipped: Skipped[];
};

export type CompareOptions = Pick<BottleneckOptions, 'run' | 'children' | 'cache' | 'onProgress'> & {
  runs: number;
  folds: number;
  /** images that the time of a bottleneck is measured on */
  timed: number;
  onRun?: (run: number) => void;
};

/** Errors: those of `trainingBottlenecks`. */
export async function compareBackbone(
  examples: Example[],
  name: string,
  options: CompareOptions,
): Promise<Compared> {
  const { runs: count, folds, timed, onRun, ...making } = options;
  const backbone = findBackbone(name);
  const { all, skipped } = await trainingBottlenecks(examples, { ...making, backbone: name });
  const pairs = nearDuplicates(all);
  const runs: RunFigures[] = [];
  for (let run = 0; run < count; run++) {
    const start = performance.now();
    const settings = { ...DEFAULT_SETTINGS, backbone: name, folds, seed: run + 1 };
    const { figures, C } = crossValidate(all, settings, undefined, run, pairs);
    const { top1, top2, macroRecall } = figures;
    const foldSeconds = (performance.now() - start) / 1000 / C.length;
    runs.push({ top1, top2, macroRecall, foldSeconds });
    onRun?.(run + 1);
  }
  const over = (key: keyof RunFigures): Mean => meanOf(runs.map((r) => r[key]));
  return {
    backbone: backbone.name,
    sha256: backbone.sha256,
    length: backbone.length,
    images: all.length,
    runs,
    top1: over('top1'),
    top2: over('top2'),
    macroRecall: over('macroRecall'),
    foldSeconds: over('foldSeconds'),
    ...(await bottleneckTime(
      sample(
        all.map(({ example }) => example),
        timed,
      ),
      name,
    )),
    skipped,
  };
}

/** Mean and standard error: sample deviation / sqrt(n). */
export function meanOf(values: number[]): Mean {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  if (n < 2) return { mean };
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  return { mean, error: Math.sqrt(variance / n) };
}

/**
 * Nothing from the cache: the way of a new image through classification. The first image warms. In this process, since what a pool costs is not
 * the backbone's; only images that a child has read before, so that none can end it.
 */
async function bottleneckTime(
  examples: Example[],
  name: string,
): Promise<Pick<Compared, 'bottleneckMs' | 'readMs' | 'timed'>> {
  const key = backboneKey(findBackbone(name));
  const here = runHere();
  const times: Record<'all' | 'read', number[]> = { all: [], read: [] };
  const timeOf = async (example: Example, backbone: object): Promise<number | undefined> => {
    const start = performance.now();
    const job = { path: example.path, name: basename(example.file), limits: DEFAULT_LIMITS, ...backbone };
    const ended = await here.run(job).catch(() => undefined); // what cannot be read was named before
    return ended && performance.now() - start;
  };
  try {
    for (const [i, example] of [...examples.slice(0, 1), ...examples].entries()) {
      const all = await timeOf(example, { backbone: key, engine: 'onnx', threads: 1 });
      const read = await timeOf(example, {});
      if (i === 0 || all === undefined || read === undefined) continue;
      times.all.push(all);
      times.read.push(read);
    }
  } finally {
    await here.close();
  }
  return { bottleneckMs: median(times.all), readMs: median(times.read), timed: times.all.length };
}

/** The same images for every backbone. */
function sample(examples: Example[], n: number): Example[] {
  return examples.toSorted((a, b) => hashShare(a.file) - hashShare(b.file)).slice(0, n);
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}
