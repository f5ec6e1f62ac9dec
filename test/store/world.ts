// A real store in a temporary directory, and images brought to any state by the same commits that the stages make.

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { CATEGORIES, type Category } from '../../src/domain/categories.ts';
import type { InstrumentHeader } from '../../src/domain/header.ts';
import type { Label } from '../../src/domain/label.ts';
import { scoresOf } from '../../src/domain/scores.ts';
import type { ImageState } from '../../src/domain/states.ts';
import { recordText, type Classification, type Picture } from '../../src/record/record.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { recordOf } from '../../src/tag/record-of.ts';

export type World = ReturnType<typeof world>;

export const header: InstrumentHeader = {
  format: 'generic',
  fields: { user_name: { value: 'Anna', unit: null, origin: 'tiff:315' } },
  warnings: [],
  page: 0,
};

const picture: Picture = {
  width: 64,
  height: 48,
  bitsPerSample: 8,
  scanArea: { width: 64, height: 48, origin: 'pixels' },
};

export const sha = (name: string): string => createHash('sha256').update(name).digest('hex');

/** `2026-01-01T00:00:SSZ`: times that can be told apart. */
export const at = (second = 0): string => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();

export function classification(category: Category = 'Tips', score = 0.6): Classification {
  const rest = (1 - score) / (CATEGORIES.length - 1);
  return {
    scores: scoresOf(CATEGORIES.map((one) => (one === category ? score : rest))),
    category,
    score,
    decision: score > 0.8 ? 'auto' : 'prompt',
    thresholds: { version: 1, auto: 0.8, prompt: 0.35 },
    model: {
      name: 'test',
      head: sha('head'),
      backbone: { name: 'b', sha256: sha('b') },
      preprocessing: '1',
      engine: 'onnx',
    },
  };
}

export const answer = (category: Category, by = 'Anna', second = 10): Label => ({
  kind: 'category',
  category,
  basis: 'answer',
  by,
  at: at(second),
});

/** Closed and removed when the test ends. `targets`: each image is owed to these. */
export function world(targets = ['repository']) {
  const dir = mkdtempSync(join(tmpdir(), 'semtag-store-'));
  const dataDir = join(dir, 'data');
  const store = openStore(dataDir);
  onTestFinished(() => {
    store.close();
    rmSync(dir, { recursive: true, force: true });
  });
  return {
    dataDir,
    store,
    see: (name: string, size = 10, role: 'image' | 'sidecar' = 'image') => see(store, name, size, role),
    /** An image of its own file, in this state; returns its SHA-256. */
    image: (name: string, state: ImageState, second = 0) => bring(store, targets, name, state, second),
    /** Tags the current revision as the tag stage does; false where it is stale. */
    tag: (sha256: string, second = 20) => tag(store, targets, sha256, second),
    /** Receives everything that is owed. */
    receive: (second = 30) => receive(store, targets, second),
  };
}

/** A sighting of `name` in the root directory, and its newest row. */
function see(store: Store, name: string, size: number, role: 'image' | 'sidecar') {
  const key = { instrument: 'SEM 1', dir: Buffer.alloc(0), name: Buffer.from(name) };
  store.files.see([{ sighting: { ...key, role, size, mtime_ns: '1' }, state: 'seen' }], at());
  return store.files.current(key.instrument, key.dir, key.name)!;
}

/** Settles the newest version of `name` with bytes that hash to `sha(content)`. */
export function settle(store: Store, name: string, content = name, second = 0): string {
  const file = see(store, name, content.length, 'image');
  const sha256 = sha(content);
  store.files.settle({
    file,
    sha256,
    bytes: content.length,
    mediaType: 'image/tiff',
    name,
    facts: { project: { value: '2211', unit: null, origin: 'path' } },
    at: at(second),
  });
  return sha256;
}

function bring(store: Store, targets: string[], name: string, state: ImageState, second: number): string {
  const sha256 = settle(store, name, name, second);
  const order: ImageState[] = ['settled', 'read', 'asked', 'labelled', 'tagged', 'forwarded'];
  const upTo = order.indexOf(state);
  if (state === 'quarantined') {
    store.images.quarantine(sha256, { code: 'malformed', message: `${name}: broken` }, at(second + 1));
    return sha256;
  }
  if (upTo >= 1) store.images.read(sha256, header, picture, {}, at(second + 1));
  if (upTo >= 2) store.images.classified(sha256, classification(), undefined, at(second + 2));
  if (upTo >= 3) store.revisions.label(sha256, answer('Tips', 'Anna', second + 3));
  if (upTo >= 4) tag(store, targets, sha256, second + 4);
  if (upTo >= 5) receive(store, targets, second + 5, sha256);
  return sha256;
}

function tag(store: Store, targets: string[], sha256: string, second: number): boolean {
  const image = store.images.need(sha256);
  const { revision, edition, label } = image;
  const place = `${label?.category ?? 'none'}/${sha256.slice(0, 8)}.tif`;
  const object = { place, kind: 'image' as const, sha256: sha(`tagged ${sha256} ${revision}`), bytes: 12 };
  return store.deliveries.tagged({
    sha256,
    revision,
    edition,
    record: recordText(recordOf(image, [], {}, undefined, [])),
    method: 'tiff',
    taggedSha256: object.sha256,
    deliveries: targets.map((target) => ({ target, objects: [object] })),
    at: at(second),
  });
}

function receive(store: Store, targets: string[], second: number, only?: string): void {
  for (const target of targets)
    for (const delivery of store.deliveries.due(target, at(second), 100))
      if (!only || delivery.sha256 === only)
        store.deliveries.received(delivery.id, delivery.objects, [], at(second));
}
