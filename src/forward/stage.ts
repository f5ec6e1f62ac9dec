// The forward stage, one a target: puts what is owed, reads it back, empties the places of older revisions, commits the receipt.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asSemtagError, SemtagError } from '../errors.ts';
import { faultPoint } from '../faults.ts';
import { backoffMs } from '../pipeline/backoff.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { Delivery, DeliveryObject } from '../store/deliveries.ts';
import type { Store } from '../store/store.ts';
import type { Content, Target } from './target.ts';

export type ForwardDeps = { store: Store; target: Target; taggedDir: string; now: () => Date };

export function forwardStage({ store, target, taggedDir, now }: ForwardDeps): Stage<Delivery> {
  const at = () => now().toISOString();

  async function contentOf(delivery: Delivery, object: DeliveryObject): Promise<Content> {
    const base = join(taggedDir, `${delivery.sha256}.${delivery.revision}`);
    if (object.kind === 'image') return { path: `${base}.image` };
    if (object.kind === 'record') return { bytes: await readFile(`${base}.json`) };
    return { bytes: store.images.sidecar(delivery.sha256)?.bytes ?? Buffer.alloc(0) };
  }

  async function run(delivery: Delivery): Promise<void> {
    try {
      for (const object of delivery.objects)
        await target.put(object.place, await contentOf(delivery, object));
      faultPoint('forward.sent');
      for (const object of delivery.objects) {
        const found = await target.hash(object.place);
        if (found !== object.sha256)
          throw new SemtagError(
            'target_mismatch',
            `${target.name}: ${object.place} has SHA-256 ${found ?? '(nothing)'}`,
          );
      }
      faultPoint('forward.checked');
      const emptied = await emptyOlder(delivery);
      faultPoint('forward.emptied');
      store.deliveries.received(delivery.id, delivery.objects, emptied, at());
      faultPoint('forward.committed');
    } catch (thrown) {
      const error = asSemtagError(thrown);
      const wait = backoffMs(delivery.tries + 1);
      store.deliveries.failed(delivery.id, error.message, new Date(now().getTime() + wait).toISOString());
      throw error;
    }
  }

  /** Places of older revisions that the new one does not use: emptied after the new bytes were read back, never before. */
  async function emptyOlder(delivery: Delivery): Promise<number[]> {
    const kept = new Set(delivery.objects.map((object) => object.place));
    const older = store.deliveries
      .ofImage(delivery.sha256)
      .filter(
        (d) =>
          d.target === target.name &&
          d.revision < delivery.revision &&
          (d.state === 'received' || d.state === 'superseded'),
      );
    for (const { objects } of older)
      for (const object of objects)
        if (!kept.has(object.place)) await target.remove(object.place, object.sha256);
    return older.map((d) => d.id);
  }

  return {
    name: `forward ${target.name}`,
    concurrency: 2,
    due: (limit, skip) => store.deliveries.due(target.name, at(), limit, skip),
    // by image: an older revision still in flight must not land after a newer one
    key: (delivery) => delivery.sha256,
    run,
    // whatever a target says, the image stays owed: nothing is lost by waiting
    failed: () => undefined,
  };
}
