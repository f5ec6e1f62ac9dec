// The tag stage: record, tagged copy and sidecar of the current revision, verified, published, then committed with what is owed to whom.

import { createHash } from 'node:crypto';
import { copyFile, rm, stat, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FolderTargetConfig, InstrumentConfig } from '../config/schema.ts';
import { asSemtagError } from '../errors.ts';
import { faultPoint } from '../faults.ts';
import { publish } from '../formats/publish.ts';
import type { Stage } from '../pipeline/stage.ts';
import { recordText, type SemRecord } from '../record/record.ts';
import { renderXmp } from '../record/xmp.ts';
import type { DeliveryObject } from '../store/deliveries.ts';
import type { Image } from '../store/images.ts';
import type { Store } from '../store/store.ts';
import { embed, type Embedded } from './embed.ts';
import { placeOf, withHash } from './layout.ts';
import { recordOf } from './record-of.ts';
import { verifyCopy, verifyTagged } from './verify.ts';

export type TagDeps = {
  store: Store;
  taggedDir: string;
  instruments: InstrumentConfig[];
  targets: FolderTargetConfig[];
  /** path of the acquired bytes: the spool, or fetched back from a target */
  acquired: (sha256: string) => Promise<string>;
  /** seconds that an answered image waits, so that a slip can be taken back */
  holdSeconds: number;
  now: () => Date;
};

export function tagStage(deps: TagDeps): Stage<Image> {
  const { store } = deps;
  const zones = new Map(deps.instruments.map((i) => [i.name, i.zone]));

  async function run(image: Image): Promise<void> {
    const at = deps.now().toISOString();
    store.attempts.begin(image.sha256, 'tag', image.name, at);
    faultPoint('tag.attempted', image.name);
    try {
      const thresholds = store.thresholds.versions().find((t) => t.version === image.thresholdsVersion);
      const record = recordOf(image, store.files.ofImage(image.sha256).filter((f) => f.role === 'image'), zones.get(image.instrument), thresholds); // prettier-ignore
      const product = await make(record, await deps.acquired(image.sha256));
      const deliveries = deps.targets.map(({ name, layout }) => ({
        target: name,
        objects: objectsFor(name, layout, record, product),
      }));
      const { sha256, revision, edition } = image;
      const current = store.deliveries.tagged({ sha256, revision, edition, record: product.text, method: product.embedded.method, taggedSha256: product.embedded.sha256, deliveries, at }); // prettier-ignore
      if (!current) store.attempts.end(sha256, 'tag'); // the label changed meanwhile: the next round writes it again
      faultPoint('tag.committed');
    } catch (error) {
      if (asSemtagError(error).code !== 'internal') store.attempts.end(image.sha256, 'tag');
      throw error;
    }
  }

  type Product = { embedded: Embedded; text: string; sidecar: { name: string; bytes: Buffer } | undefined };

  /** Writes `<sha256>.<revision>.{image,json}` into tagged/: the same record gives the same bytes. */
  async function make(record: SemRecord, acquired: string): Promise<Product> {
    const { sha256 } = record.acquired;
    const base = join(deps.taggedDir, `${sha256}.${record.revision}`);
    const temp = `${base}.writing`;
    try {
      const embedded =
        record.label.basis === 'observe'
          ? await plainCopy(acquired, temp, sha256)
          : await embed(acquired, temp, renderXmp(record), sha256);
      faultPoint('tag.written');
      if (embedded.method === 'sidecar') await verifyCopy(acquired, temp);
      else await verifyTagged(acquired, temp);
      await publish(temp, `${base}.image`);
      const text = recordText(record);
      await writeFile(temp, text);
      await publish(temp, `${base}.json`);
      faultPoint('tag.published');
      return { embedded, text, sidecar: store.images.sidecar(sha256) };
    } finally {
      await rm(temp, { force: true });
    }
  }

  /** The image, its record as `<name>.json`, and the vendor's sidecar under the image's stem. */
  function objectsFor(target: string, layout: string, record: SemRecord, product: Product): DeliveryObject[] {
    const { sha256 } = record.acquired;
    const wanted = placeOf(layout, record);
    const place = store.deliveries.placeTaken(target, wanted, sha256) ? withHash(wanted, sha256) : wanted;
    const { embedded, text, sidecar } = product;
    const objects: DeliveryObject[] = [
      { place, kind: 'image', sha256: embedded.sha256, bytes: embedded.size },
      { place: `${place}.json`, kind: 'record', sha256: hashOf(text), bytes: Buffer.byteLength(text) },
    ];
    if (sidecar) {
      const stem = place.slice(0, place.length - extname(place).length);
      // TESCAN's a-tif.hdr, JEOL's a.txt: what follows the image's own stem is kept
      const own = record.acquired.name.slice(
        0,
        record.acquired.name.length - extname(record.acquired.name).length,
      );
      const rest = sidecar.name.startsWith(own) ? sidecar.name.slice(own.length) : extname(sidecar.name);
      objects.push({
        place: `${stem}${rest}`,
        kind: 'sidecar',
        sha256: hashOf(sidecar.bytes),
        bytes: sidecar.bytes.length,
      });
    }
    return objects;
  }

  return {
    name: 'tag',
    concurrency: 2,
    due(limit, skip) {
      const heldSince = new Date(deps.now().getTime() - deps.holdSeconds * 1000).toISOString();
      return store.images.taggable(
        heldSince,
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

/** In mode observe the file goes on exactly as it was acquired. */
async function plainCopy(acquired: string, dest: string, sha256: string): Promise<Embedded> {
  await copyFile(acquired, dest);
  return {
    method: 'sidecar',
    reason: 'the instrument is only observed',
    sha256,
    size: (await stat(dest)).size,
  };
}

function hashOf(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
