// The acquired bytes of an image: the spool copy or, when that is pruned, a target's copy untagged and checked by its SHA-256.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asSemtagError, SemtagError } from '../errors.ts';
import { publish } from '../formats/publish.ts';
import type { Store } from '../store/store.ts';
import type { Target } from './target.ts';

export type FetchBackDeps = {
  store: Store;
  spoolDir: string;
  targets: Target[];
  /** restores the acquired bytes of a tagged file, or throws not_tagged */
  untag: (taggedPath: string, destPath: string) => Promise<unknown>;
};

/** Returns a function from SHA-256 to the path of the private copy. Throws spool_lost when neither spool nor targets hold the bytes. */
export function fetchBack({
  store,
  spoolDir,
  targets,
  untag,
}: FetchBackDeps): (sha256: string) => Promise<string> {
  /** Who asks for an image that is on its way waits for the same copy. */
  const underWay = new Map<string, Promise<string>>();

  return (sha256) => {
    const path = underWay.get(sha256) ?? pathOf(sha256).finally(() => underWay.delete(sha256));
    underWay.set(sha256, path);
    return path;
  };

  async function pathOf(sha256: string): Promise<string> {
    const path = join(spoolDir, sha256);
    if (await exists(path)) return path;
    const reasons: string[] = [];
    for (const delivery of store.deliveries.ofImage(sha256).reverse()) {
      const target = targets.find((t) => t.name === delivery.target);
      if (delivery.state !== 'received' || !target) continue;
      try {
        await fetchFrom(
          target,
          delivery.place,
          store.deliveries.record(sha256, delivery.revision)?.method === 'sidecar',
          sha256,
          path,
        );
        store.images.spooledAgain(sha256);
        return path;
      } catch (error) {
        const { code, message } = asSemtagError(error);
        if (code === 'target_unreachable') throw error; // it passes: try again
        reasons.push(message);
      }
    }
    throw new SemtagError(
      'spool_lost',
      `${sha256}: not in the spool, and no target gave it back${reasons.map((r) => `; ${r}`).join('')}`,
    );
  }

  async function fetchFrom(
    target: Target,
    place: string,
    plain: boolean,
    sha256: string,
    path: string,
  ): Promise<void> {
    const fetched = `${path}.fetched`;
    const restored = `${path}.restored`;
    try {
      await target.get(place, fetched);
      if (!plain) await untag(fetched, restored);
      const copy = plain ? fetched : restored;
      if ((await hashOf(copy)) !== sha256)
        throw new SemtagError(
          'target_mismatch',
          `${target.name}: ${place} does not give back the acquired bytes`,
        );
      await publish(copy, path);
    } finally {
      await rm(fetched, { force: true });
      await rm(restored, { force: true });
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
