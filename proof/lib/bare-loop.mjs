// What cannot be avoided, as a program of its own: the calls that classify an image, one after the other in one process, on the built modules.
// No pool, no messages, no lines. JavaScript, because the loader that runs TypeScript slows all code beside it by 2 ms an image, which would
// flatter what is compared with it. Arguments: head file, number of images to warm up with, paths.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { openFeatures } from '../../dist/classify/features.js';
import { loadModel } from '../../dist/classify/model.js';
import { pictureOf } from '../../dist/classify/preprocess.js';
import { imageFiles } from '../../dist/cli/image-files.js';
import { decide, PAPER_THRESHOLDS } from '../../dist/domain/decision.js';
import { readImage } from '../../dist/read/image.js';

const [head, warmUp, ...paths] = process.argv.slice(2);
const model = await loadModel({ head });
const features = await openFeatures({ backbone: model.reference.backbone.name, engine: 'onnx', threads: 1 });
const scores = createHash('sha256');
const took = { hash: 0, all: 0, images: 0 };

for (const [i, { file, sidecar }] of imageFiles(paths).entries()) {
  const start = performance.now();
  createHash('sha256').update(readFileSync(file)).digest();
  const hashed = performance.now();
  let line = `${file}\n`;
  try {
    const facts = await readImage(
      {
        path: file,
        name: basename(file),
        ...(sidecar ? { sidecar: { name: basename(sidecar), bytes: readFileSync(sidecar) } } : {}),
        limits: { pixels: 400e6 },
      },
      (grey, area) => features.of(pictureOf(grey, area)),
    );
    const found = model.scores(facts.bottlenecks);
    decide(found, PAPER_THRESHOLDS);
    if (!facts.frame) line = `${file} ${JSON.stringify(found)}\n`;
  } catch {
    // an image that fails is one without scores, for both
  }
  const end = performance.now();
  if (i === 0) process.stdout.write('first\n');
  if (i >= Number(warmUp)) {
    took.hash += hashed - start;
    took.all += end - start;
    took.images++;
    scores.update(line);
  }
}
await features.close();
process.stdout.write(`${JSON.stringify({ ...took, scores: scores.digest('hex') })}\n`);
