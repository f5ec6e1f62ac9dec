// A catalogue of n made-up images in the real schema, filled in bulk: rows in one pass without triggers and indexes, then these as the schema has them. What it made is kept here too, so that a proof can compare.

import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { loadModel } from '../../src/classify/model.ts';
import { placeOf } from '../../src/classify/space.ts';
import { CATEGORIES } from '../../src/domain/categories.ts';
import { randomOf } from '../../src/domain/random.ts';
import { signatureOf } from '../../src/learn/alike/signature.ts';
import { dataPaths } from '../../src/paths.ts';
import { addSearchTerms } from '../../src/store/search-terms.ts';
import { openSignatures } from '../../src/store/signatures.ts';
import { openStore } from '../../src/store/store.ts';

export type Made = { sha256: string; name: string; settledAt: string; instrument: string; project: string; operator: string; sample: string; detector: string; voltage: number; magnification: number; state: string; category: string | undefined; basis: string | undefined }; // prettier-ignore
export type Catalogue = {
  images: Made[];
  /** [n x axes], each of length 1 */ places: Float32Array;
  axes: number;
  whole: number;
  seconds: number;
};

const MATERIALS = [
  'GaAs',
  'Si',
  'ZnO',
  'Au',
  'TiO2',
  'CNT',
  'PMMA',
  'SiN',
  'Graphene',
  'Steel',
  'Bone',
  'Pollen',
  'Cu',
  'Al2O3',
  'InP',
  'PS beads',
];
const WORDS = [
  'overview',
  'edge',
  'detail',
  'tilt',
  'crosssection',
  'annealed',
  'asgrown',
  'etched',
  'area',
  'Übersicht',
  'beforeFIB',
  'ref',
];
const DETECTORS = ['InLens', 'SE2', 'ETD', 'BSE', 'TLD', 'STEM'];
const VOLTAGES = [500, 1000, 2000, 3000, 5000, 10_000, 15_000, 20_000, 30_000];
const SUBJECTS = 2000;
/** Images with bottlenecks of their own; the others have a signature alone: a million times 13.7 kB is more than a proof may take of a disk. */
const WHOLE = 500;
const SHOWN = 200;

