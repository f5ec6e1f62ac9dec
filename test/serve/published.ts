// Makes images of a test's world public: tags them with the record that the service would write, and lets the list of what is public follow.

import { utcDay } from '../../src/domain/publish.ts';
import { recordText } from '../../src/record/record.ts';
import { recordOf } from '../../src/tag/record-of.ts';
import type { World } from './world.ts';

export function tag({ store, deps }: World, sha256: string): void {
  const image = store.images.need(sha256);
  const house = { facility: deps.config.facility };
  store.deliveries.tagged({
    sha256,
    revision: image.revision,
    edition: image.edition,
    record: recordText(recordOf(image, store.files.ofImage(sha256), house, store.thresholds.current(), [])),
    method: 'tiff',
    taggedSha256: 'b'.repeat(64),
    deliveries: [],
    at: new Date().toISOString(),
  });
}

/** What the publisher does. */
export function settle({ store, deps }: World): void {
  store.publication.goBy(deps.rules, utcDay(new Date()), false);
  while (store.publication.settle(deps.rules, new Date()));
}
