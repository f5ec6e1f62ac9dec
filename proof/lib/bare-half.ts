// One process of a proof that does one half of the work alone and says how fast: reading images, or the network on views that are there already.
//
//   tsx proof/lib/bare-half.ts read|network VIEWS PATH...

import { readFileSync } from 'node:fs';
import { createEngine } from '../../src/classify/engine.ts';
import { findBackbone } from '../../src/classify/backbones.ts';
import { readImage } from '../../src/read/image.ts';
import { DEFAULT_LIMITS } from '../../src/config/schema.ts';

const WARM_UP = 2;
const [half, count = '2', ...paths] = process.argv.slice(2);
const views = Number(count);

const run = half === 'network' ? await network() : reading();
for (const path of paths.slice(0, WARM_UP)) await run(path);
const start = performance.now();
for (const path of paths) await run(path);
console.log(JSON.stringify({ images: paths.length, ms: performance.now() - start }));
process.exit(0);

async function network(): Promise<(path: string) => Promise<unknown>> {
  const backbone = findBackbone();
  const engine = await createEngine('onnx', backbone);
  const view = Float32Array.from({ length: backbone.side ** 2 }, (_, i) => (i % 251) / 251);
  const given = Array.from({ length: views }, () => view);
  return () => engine.features(given);
}

function reading(): (path: string) => Promise<unknown> {
  // the file is read twice, as it is for its hash
  return async (path) =>
    readImage({ path, name: path, limits: DEFAULT_LIMITS }, async () => void readFileSync(path).length);
}
