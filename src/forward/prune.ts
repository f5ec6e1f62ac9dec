// Removes private copies of images that every target has held for a while. The acquired bytes can be had back from the target.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage } from '../pipeline/stage.ts';
import type { Store } from '../store/store.ts';

export type PruneDeps = {
  store: Store;
  spoolDir: string;
  taggedDir: string;
  keepSeconds: number;
  now: () => Date;
};

export function pruneStage({ store, spoolDir, taggedDir, keepSeconds, now }: PruneDeps): Stage<string> {
  return {
    name: 'prune',
    concurrency: 1,
    due: (limit, skip) =>
      store.images
        .prunable(new Date(now().getTime() - keepSeconds * 1000).toISOString(), limit + skip.size)
        .filter((s) => !skip.has(s)),
    key: (sha256) => sha256,
    async run(sha256) {
      await rm(join(spoolDir, sha256), { force: true });
      for (let revision = store.images.need(sha256).revision; revision > 0; revision--)
        for (const kind of ['image', 'json'])
          await rm(join(taggedDir, `${sha256}.${revision}.${kind}`), { force: true });
      store.images.pruned(sha256);
    },
    failed: () => undefined,
  };
}
