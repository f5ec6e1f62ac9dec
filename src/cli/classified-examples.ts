// Labelled images with the scores of a model, from what the service would see: the image and the vendor's sidecar beside it. Trains nothing, writes nothing.

import type { LoadedModel } from '../classify/model.ts';
import type { Thresholds } from '../domain/decision.ts';
import type { EngineName } from '../domain/job.ts';
import type { Skipped } from '../learn/bottlenecks.ts';
import type { Example } from '../learn/dataset.ts';
import type { EvaluatedImage } from '../learn/evaluate.ts';
import { lines } from './classified.ts';
import { imageFiles } from './image-files.ts';
import { withBar } from './progress.ts';

export type Scored = { images: EvaluatedImage[]; skipped: Skipped[] };

/** By child processes; what cannot be classified is named. */
export function classifiedExamples(
  examples: Example[],
  model: LoadedModel,
  { engine, children, thresholds }: { engine: EngineName; children: number; thresholds: Thresholds },
): Promise<Scored> {
  // the sidecar tells the scan area: without it the info bar would be looked for in the pixels, which the service does not do
  const files = imageFiles(examples.map(({ path }) => path));
  return withBar('classifying', 'images', examples.length, async (at) => {
    const images: EvaluatedImage[] = [];
    const skipped: Skipped[] = [];
    let i = 0;
    // lines come in the order of the files
    for await (const { scores, error } of lines(files, model, { engine, children, threads: 1, thresholds })) {
      const { file, group, category: truth, subCategory } = examples[i++]!;
      if (scores) images.push({ file, group, truth, scores, ...(subCategory ? { subCategory } : {}) });
      else skipped.push({ file, reason: error?.message ?? 'not classified' });
      at(i);
    }
    return { images, skipped };
  });
}
