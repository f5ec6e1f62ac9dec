// Where the images of a made-up catalogue lie among others: around the centres of so many subjects; signatures of all, bottlenecks that lead to these places for the newest.

import Database from 'better-sqlite3';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { LoadedModel } from '../../src/classify/model.ts';
import { placeOf } from '../../src/classify/space.ts';
import { randomOf } from '../../src/domain/random.ts';
import { signatureOf } from '../../src/learn/alike/signature.ts';
import { dataPaths } from '../../src/paths.ts';
import { openSignatures } from '../../src/store/signatures.ts';
import { openStore } from '../../src/store/store.ts';
import type { Made } from './made-images.ts';

const SUBJECTS = 2000;
/** The newest are of subjects of their own: what is most alike to one of them has bottlenecks too, and is compared by them, as everywhere in a real catalogue. */
const NEWEST_SUBJECTS = 4;
/** Of an axis's spread among the subjects. */
const SPREAD = 0.5;
/** The newest have a thumbnail. */
const SHOWN = 200;

export async function fillSignatures(
  dataDir: string,
  images: Made[],
  order: Uint32Array,
  whole: number,
  { head, reference }: LoadedModel,
): Promise<{ places: Float32Array; axes: number }> {
  const n = images.length;
  const space = head.space!;
  const axes = space.variance.length;
  const random = randomOf(11);
  const places = new Float32Array(n * axes);
  const subjects = (k: number) =>
    Array.from({ length: k }, () => Float32Array.from({ length: axes }, () => random() - 0.5));
  const [older, newest] = [subjects(SUBJECTS), subjects(NEWEST_SUBJECTS)];
  const near = (centres: Float32Array[]) => {
    const centre = centres[Math.floor(random() * centres.length)]!;
    return centre.map((c) => c + (random() - 0.5) * SPREAD);
  };

  /** Bottlenecks that `placeOf` puts there. */
  const viewAt = (there: Float32Array) => {
    const x = there.map((c, k) => c * Math.sqrt(space.variance[k]!));
    return Float32Array.from(head.mean, (mean: number, j: number) => {
      let sum = 0;
      for (let k = 0; k < axes; k++) sum += space.rotation[k * head.length + j]! * x[k]!;
      const root = mean + sum / head.scale[j]!;
      if (!(head.scale[j]! > 0)) return 0;
      return head.roots ? root * Math.abs(root) : root;
    });
  };

  for (let i = 0; i < n - whole; i++) {
    const there = near(older);
    const length = Math.hypot(...there);
    for (let k = 0; k < axes; k++) places[i * axes + k] = there[k]! / length;
  }
  const store = openStore(dataDir);
  for (let i = n - whole; i < n; i++) {
    const view = viewAt(near(newest));
    const views = [view, view];
    const { preprocessing } = reference;
    store.bottlenecks.put(images[i]!.sha256, { backbone: reference.backbone.sha256, preprocessing, engine: 'onnx', views }); // prettier-ignore
    places.set(placeOf(head, space, views).u, i * axes);
  }
  store.close();
  keepSignatures(dataDir, `${reference.head} ${reference.preprocessing}`, images, order, places, axes, whole);

  const thumb = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#556' } }).jpeg().toBuffer(); // prettier-ignore
  for (const { sha256 } of images.slice(-SHOWN)) writeFileSync(dataPaths(dataDir).thumb(sha256), thumb);
  return { places, axes };
}

function keepSignatures(
  dataDir: string,
  space: string,
  images: Made[],
  order: Uint32Array,
  places: Float32Array,
  axes: number,
  upTo: number,
): void {
  openSignatures(dataDir, space).close(); // the schema
  const db = new Database(join(dataDir, 'signatures.db'));
  db.unsafeMode();
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  const put = db.prepare('INSERT INTO signature (sha256, vector) VALUES (?, ?)');
  db.transaction(() => {
    for (const i of order) {
      const vector = signatureOf(places.subarray(i * axes, (i + 1) * axes));
      put.run(Buffer.from(images[i]!.sha256, 'hex'), Buffer.from(vector.buffer));
    }
    db.prepare('UPDATE made SET up_to = ?').run(upTo);
  })();
  db.close();
}
