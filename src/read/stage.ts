// The read stage: one child job an image, then header, picture and bottlenecks are committed. Never touches image bytes itself (R7).

import { headerFacts } from '../domain/facts.ts';
import type { EngineName, ImageFacts, ImageJob } from '../domain/job.ts';
import { asSemtagError } from '../errors.ts';
import { faultPoint } from '../faults.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { Image } from '../store/images.ts';
import type { Store } from '../store/store.ts';

export type ReadDeps = {
  store: Store;
  run: (job: ImageJob) => Promise<ImageFacts>;
  /** resolves once a child could take the job: no attempt counts before */
  ready: () => Promise<void>;
  /** path of the acquired bytes */
  acquired: (sha256: string) => Promise<string>;
  thumb: (sha256: string) => string;
  model: { backbone: string; engine: EngineName; threads: number };
  limits: ImageJob['limits'];
  concurrency: number;
  now: () => Date;
};

export function readStage(deps: ReadDeps): Stage<Image> {
  const { store } = deps;
  const at = () => deps.now().toISOString();

  async function attempt(image: Image, sidecar: ImageJob['sidecar']): Promise<ImageFacts> {
    try {
      return await deps.run({
        path: await deps.acquired(image.sha256),
        name: image.name,
        thumb: deps.thumb(image.sha256),
        ...deps.model,
        limits: deps.limits,
        ...(sidecar ? { sidecar } : {}),
      });
    } catch (error) {
      if (!asSemtagError(error).unexplained) store.attempts.end(image.sha256, 'read');
      throw error;
    }
  }

  return {
    name: 'read',
    concurrency: deps.concurrency,
    due: (limit, skip) =>
      store.images.inState(
        'settled',
        limit,
        new Set([...skip, ...store.attempts.waiting('read', deps.now())]),
      ),
    key: (image) => image.sha256,
    async run(image) {
      await deps.ready();
      store.attempts.begin(image.sha256, 'read', image.name, at());
      faultPoint('read.attempted', image.name);
      const sidecar = store.images.sidecar(image.sha256);
      const facts = await attempt(image, sidecar);
      if (!sameSidecar(store.images.sidecar(image.sha256), sidecar))
        return store.attempts.end(image.sha256, 'read'); // it came or changed meanwhile: once more
      if (facts.bottlenecks) store.bottlenecks.put(image.sha256, facts.bottlenecks);
      faultPoint('read.bottlenecks');
      const { header, width, height, bitsPerSample, scanArea, frame } = facts;
      const picture = { width, height, bitsPerSample, scanArea, ...(frame ? { frame } : {}) };
      store.images.read(image.sha256, header, picture, headerFacts(header), at());
      faultPoint('read.committed');
    },
    failed: (image, error) =>
      store.images.quarantine(image.sha256, { code: error.code, message: error.message }, at()),
  };
}

type Sidecar = ReturnType<Store['images']['sidecar']>;

function sameSidecar(a: Sidecar, b: Sidecar): boolean {
  return a === undefined || b === undefined ? a === b : a.name === b.name && a.bytes.equals(b.bytes);
}