export async function makeCatalogue(dataDir: string, n: number, until = Date.now()): Promise<Catalogue> {
  const start = performance.now();
  const { head, reference } = await loadModel({});
  const random = randomOf(7);
  const of = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  dataPaths(dataDir).prepare();
  openStore(dataDir).close();
  const db = new Database(join(dataDir, 'semtag.db'));
  addSearchTerms(db);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = OFF');
  db.pragma('foreign_keys = OFF'); // a label and its image name each other
  db.pragma('cache_size = -400000');
  const later = db.prepare("SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('trigger', 'index') AND name <> 'image_terms_put' AND tbl_name IN ('image', 'label', 'file', 'history')").all() as { name: string; type: string; sql: string }[];
  for (const { name, type } of later) db.exec(`DROP ${type} ${name}`);
  const image = db.prepare(`INSERT INTO image (sha256, number, state, instrument, name, bytes, media_type, spooled, at_target, facts, picture, header, category, score, decision, label_id, label_basis, label_category, error, settled_at, changed_at, spooled_at)
    VALUES (@sha256, @number, @state, @instrument, @name, 3145728, 'image/tiff', 0, 1, @facts, @picture, @header, @top, @score, @decision, @label, @basis, @category, @error, @settledAt, @changedAt, @settledAt)`);
  const label = db.prepare("INSERT INTO label (id, sha256, kind, category, basis, by, at) VALUES (?, ?, 'category', ?, ?, ?, ?)");
  const history = db.prepare("INSERT INTO history (at, subject, key, to_state, who, what) VALUES (?, 'image', ?, 'settled', 'semtag', 'Settled')");
  const images: Made[] = [];
  const step = Math.max(2, Math.floor((730 * 86_400) / n));
  const first = Math.floor(until / 1000) - n * step;
  const now = new Date().toISOString();
  db.exec('BEGIN');
  for (let i = 0; i < n; i++) {
    const [material, person] = [of(MATERIALS), Math.floor(random() ** 2 * 60)];
    const second = first + i * step;
    const roll = random();
    const state = roll < 0.02 ? 'asked' : roll < 0.03 ? 'quarantined' : 'forwarded';
    const category = state === 'forwarded' ? CATEGORIES[Math.floor(random() ** 1.5 * 10)] : undefined;
    const basis = category && (random() < 0.7 ? 'auto' : 'answer');
    const made: Made = {
      sha256: createHash('sha256').update(`made ${i}`).digest('hex'),
      name: `${material}_${String(1 + Math.floor(random() * 400)).padStart(3, '0')}_${of(WORDS)}${random() < 0.5 ? '-' : ' '}${i % 10_000}.tif`,
      settledAt: new Date(second * 1000).toISOString(),
      instrument: `SEM ${1 + (person % 3)}`, // a person has a microscope of choice: what goes together rarely is asked for too
      project: String(2000 + (person * 7 + Math.floor(random() * 4)) % 150),
      operator: `Operator ${person}`,
      sample: `${material}-${Math.floor(random() * 500)}`,
      detector: of(DETECTORS), voltage: of(VOLTAGES), magnification: Math.round(10 ** (2 + random() * 3.7)),
      state, category, basis,
    };
    images.push(made);
    const field = (value: string | number, unit: string | null = null, origin = 'path') => ({ value, unit, origin });
    const header = { format: 'zeiss', page: 0, warnings: [], fields: { vendor: field('Zeiss'), instrument_model: field('Merlin'), detector: field(made.detector), accelerating_voltage_V: field(made.voltage, 'V', 'tiff:34118 AP_ACTUALKV'), magnification: field(made.magnification, null, 'tiff:34118 AP_MAG'), working_distance_m: field(0.0077, 'm', 'tiff:34118 AP_WD'), pixel_size_x_m: field(0.1 / made.magnification / 1024, 'm', 'tiff:34118 AP_IMAGE_PIXEL_SIZE'), pixel_size_y_m: field(0.1 / made.magnification / 1024, 'm', 'tiff:34118 AP_IMAGE_PIXEL_SIZE') } };
    image.run({
      ...made, number: second * 2 ** 20, facts: JSON.stringify({ project: field(made.project), operator: field(made.operator), sample: field(made.sample) }),
      picture: JSON.stringify({ width: 1024, height: 768, bitsPerSample: 8, scanArea: { width: 1024, height: 708, origin: 'header' }, ...(i < n - WHOLE ? { frame: 'blank' } : {}) }),
      header: JSON.stringify(header), top: category ?? null, score: category ? 0.9 : null, decision: category ? 'auto' : null,
      label: category ? i + 1 : null, category: category ?? null, basis: basis ?? null,
      error: state === 'quarantined' ? '{"code":"malformed","message":"made up"}' : null, changedAt: now,
    });
    if (category) label.run(i + 1, made.sha256, category, basis, basis === 'auto' ? 'semtag' : made.operator, made.settledAt);
    history.run(made.settledAt, made.sha256);
  }
  for (const { type, sql } of later) if (type === 'index') db.exec(sql);
  db.exec('INSERT INTO image_terms SELECT * FROM image_terms ORDER BY number');
  db.exec("INSERT INTO tally SELECT 'image', state, count(*) FROM image GROUP BY state; INSERT INTO tally SELECT 'spool', copy, sum(bytes) FROM image GROUP BY copy");
  for (const { type, sql } of later) if (type === 'trigger') db.exec(sql);
  db.exec("INSERT INTO image_text (image_text) VALUES ('optimize'); COMMIT; ANALYZE");
  db.close();

  // a row without numbers for each of the others: the service would look for their bytes to make them again
  const bottlenecks = new Database(join(dataDir, 'bottlenecks.db'));
  bottlenecks.pragma('synchronous = OFF');
  const empty = bottlenecks.prepare("INSERT INTO bottleneck (sha256, backbone, preprocessing, view, engine, vector) VALUES (?, ?, ?, 0, 'onnx', x'')");
  const others = images.slice(0, Math.max(0, n - WHOLE)).map((one) => one.sha256).sort();
  bottlenecks.transaction(() => {
    for (const sha of others) empty.run(sha, reference.backbone.sha256, reference.preprocessing);
  })();
  bottlenecks.close();

  const space = head.space!;
  const axes = space.variance.length;
  const places = new Float32Array(n * axes);
  const centres = Array.from({ length: SUBJECTS }, () => Float32Array.from({ length: axes }, () => random() - 0.5));
  const store = openStore(dataDir);
  const signatures = openSignatures(dataDir, `${reference.head} ${reference.preprocessing}`);
  const thumb = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#556' } }).jpeg().toBuffer();
  const unroot = (root: number) => (head.roots ? root * Math.abs(root) : root);
  let batch: { sha256: Buffer; vector: Buffer }[] = [];
  for (let i = 0; i < n; i++) {
    const centre = of(centres);
    let u: Float32Array;
    if (i >= n - WHOLE) {
      const coordinates = centre.map((c, k) => (c + (random() - 0.5) * 0.5) * Math.sqrt(space.variance[k]!));
      const view = Float32Array.from(head.mean, (m, j) => {
        let sum = 0;
        for (let k = 0; k < axes; k++) sum += space.rotation[k * head.length + j]! * coordinates[k]!;
        return head.scale[j]! > 0 ? unroot(m + sum / head.scale[j]!) : 0;
      });
      store.bottlenecks.put(images[i]!.sha256, { backbone: reference.backbone.sha256, preprocessing: reference.preprocessing, engine: 'onnx', views: [view, view] });
      u = placeOf(head, space, [view, view]).u;
    } else {
      const raw = centre.map((c) => c + (random() - 0.5) * 0.5);
      const size = Math.hypot(...raw);
      u = raw.map((v) => v / size);
    }
    places.set(u, i * axes);
    batch.push({ sha256: Buffer.from(images[i]!.sha256, 'hex'), vector: Buffer.from(signatureOf(u).buffer) });
    if (batch.length === 50_000 || i === n - 1) {
      signatures.add(batch, Math.min(WHOLE, n));
      batch = [];
    }
    if (i >= n - SHOWN) writeFileSync(dataPaths(dataDir).thumb(images[i]!.sha256), thumb);
  }
  signatures.close();
  store.close();
  return { images, places, axes, whole: Math.min(WHOLE, n), seconds: (performance.now() - start) / 1000 };
} // prettier-ignore
