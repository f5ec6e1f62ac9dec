// Removes private copies of images that a target of the config has held for a while. The acquired bytes can be had back from the target; what cannot is kept.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from '../pipeline/stage.ts';
import type { Store } from '../store/store.ts';

export type PruneDeps = {
  store: Store;
  spoolDir: string;
  taggedDir: string;
  /** seconds that a copy stays after the last receipt, and after it was fetched back */
  keepSeconds: number;
  /** names of the targets that a copy can be had back from */
  targets: string[];
  now: () => Date;
};

export function pruneStage({
  store,
  spoolDir,
  taggedDir,
  keepSeconds,
  targets,
  now,
}: PruneDeps): Stage<string> {
  const cutoff = () => new Date(now().getTime() - keepSeconds * 1000).toISOString();

  /** The tagged files of a revision that a target holds and of those before it: what is newer was not received yet. */
  function taggedFiles(sha256: string): string[] {
    const received = store.deliveries.ofImage(sha256).filter((d) => d.state === 'received');
    const newest = Math.max(0, ...received.map((d) => d.revision));
    return Array.from({ length: newest }, (_, i) => `${sha256}.${i + 1}`).flatMap((base) => [
      join(taggedDir, `${base}.image`),
      join(taggedDir, `${base}.json`),
    ]);
  }

  return {
    name: 'prune',
    concurrency: 1,
    due: (limit, skip) =>
      store.images.prunable(cutoff(), limit + skip.size, targets).filter((sha256) => !skip.has(sha256)),
    key: (sha256) => sha256,
    // without a pause between look and commit: an answer that came in between would make a revision whose file goes with the others
    async run(sha256) {
      if (store.images.need(sha256).state !== 'forwarded') return;
      for (const path of [join(spoolDir, sha256), ...taggedFiles(sha256)]) rmSync(path, { force: true });
      store.images.pruned(sha256);
    },
    failed: () => undefined,
  };
}
