// Records of a made-up catalogue: what the tag stage and the publisher would have written for each image that is at the repository. Bulk only: never beside a running service.

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { CATEGORIES, type Category } from '../../src/domain/categories.ts';
import type { HeaderFields, Unit } from '../../src/domain/header.ts';
import { statusOf, utcDay, type PublishRules } from '../../src/domain/publish.ts';
import { scoresOf } from '../../src/domain/scores.ts';
import { dataPaths } from '../../src/paths.ts';
import { RECORD_SCHEMA, recordId, recordText, type SemRecord } from '../../src/record/record.ts';
import type { Db } from '../../src/store/open.ts';
import { openStore } from '../../src/store/store.ts';
import type { Made } from './made-images.ts';

/** What an answer or the head made of an image. */
export type MadeLabel = { category: Category; basis: 'auto' | 'answer'; by: string; at: string };

const HASH = 'c'.repeat(64);
const value = (of: number, unit: Unit, tag: string) => ({ value: of, unit, origin: `tiff:34118 ${tag}` }); // prettier-ignore
const text = (of: string, tag: string) => ({ value: of, unit: null, origin: `tiff:34118 ${tag}` });

/** Some 5 kB, as long as that of a Zeiss file. */
export function madeRecord(one: Made, label: MadeLabel, revision = 1): SemRecord {
  const { category, basis, by, at } = label;
  const rest = 0.1 / (CATEGORIES.length - 1);
  return {
    schema: RECORD_SCHEMA,
    id: recordId(one.sha256),
    revision,
    cause: revision === 1 ? 'acquired' : 'relabelled',
    acquired: {
      name: one.name,
      bytes: 3_145_728,
      sha256: one.sha256,
      mediaType: 'image/tiff',
      settledAt: one.settledAt,
      files: [{ instrument: one.instrument, path: `${one.dir}/${one.name}` }],
    },
    instrument: { name: one.instrument, zone: 'Europe/Berlin' },
    picture: { width: 1024, height: 768, bitsPerSample: 8, scanArea: { width: 1024, height: 708, origin: 'header' } }, // prettier-ignore
    header: { format: 'zeiss', fields: fieldsOf(one), warnings: [] },
    facts: {
      project: { value: one.project, unit: null, origin: 'path' },
      operator: { value: one.operator, unit: null, origin: 'path' },
      sample: { value: one.sample, unit: null, origin: 'path' },
    },
    classification: {
      scores: scoresOf(CATEGORIES.map((name) => (name === category ? 0.9 : rest))),
      decision: 'auto',
      category,
      score: 0.9,
      thresholds: { version: 1, auto: 0.8, prompt: 0.35 },
      model: {
        name: 'bootstrap-1',
        head: HASH,
        backbone: { name: 'efficientnet-lite0', sha256: HASH },
        preprocessing: '1',
        engine: 'onnx',
      },
    },
    label: { kind: 'category', category, basis, by, at },
    relations: {},
  };
}

function fieldsOf(one: Made): HeaderFields {
  const pixel = value(0.1 / one.magnification / 1024, 'm', 'AP_IMAGE_PIXEL_SIZE');
  return {
    vendor: text('Zeiss', 'DP_SEM'),
    instrument_model: text('Merlin', 'SV_INSTRUMENT'),
    serial_number: text('Merlin-61-18', 'SV_SERIAL_NUMBER'),
    software_version: text('V05.04.05.00', 'SV_VERSION'),
    user_name: text(one.operator, 'SV_USER_NAME'),
    sample_name: text(one.sample, 'SV_SAMPLE_ID'),
    detector: text(one.detector, 'DP_DETECTOR_TYPE'),
    accelerating_voltage_V: value(one.voltage, 'V', 'AP_ACTUALKV'),
    beam_current_A: value(2.4e-10, 'A', 'AP_IPROBE'),
    magnification: value(one.magnification, null, 'AP_MAG'),
    working_distance_m: value(0.0077, 'm', 'AP_WD'),
    pixel_size_x_m: pixel,
    pixel_size_y_m: pixel,
    stage_x_m: value(0.0612, 'm', 'AP_STAGE_AT_X'),
    stage_y_m: value(0.0499, 'm', 'AP_STAGE_AT_Y'),
    stage_z_m: value(0.0311, 'm', 'AP_STAGE_AT_Z'),
    stage_tilt_deg: value(0, 'deg', 'AP_STAGE_AT_T'),
    stage_rotation_deg: value(31.4, 'deg', 'AP_STAGE_AT_R'),
    scan_rotation_deg: value(0, 'deg', 'AP_SCANROTATION'),
    chamber_pressure_Pa: value(1.1e-4, 'Pa', 'AP_SYSTEM_VAC'),
    dwell_time_s: value(4e-7, 's', 'AP_PIXEL_TIME'),
    acquired_at: { value: one.settledAt.slice(0, 19), zone: 'local', origin: 'tiff:34118 AP_DATE' },
  };
}

