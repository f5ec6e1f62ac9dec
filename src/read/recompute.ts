// After a change of the backbone: bottlenecks of it for images that were read under another one, while nothing waits to be read. Changes no state, no score and no label.

import type { Bottlenecks } from '../domain/job.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { Image } from '../store/images.ts';
import type { Store } from '../store/store.ts';

export type RecomputeDeps = {
  store: Store;
  /** SHA-256 of the backbone in use, and its preprocessing */
  backbone: string;
  preprocessing: string;
  again: (image: Image) => Promise<Bottlenecks>;
  /** what had to be fetched back for it leaves the spool again, which may not fill with old images */
  release: (sha256: string) => Promise<void>;
  /** every image has been looked at; how many got bottlenecks, and how many could not */
  onDone?: (made: number, failed: number) => void;
};

/** Looked at each time that work is looked for: a millisecond. */
const PAGE = 200;

/**
 * Once through all images after each start, by SHA-256, one at a time. One whose bytes cannot be had now (a target that is away) is waited
 * for; one that fails is left as it is and tried at the next start.
 */
export function recomputeStage({ store, backbone, preprocessing, again, release, onDone }: RecomputeDeps): Stage<Image> {
  let after: string | undefined = '';
  let [made, failed] = [0, 0];
  return {
    name: 'recompute',
    concurrency: 1,
    due(_limit, skip) {
      const counts = store.images.counts();
      if (after === undefined || counts.settled > 0 || counts.read > 0) return [];
      const page = store.images.readAfter(after, PAGE);
      for (const sha256 of page) {
        if (skip.has(sha256)) return [];
        if (!store.bottlenecks.has(sha256, backbone, preprocessing)) {
          const image = store.images.need(sha256);
          if (!image.picture?.frame) return [image];
        }
        after = sha256;
      }
      if (page.length === 0) {
        after = undefined;
        onDone?.(made, failed);
      }
      return [];
    },
    key: (image) => image.sha256,
    async run(image) {
      await again(image);
      if (!image.spooled) await release(image.sha256);
      made++;
    },
    failed(image) {
      failed++;
      after = image.sha256;
    },
  };
} // prettier-ignore
