// What `semtag train` learns from: labelled folders through the pool of children, and what people labelled in the service. Reads only.

import { basename } from 'node:path';
import { backboneKey, findBackbone } from '../classify/backbones.ts';
import { DEFAULT_LIMITS } from '../config/schema.ts';
import type { EngineName } from '../domain/job.ts';
import { SemtagError } from '../errors.ts';
import {
  trainingBottlenecks,
  withoutTwins,
  type Skipped,
  type TrainingBottlenecks,
} from '../learn/bottlenecks.ts';
import { catalogueBottlenecks } from '../learn/catalogue.ts';
import { readDataset, type Example } from '../learn/dataset.ts';
import { DEFAULT_SETTINGS } from '../learn/fit.ts';
import { refuseTooLarge } from '../learn/fit-at.ts';
import type { Run } from '../learn/make-bottlenecks.ts';
import { dataPaths } from '../paths.ts';
import { readBottlenecks } from '../store/bottlenecks.ts';
import { openReader } from '../store/reader.ts';
import { createPool } from '../worker/pool.ts';
import { withBar } from './progress.ts';
import { configOf } from './options.ts';

export type SetOptions = {
  backbone: string;
  engine: EngineName;
  children: number;
  /** of an image, that are learned from */
  views: number;
  catalogue?: boolean;
  config?: string;
};

export type TrainingSet = {
  all: TrainingBottlenecks[];
  skipped: Skipped[];
  /** names of what it was taken from, without paths */
  from: string;
};

/** Errors: `training_data` where nothing is labelled, `bad_request` where nothing was named, and those of reading and of the store. */
export async function trainingSet(dirs: string[], options: SetOptions): Promise<TrainingSet> {
  if (dirs.length === 0 && !options.catalogue)
    throw new SemtagError('bad_request', 'name a folder of labelled images, or --catalogue');
  const found = findBackbone(options.backbone);
  const backbone = backboneKey(found);
  const examples = dirs.flatMap((dir) => named(readDataset(dir), dirs.length > 1 ? basename(dir) : ''));
  // before hours go into bottlenecks
  refuseTooLarge(examples.length, Math.min(options.views, DEFAULT_SETTINGS.views), found.length);
  const pool = createPool({ size: options.children, ...DEFAULT_LIMITS });
  const run: Run = (job) => pool.run(job);
  try {
    const { engine, children } = options;
    const folders = await withBar('bottlenecks', 'images', examples.length, (at) =>
      trainingBottlenecks(examples, { backbone, engine, children, run, onProgress: at }),
    );
    const answered = options.catalogue ? await fromCatalogue(options, run) : { all: [], skipped: [] };
    const { all, skipped } = withoutTwins([...folders.all, ...answered.all]);
    return {
      all,
      skipped: [...folders.skipped, ...answered.skipped, ...skipped],
      from: [...dirs.map((dir) => basename(dir)), ...(options.catalogue ? ['catalogue'] : [])].join(' + '),
    };
  } finally {
    pool.close();
  }
}

/** With several folders a file is named with its folder: the same name in two of them is not one image. */
function named(examples: Example[], folder: string): Example[] {
  if (!folder) return examples;
  return examples.map((example) => {
    const file = `${folder}/${example.file}`;
    return { ...example, file, group: example.group === example.file ? file : example.group };
  });
}

async function fromCatalogue({ backbone, config }: SetOptions, run: Run) {
  const { dataDir, projects } = configOf(config ? { config } : {});
  const reader = openReader(dataDir);
  try {
    const bottlenecks = readBottlenecks(dataDir);
    try {
      const images = reader.labelledByPeople(projects.private);
      const { thumb } = dataPaths(dataDir);
      return await catalogueBottlenecks({ images, bottlenecks: bottlenecks.get, thumb }, { backbone, run });
    } finally {
      bottlenecks.close();
    }
  } finally {
    reader.close();
  }
}
