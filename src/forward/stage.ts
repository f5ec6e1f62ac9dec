// The forward stage, one a target: puts what is owed, reads it back, empties the places of older revisions, commits the receipt.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { foldedPlace } from '../domain/place.ts';
import type { Withheld } from '../domain/publish.ts';
import { asSemtagError, SemtagError } from '../errors.ts';
import { faultPoint } from '../faults.ts';
import { hashFile } from '../hash-file.ts';
import { backoffMs } from '../pipeline/backoff.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { Delivery, DeliveryObject } from '../store/deliveries.ts';
import type { Store } from '../store/store.ts';
import { freePlaces } from './free-place.ts';
import type { Content, Target } from './target.ts';

export type ForwardDeps = {
  store: Store;
  target: Target;
  taggedDir: string;
  /** what the config keeps back */
  withhold: readonly Withheld[];
  /** told once when the target stops answering, and once without a problem when it is back */
  onAway?: (problem: SemtagError | undefined) => void;
  now: () => Date;
};

export type ForwardStage = Stage<Delivery> & {
  /** Somebody asked: the target is tried now, also when it was away a moment ago. */
  tryNow(): void;
};

export function forwardStage({ store, target, taggedDir, withhold, onAway, now }: ForwardDeps): ForwardStage {
  const at = () => now().toISOString();
  /** Since when the target does not answer and how long it is left alone: one wait for all that it is owed. */
  let away: { tries: number; since: number; waitMs: number } | undefined;

  function resting(): boolean {
    const past = away ? now().getTime() - away.since : Infinity;
    return away !== undefined && past >= 0 && past < away.waitMs;
  }

  function gone(problem: SemtagError): void {
    if (resting()) return; // several were on their way when it went
    if (!away) onAway?.(problem);
    const tries = (away?.tries ?? 0) + 1;
    away = { tries, since: now().getTime(), waitMs: backoffMs(tries) };
  }

  function answered(): void {
    if (away) onAway?.(undefined);
    away = undefined;
  }

  /** What is put; undefined where the data directory does not hold it any more. */
  function contentOf(delivery: Delivery, { kind }: DeliveryObject): Content | undefined {
    if (kind === 'sidecar') {
      const sidecar = store.images.sidecar(delivery.sha256);
      return sidecar && { bytes: sidecar.bytes };
    }
    const path = pathOf(delivery, kind);
    return existsSync(path) ? { path } : undefined;
  }

  function pathOf({ sha256, revision }: Delivery, kind: 'image' | 'record'): string {
    return join(taggedDir, `${sha256}.${revision}.${kind === 'image' ? 'image' : 'json'}`);
  }

  /** Throws target_mismatch, and takes away again what arrived in another form. */
  async function checkArrived(object: DeliveryObject): Promise<void> {
    const found = await target.hash(object.place);
    if (found === object.sha256) return;
    if (found !== undefined) await target.remove(object.place, found);
    const what = `${target.name}: ${object.place} has SHA-256 ${found ?? '(nothing)'}`;
    throw new SemtagError('target_mismatch', what);
  }

  /** Whether the tagged files here are gone or not what they were: then sending them again is no use. */
  async function isLost(delivery: Delivery): Promise<boolean> {
    for (const { kind, sha256 } of delivery.objects)
      if (kind !== 'sidecar' && (await hashFile(pathOf(delivery, kind))) !== sha256) return true;
    return false;
  }

  async function send(delivery: Delivery): Promise<void> {
    const objects = await freePlaces(store, target, delivery);
    const { place } = objects[0]!;
    if (place !== delivery.place) store.deliveries.moved(delivery.id, objects, at());
    for (const object of objects) {
      const content = contentOf(delivery, object);
      if (!content) throw new SemtagError('not_found', `${object.place}: its tagged file is gone`);
      await target.put(object.place, content);
    }
    faultPoint('forward.sent');
    for (const object of objects) await checkArrived(object);
    faultPoint('forward.checked');
    const emptied = await emptyOlder(delivery, objects);
    faultPoint('forward.emptied');
    store.deliveries.received(delivery.id, objects, emptied, at());
    faultPoint('forward.committed');
  }

  async function run(delivery: Delivery): Promise<void> {
    // the rules are others since it was owed, and the walk has not come to it
    if (!store.withholding.mayLeave(delivery.id, withhold, now())) return;
    try {
      await send(delivery);
      answered();
    } catch (thrown) {
      const error = asSemtagError(thrown);
      if (error.code === 'target_unreachable') return gone(error);
      answered();
      if (await isLost(delivery))
        return store.revisions.rebuild(delivery.sha256, 'the tagged file was lost', at());
      const wait = backoffMs(delivery.tries + 1);
      store.deliveries.failed(delivery.id, error.message, new Date(now().getTime() + wait).toISOString());
      throw error;
    }
  }

  /** Places of older revisions that the new one does not use: emptied after the new bytes were read back, never before. */
  async function emptyOlder(delivery: Delivery, objects: DeliveryObject[]): Promise<number[]> {
    const { sha256, revision } = delivery;
    const kept = new Set(objects.map(({ place }) => foldedPlace(place)));
    const isOthers = (place: string) => store.deliveries.placeTaken(target.name, place, sha256);
    const older = store.deliveries
      .ofImage(sha256)
      .filter((d) => d.target === target.name && d.revision < revision)
      .filter((d) => d.state === 'received' || d.state === 'superseded');
    for (const object of older.flatMap((d) => d.objects))
      if (!kept.has(foldedPlace(object.place)) && !isOthers(object.place))
        await target.remove(object.place, object.sha256);
    return older.map((d) => d.id);
  }

  return {
    name: `forward ${target.name}`,
    concurrency: 2,
    due(limit, skip) {
      if (resting()) return [];
      // one asks whether it is back
      return store.deliveries.due(target.name, at(), away ? 1 : limit, skip);
    },
    // by image: an older revision still in flight must not land after a newer one
    key: (delivery) => delivery.sha256,
    run,
    tryNow() {
      if (away) away.waitMs = 0;
    },
    // whatever a target says, the image stays owed: nothing is lost by waiting
    failed: () => undefined,
  };
}
