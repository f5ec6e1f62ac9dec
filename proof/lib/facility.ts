// Facilities for proofs of teaching: images whose sources or series a head has not seen, with that head's logits and the places of its space. Decides nothing.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_BACKBONE } from '../../src/classify/backbones.ts';
import { headText, meanLogits, parseHead } from '../../src/classify/head.ts';
import { placeOf } from '../../src/classify/space.ts';
import type { Category } from '../../src/domain/categories.ts';
import { trainingBottlenecks, type TrainingBottlenecks } from '../../src/learn/bottlenecks.ts';
import { crossValidate, dealtFolds } from '../../src/learn/crossval.ts';
import { readDataset } from '../../src/learn/dataset.ts';
import { DEFAULT_SETTINGS, fit } from '../../src/learn/fit.ts';
import { fitSpace } from '../../src/learn/space.ts';
import type { Known } from '../../src/learn/teach/lesson.ts';
import { sampled } from './sampled.ts';

export type Arrival = Known & {
  truth: Category;
  file: string;
  /** of the file itself */
  path: string;
};

/** `head`: the text of its file, which a service can be started with. */
export type Facility = { arrivals: Arrival[]; head: string };

/** What a facility's head has not seen: nothing of a source, or nothing of a series, though others of its source. */
export type LeftOut = 'sources' | 'series';

export type Dealing = { parts: number; deal: number; views: number };

/** What a replay learns from and replays; `images`: so many, whole series. What cannot be used is named. */
export async function replayable(
  dir: string,
  images: number | undefined,
): Promise<{ all: TrainingBottlenecks[]; sourceOf: Map<string, string> }> {
  const { all, skipped } = await trainingBottlenecks(sampled(readDataset(dir), images, ({ group }) => group));
  for (const { file, reason } of skipped) console.log(`left out: ${file}: ${reason}`);
  return { all, sourceOf: sourcesOf(dir) };
}

/**
 * The images dealt to `parts` facilities, each with head, temperature and space of all the others. All images arrive once, at one of them.
 * `sourceOf`: by file; a file without one is a source of its own.
 */
export function facilitiesOf(
  all: TrainingBottlenecks[],
  sourceOf: Map<string, string>,
  leftOut: LeftOut,
  { parts, deal, views }: Dealing,
): Facility[] {
  const examples = all.map(({ example }) => ({
    ...example,
    // sources are dealt by size alone: most hold one category
    ...(leftOut === 'sources' ? { group: sourceOf.get(example.file) ?? example.file, category: 'any' } : {}),
  }));
  const part = dealtFolds(examples, parts, deal);
  const settings = { ...DEFAULT_SETTINGS, backbone: DEFAULT_BACKBONE, views };
  return Array.from({ length: parts }, (_, f) => {
    const start = performance.now();
    const known = all.filter((_one, i) => part[i] !== f);
    const { temperature } = crossValidate(known, settings);
    const fitted = fit(known, settings);
    const space = fitSpace(
      fitted,
      known.flatMap((one) => one.views.slice(0, 2)),
    );
    const name = `facility-${f + 1}`;
    const text = headText({ name, ...fitted, temperature, space });
    const head = parseHead(text, name);
    const arrivals = all
      .filter((_one, i) => part[i] === f)
      .map(({ example, sha256, views: [whole, centre] }) => {
        const two = [whole!, centre!];
        const logits = meanLogits(head, two).map((v) => v / temperature);
        const { file, path, category: truth, group: series } = example;
        return { file, path, truth, sha256, series, logits, place: placeOf(head, head.space!, two) };
      });
    process.stderr.write(
      `${leftOut} left out, facility ${f + 1} of ${parts}: ${arrivals.length} images, ${((performance.now() - start) / 1000).toFixed(0)} s\n`,
    );
    return { arrivals, head: text };
  });
}

/** The column `source_repo` of the folder's MANIFEST.tsv, by file; empty where there is none. */
function sourcesOf(dir: string): Map<string, string> {
  const [head, ...rows] = readFileSync(join(dir, 'MANIFEST.tsv'), 'utf8').trim().split(/\r?\n/).map((line) => line.split('\t')); // prettier-ignore
  const [file, source] = [head!.indexOf('file'), head!.indexOf('source_repo')];
  if (file < 0 || source < 0) return new Map();
  return new Map(
    rows.flatMap((row) => (row[file] && row[source] ? [[row[file], row[source]] as const] : [])),
  );
}
