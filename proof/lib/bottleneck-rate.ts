// How many images a second become training bottlenecks: through the pool, and each half of the work alone with as many processes.

import { spawn } from 'node:child_process';
import { basename, join } from 'node:path';
import { DEFAULT_LIMITS } from '../../src/config/schema.ts';
import type { ImageJob } from '../../src/domain/job.ts';
import { openBottleneckCache, type BottleneckCache } from '../../src/learn/bottleneck-cache.ts';
import { trainingBottlenecks } from '../../src/learn/bottlenecks.ts';
import type { Example } from '../../src/learn/dataset.ts';
import { createPool } from '../../src/worker/pool.ts';
import { ROOT } from './service.ts';

/** Images a second of all processes together, each warm. `read`: readImage without a network; `network`: `views` views that are there already. */
export async function halves(half: string, children: number, files: string[], views: number): Promise<number> {
  const script = join(ROOT, 'proof', 'lib', 'bare-half.ts');
  const rates = Array.from({ length: children }, async (_, c) => {
    const own = files.filter((_, i) => i % children === c);
    const child = spawn(process.execPath, ['--import', 'tsx', script, half, String(views), ...own], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await new Promise((done) => child.on('close', done));
    const { images, ms } = JSON.parse(out) as { images: number; ms: number };
    return (1000 * images) / ms;
  });
  return (await Promise.all(rates)).reduce((a, b) => a + b, 0);
} // prettier-ignore

/** Warm, nothing from the cache. */
export async function pooled(files: string[], children: number): Promise<number> {
  const nothing: BottleneckCache = { ...openBottleneckCache(), get: () => undefined, put: () => {} };
  const pool = createPool({ size: children, ...DEFAULT_LIMITS });
  const examples = files.map((path): Example => ({ file: basename(path), path, category: 'Tips', group: path }));
  const options = { cache: nothing, run: (job: ImageJob) => pool.run(job), children };
  await trainingBottlenecks(examples.slice(0, 3 * children), options); // warm
  const start = performance.now();
  await trainingBottlenecks(examples, options);
  const rate = (1000 * new Set(files).size) / (performance.now() - start);
  pool.close();
  return rate;
} // prettier-ignore
