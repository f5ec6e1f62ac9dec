// Where the bytes of an image lie that pages and programs ask for: makes pictures, has tagged copies back from a target. Never keeps a half file.

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageJob } from '../domain/job.ts';
import { asSemtagError, SemtagError } from '../errors.ts';
import type { Target } from '../forward/target.ts';
import { hashFile } from '../hash-file.ts';
import type { Store } from '../store/store.ts';
import type { ImageFiles } from './deps.ts';

/** Longest side of a picture in pixels. */
export const PICTURE_SIDE = 2048;
/** So many pictures are kept, some 0.5 MB each; those that nobody looked at for longest go first. */
const PICTURES_KEPT = 500;

export type FilesDeps = {
  store: Store;
  targets: Target[];
  taggedDir: string;
  picturesDir: string;
  thumb: (sha256: string) => string;
  acquired: (sha256: string) => Promise<string>;
  /** the child's job */
  run: (job: ImageJob) => Promise<unknown>;
  limits: ImageJob['limits'];
  picturesKept?: number;
};

export function imageFiles(deps: FilesDeps): ImageFiles {
  const { store, targets, taggedDir, picturesDir, thumb, acquired } = deps;
  /** Two who look at the same picture wait for one child. */
  const underWay = new Map<string, Promise<string>>();

  async function makePicture(sha256: string): Promise<string> {
    const path = join(picturesDir, `${sha256}.jpg`);
    if (existsSync(path)) {
      const now = new Date();
      await utimes(path, now, now);
      return path;
    }
    await deps.run({
      path: await acquired(sha256),
      name: store.images.need(sha256).name,
      thumb: path,
      thumbSize: PICTURE_SIDE,
      limits: deps.limits,
    });
    await dropOldest(picturesDir, deps.picturesKept ?? PICTURES_KEPT);
    return path;
  }

  /** Under a name of its own, so that who asks at the same time neither waits nor sees a part. */
  async function fetchTagged(sha256: string, revision: number, taggedSha256: string): Promise<string> {
    const temp = join(taggedDir, `${sha256}.${revision}.${randomUUID()}.fetched`);
    let problem = new SemtagError('not_found', `no target holds revision ${revision} of image ${sha256}`);
    for (const delivery of store.deliveries.ofImage(sha256)) {
      const target = targets.find((one) => one.name === delivery.target);
      if (delivery.revision !== revision || delivery.state !== 'received' || !target) continue;
      try {
        await target.get(delivery.place, temp);
        if ((await hashFile(temp)) === taggedSha256) return temp;
        const what = `${target.name}: ${delivery.place} is not what was sent there`;
        problem = new SemtagError('target_mismatch', what);
      } catch (error) {
        problem = asSemtagError(error);
      }
      await rm(temp, { force: true });
    }
    throw problem;
  }

  return {
    thumb,
    acquired,
    picture(sha256) {
      const path = underWay.get(sha256) ?? makePicture(sha256).finally(() => underWay.delete(sha256));
      underWay.set(sha256, path);
      return path;
    },
    async tagged(sha256, revision) {
      const record = store.deliveries.record(sha256, revision);
      if (!record) throw new SemtagError('not_found', `image ${sha256} has no tagged revision ${revision}`);
      const path = join(taggedDir, `${sha256}.${revision}.image`);
      if (existsSync(path)) return { path, temporary: false };
      return { path: await fetchTagged(sha256, revision, record.taggedSha256), temporary: true };
    },
  };
}

async function dropOldest(dir: string, keep: number): Promise<void> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.jpg'));
  if (names.length <= keep) return;
  const looked = await Promise.all(
    names.map(async (name) => ({
      name,
      at: (await stat(join(dir, name)).catch(() => undefined))?.mtimeMs ?? 0,
    })),
  );
  looked.sort((a, b) => b.at - a.at);
  for (const { name } of looked.slice(keep)) await rm(join(dir, name), { force: true });
}
