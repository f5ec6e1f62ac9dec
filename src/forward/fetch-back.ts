// The acquired bytes of an image: the spool copy or, when that is pruned, a tagged copy (here, else at a target) untagged and checked by SHA-256.

import { existsSync } from 'node:fs';
import { access, copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asSemtagError, SemtagError } from '../errors.ts';
import { publish } from '../publish.ts';
import { hashFile } from '../hash-file.ts';
import type { Store } from '../store/store.ts';
import type { Target } from './target.ts';

export type FetchBackDeps = {
  store: Store;
  spoolDir: string;
  taggedDir: string;
  targets: Target[];
  /** restores the acquired bytes of a tagged file, or throws not_tagged */
  untag: (taggedPath: string, destPath: string) => Promise<unknown>;
  now: () => Date;
};

/**
 * Path of the private copy. `decayed`: what lies in the spool does not have this SHA-256 any more, another copy replaces it. Throws spool_lost
 * when neither spool nor targets hold the bytes, and what may pass while a target that could hold them does not answer.
 */
export type Acquired = (sha256: string, decayed?: 'decayed') => Promise<string>;

/** A tagged copy. `sha256` is what it must have. */
type Source = {
  where: string;
  sha256: string;
  /** it carries no packet: it is the acquired file */
  plain: boolean;
  get(to: string): Promise<void>;
  hash(): Promise<string | undefined>;
};

export function fetchBack({ store, spoolDir, taggedDir, targets, untag, now }: FetchBackDeps): Acquired {
  /** Who asks for an image that is on its way waits for the same copy. */
  const underWay = new Map<string, Promise<string>>();

  return (sha256, decayed) => {
    const key = decayed ? `${sha256} ${decayed}` : sha256;
    const path = underWay.get(key) ?? pathOf(sha256, decayed).finally(() => underWay.delete(key));
    underWay.set(key, path);
    return path;
  };

  async function pathOf(sha256: string, decayed: 'decayed' | undefined): Promise<string> {
    const path = join(spoolDir, sha256);
    if (!decayed && (await exists(path))) return path;
    const { sources, reasons } = sourcesOf(sha256);
    let passing: SemtagError | undefined;
    for (const source of sources) {
      try {
        await fetchFrom(source, sha256, path);
        store.images.spooledAgain(sha256, now().toISOString());
        return path;
      } catch (thrown) {
        const error = asSemtagError(thrown);
        if (await saysNo(source)) reasons.push(error.message);
        else passing ??= error.retryable ? error : new SemtagError('target_mismatch', error.message);
      }
    }
    if (passing) throw passing;
    const lost = decayed ? 'its copy in the spool has decayed' : 'not in the spool';
    throw new SemtagError(
      'spool_lost',
      [`${sha256}: ${lost}, and no target gave it back`, ...reasons].join('; '),
    );
  }

  /** Tagged files that are still here, then the copies at the targets; newest first. */
  function sourcesOf(sha256: string): { sources: Source[]; reasons: string[] } {
    const here: Source[] = [];
    const there: Source[] = [];
    const reasons: string[] = [];
    for (let revision = store.images.need(sha256).revision; revision > 0; revision--) {
      const tagged = store.deliveries.record(sha256, revision);
      const path = join(taggedDir, `${sha256}.${revision}.image`);
      if (!tagged || !existsSync(path)) continue;
      here.push({
        where: path,
        sha256: tagged.taggedSha256,
        plain: tagged.method === 'sidecar',
        get: (to) => copyFile(path, to),
        hash: () => hashFile(path),
      });
    }
    for (const { state, revision, target: name, place } of store.deliveries.ofImage(sha256).reverse()) {
      const tagged = store.deliveries.record(sha256, revision);
      if (state !== 'received' || !tagged) continue;
      const target = targets.find((t) => t.name === name);
      if (target)
        there.push({
          where: `${name}: ${place}`,
          sha256: tagged.taggedSha256,
          plain: tagged.method === 'sidecar',
          get: (to) => target.get(place, to),
          hash: () => target.hash(place),
        });
      else reasons.push(`${name} is not in the config any more`);
    }
    return { sources: [...here, ...there], reasons };
  }

  /** Whether it answers that it does not hold these bytes. No answer is none, and a copy that is whole may give them back another time. */
  async function saysNo(source: Source): Promise<boolean> {
    return source.hash().then(
      (hash) => hash !== source.sha256,
      () => false,
    );
  }

  async function fetchFrom(source: Source, sha256: string, path: string): Promise<void> {
    const fetched = `${path}.fetched`;
    const restored = `${path}.restored`;
    try {
      await source.get(fetched);
      if (!source.plain) await untag(fetched, restored);
      const copy = source.plain ? fetched : restored;
      if ((await hashFile(copy)) !== sha256)
        throw new SemtagError('target_mismatch', `${source.where} does not give back the acquired bytes`);
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
