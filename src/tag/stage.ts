// The tag stage: record, tagged copy and sidecar of the current revision, verified, published, then committed with what is owed to whom.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FolderTargetConfig } from '../config/schema.ts';
import { endingOf, movedPlaces, withHash } from '../domain/place.ts';
import { utcDay, whose, withheldWords, type Withheld } from '../domain/publish.ts';
import { asSemtagError } from '../errors.ts';
import { faultPoint } from '../faults.ts';
import { hashFile } from '../hash-file.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { House } from '../record/house.ts';
import type { SemRecord } from '../record/record.ts';
import type { DeliveryObject } from '../store/deliveries.ts';
import type { Image } from '../store/images.ts';
import { placeOf } from './layout.ts';
import { measured, wantsMeasure, type MeasureDeps } from './measured.ts';
import { recordOf } from './record-of.ts';
import { writeTagged, type Written } from './write-tagged.ts';

export type TagDeps = MeasureDeps & {
  taggedDir: string;
  house: House;
  targets: FolderTargetConfig[];
  /** what the config keeps back */
  withhold: readonly Withheld[];
  /** path of the acquired bytes: the spool, or fetched back from a target; `decayed`: what lies in the spool is not them any more */
  acquired: (sha256: string, decayed?: 'decayed') => Promise<string>;
  /** seconds that an answered image waits, so that a slip can be taken back, and one that was labelled because of answers to others */
  holdSeconds: { answer: number; because: number };
  /** a child runs: what happens from then on can be the image's doing */
  ready: () => Promise<void>;
  now: () => Date;
};

export function tagStage(deps: TagDeps): Stage<Image> {
  const { store } = deps;

  async function run(found: Image): Promise<void> {
    const at = deps.now().toISOString();
    const toMeasure = wantsMeasure(found);
    if (toMeasure) await deps.ready();
    const before = store.attempts.begin(found.sha256, 'tag', found.name, at);
    faultPoint('tag.attempted', found.name);
    try {
      // a measure that was tried and did not end is left out: the image matters more
      if (toMeasure && before > 0) deps.unmeasured?.(found, 'an attempt to measure it did not end');
      const image = toMeasure && before === 0 ? await measured(found, deps) : found;
      const { sha256, revision, edition } = image;
      const files = store.files.ofImage(sha256).filter((file) => file.role === 'image');
      const thresholds = store.thresholds.versions().find((t) => t.version === image.thresholdsVersion);
      const answers = store.lessons.answers(image.label?.because?.lessons ?? []);
      const record = recordOf(image, files, deps.house, thresholds, answers);
      const { text, embedded, sidecar } = await makeFromWhole(record);
      const { method, sha256: taggedSha256 } = embedded;
      const deliveries = deps.targets.map(({ name, layout }) => ({
        target: name,
        objects: objectsFor(name, layout, record, { text, embedded, sidecar }),
      }));
      const withheld = withheldWords(whose(image.facts), deps.withhold, utcDay(deps.now()));
      const tagged = {
        sha256,
        revision,
        edition,
        record: text,
        method,
        taggedSha256,
        deliveries,
        at,
        ...(withheld === undefined ? {} : { withheld }),
      };
      // the label changed meanwhile: the next round writes it again
      if (!store.deliveries.tagged(tagged)) store.attempts.end(sha256, 'tag');
      faultPoint('tag.committed');
    } catch (error) {
      if (!asSemtagError(error).unexplained) store.attempts.end(found.sha256, 'tag');
      throw error;
    }
  }

  type Product = Written & { sidecar: { name: string; bytes: Buffer } | undefined };

  /** A private copy that has decayed on its disk is replaced by what a target holds; where none does, that is the reason. */
  async function makeFromWhole(record: SemRecord): Promise<Product> {
    const { sha256 } = record.acquired;
    const acquired = await deps.acquired(sha256);
    try {
      return await make(record, acquired);
    } catch (error) {
      if ((await hashFile(acquired)) === sha256) throw error;
      return make(record, await deps.acquired(sha256, 'decayed'));
    }
  }

  /** Writes `<sha256>.<revision>.{image,json}` into tagged/. */
  async function make(record: SemRecord, acquired: string): Promise<Product> {
    const { sha256 } = record.acquired;
    const base = join(deps.taggedDir, `${sha256}.${record.revision}`);
    const written = await writeTagged(record, acquired, { image: `${base}.image`, json: `${base}.json` });
    return { ...written, sidecar: readSidecar(record) ? store.images.sidecar(sha256) : undefined };
  }

  /** The image, its record as `<name>.json`, and the vendor's sidecar under the image's stem: at places that no other image has. */
  function objectsFor(target: string, layout: string, record: SemRecord, product: Product): DeliveryObject[] {
    const { sha256, name } = record.acquired;
    const { embedded, text, sidecar } = product;
    const place = placeOf(layout, record);
    const objects: DeliveryObject[] = [
      { place, kind: 'image', sha256: embedded.sha256, bytes: embedded.size },
      { place: `${place}.json`, kind: 'record', sha256: hashOf(text), bytes: Buffer.byteLength(text) },
    ];
    if (sidecar) {
      // TESCAN's a-tif.hdr, JEOL's a.txt: what follows the image's own stem is kept
      const own = stemOf(name);
      const rest = sidecar.name.startsWith(own) ? sidecar.name.slice(own.length) : endingOf(sidecar.name);
      const { bytes } = sidecar;
      objects.push({
        place: `${stemOf(place)}${rest}`,
        kind: 'sidecar',
        sha256: hashOf(bytes),
        bytes: bytes.length,
      });
    }
    const isTaken = (object: DeliveryObject) => store.deliveries.placeTaken(target, object.place, sha256);
    if (!objects.some(isTaken)) return objects;
    const beside = movedPlaces(objects, withHash(place, sha256));
    return beside.some(isTaken) ? movedPlaces(objects, withHash(place, sha256, 64)) : beside;
  }

  return {
    name: 'tag',
    concurrency: 2,
    due(limit, skip) {
      const before = (seconds: number) => new Date(deps.now().getTime() - seconds * 1000).toISOString();
      const { answer, because } = deps.holdSeconds;
      return store.images.taggable(
        { answer: before(answer), because: before(because) },
        limit,
        new Set([...skip, ...store.attempts.waiting('tag', deps.now())]),
      );
    },
    key: (image) => image.sha256,
    run,
    failed: (image, error) =>
      store.images.quarantine(
        image.sha256,
        { code: error.code, message: error.message },
        deps.now().toISOString(),
      ),
  };
}

/** A text file beside the image is the vendor's only where a parser found values in it: anybody's notes stay where they are. */
function readSidecar({ header }: SemRecord): boolean {
  return Object.values(header?.fields ?? {}).some(({ origin }) => origin.startsWith('sidecar'));
}

function stemOf(place: string): string {
  return place.slice(0, place.length - endingOf(place).length);
}

function hashOf(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