const labelOf = ({ category, basis, operator, settledAt }: Made): MadeLabel => ({
  category: category!,
  basis: basis!,
  by: basis === 'auto' ? 'semtag' : operator,
  at: settledAt,
});

/** Tagged and published in the order in which they settled. */
export function fillRecords(db: Db, images: Made[]): void {
  const revision = db.prepare(
    "INSERT INTO revision (sha256, revision, record, method, tagged_sha256, at) VALUES (?, 1, ?, 'tiff', ?, ?)",
  );
  const publication = db.prepare(
    `INSERT INTO publication VALUES (@seq, @stamp, @id, @sha256, 1, @stamp, 0, @instrument, @category, @status, @detector, @voltage, @magnification, @acquired, @project, @operator)`,
  );
  const tagged = (one: Made) => one.state === 'forwarded';
  db.transaction(() => {
    for (const one of images) {
      if (!tagged(one)) continue;
      const record = recordText(madeRecord(one, labelOf(one)));
      const hash = createHash('sha256').update(`tagged ${one.sha256}`).digest('hex');
      revision.run(one.sha256, record, hash, one.settledAt);
    }
    images.filter(tagged).forEach((one, i) => {
      const { sha256, instrument, category, detector, voltage, magnification, settledAt, project, operator } =
        one;
      const status = statusOf({ kind: 'category', basis: one.basis! });
      const stamp = Math.floor(Date.parse(settledAt) / 1000);
      publication.run({ seq: i + 1, stamp, id: recordId(sha256), sha256, instrument, category, status, detector, voltage, magnification, acquired: settledAt.slice(0, 19), project, operator }); // prettier-ignore
    });
  })();
}

/** As after the first walk by these rules: nothing is due, and harvesters were told all of it. */
export function published(dataDir: string, rules: PublishRules): void {
  const store = openStore(dataDir);
  store.publication.goBy(rules, utcDay(new Date()), false);
  writeFileSync(dataPaths(dataDir).published, JSON.stringify(store.publication.top()));
  store.close();
  const db = new Database(join(dataDir, 'semtag.db'));
  db.exec('DELETE FROM publication_walk');
  db.close();
}

/** How many rows the publisher would have made otherwise: it makes those of this catalogue again. */
export function madeOtherwise(dataDir: string, rules: PublishRules): number {
  const rows = `SELECT id, sha256, revision, gone, instrument, category, status, detector, voltage, magnification, acquired FROM publication ORDER BY sha256`;
  const db = new Database(join(dataDir, 'semtag.db'));
  const before = db
    .prepare(rows)
    .all()
    .map((row) => JSON.stringify(row));
  db.exec('DELETE FROM publication; INSERT INTO publication_due SELECT sha256, 0 FROM revision');
  const store = openStore(dataDir);
  while (store.publication.settle(rules, new Date()));
  store.close();
  const after = new Set(
    db
      .prepare(rows)
      .all()
      .map((row) => JSON.stringify(row)),
  );
  db.close();
  return Math.max(before.length, after.size) - before.filter((row) => after.has(row)).length;
}
