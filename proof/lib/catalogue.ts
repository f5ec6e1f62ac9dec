// A catalogue of n made-up images in the real schema, filled in bulk. Not crash safe while it is made: made again at will.

import Database from 'better-sqlite3';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { loadModel } from '../../src/classify/model.ts';
import type { PublishRules } from '../../src/domain/publish.ts';
import { dataPaths } from '../../src/paths.ts';
import type { Db } from '../../src/store/open.ts';
import { addSearchTerms } from '../../src/store/search-terms.ts';
import { openStore } from '../../src/store/store.ts';
import { fillRecords, published } from './catalogue-records.ts';
import { fillCounts, fillLessons, fillRows, fillWords, withoutTriggersAndIndexes } from './catalogue-rows.ts';
import { madeImages, type Made } from './made-images.ts';
import { fillSignatures } from './made-signatures.ts';

export type Catalogue = {
  /** oldest first */
  images: Made[];
  /** [n x axes], each of length 1 */
  places: Float32Array;
  axes: number;
  /** so many of the newest have bottlenecks of their own */
  whole: number;
  /** what each part of making it took */
  seconds: Record<'rows' | 'indexes' | 'words' | 'signatures', number>;
};

/** The others have a signature alone: a million times 13.7 kB is more than a proof may take of a disk. */
const WHOLE = 500;

/** `waiting`: some of the images wait for an answer, of files that never were. `whole`: so many of the newest have bottlenecks; what was answered of them teaches. `published`: the others have records, which are public by these rules. */
export async function makeCatalogue(
  dataDir: string,
  n: number,
  {
    until = Date.now(),
    waiting = true,
    whole: most = WHOLE,
    published: rules,
  }: { until?: number; waiting?: boolean; whole?: number; published?: PublishRules } = {},
): Promise<Catalogue> {
  let last = performance.now();
  const lap = () => {
    const before = last;
    return ((last = performance.now()) - before) / 1000;
  };
  const model = await loadModel({});
  dataPaths(dataDir).prepare();
  openStore(dataDir).close(); // the schema
  const images = madeImages(n, until, waiting);
  // in the order of the primary keys: tables that grow at their end only
  const order = Uint32Array.from(images.keys()).sort((a, b) => (images[a]!.sha256 < images[b]!.sha256 ? -1 : 1)); // prettier-ignore

  const db = openToFill(dataDir, 'semtag.db');
  addSearchTerms(db);
  const as = withoutTriggersAndIndexes(db);
  fillRows(db, images, order, model.reference);
  const whole = Math.min(most, n);
  fillLessons(db, images, n - whole);
  if (rules) fillRecords(db, images);
  const rows = lap();
  as.indexes();
  const indexes = lap();
  fillWords(db);
  fillCounts(db, until);
  as.triggers();
  db.exec('ANALYZE');
  db.close();
  const words = lap();

  fillBottlenecks(dataDir, images, order, n - whole, model.reference);
  const { places, axes } = await fillSignatures(dataDir, images, order, whole, model);
  if (rules) published(dataDir, rules);
  // written behind the back of SQLite: whoever makes the first checkpoint would wait for all of it
  for (const name of ['semtag.db', 'bottlenecks.db', 'signatures.db']) {
    const file = openSync(join(dataDir, name), 'r+');
    fsyncSync(file);
    closeSync(file);
  }
  return { images, places, axes, whole, seconds: { rows, indexes, words, signatures: lap() } };
}

function openToFill(dataDir: string, name: string): Db {
  const db = new Database(join(dataDir, name));
  db.unsafeMode(); // SQLite keeps its journal otherwise
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('foreign_keys = OFF'); // a label and its image name each other
  db.pragma('cache_size = -400000');
  db.pragma('temp_store = MEMORY');
  return db;
}

/** A row without numbers for each of the first n: the service would look for their bytes to make them again. */
function fillBottlenecks(
  dataDir: string,
  images: Made[],
  order: Uint32Array,
  n: number,
  { backbone, preprocessing }: { backbone: { sha256: string }; preprocessing: string },
): void {
  const db = openToFill(dataDir, 'bottlenecks.db');
  const put = db.prepare(`INSERT INTO bottleneck (sha256, backbone, preprocessing, view, engine, vector)
    VALUES (?, ?, ?, 0, 'onnx', x'')`);
  db.transaction(() => {
    for (const i of order) if (i < n) put.run(images[i]!.sha256, backbone.sha256, preprocessing);
  })();
  db.close();
}
