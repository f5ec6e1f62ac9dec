// The rows of a made-up catalogue: images, labels, files, history, words, and what the triggers of the schema would have counted. Bulk only: never beside a running service.

import { CATEGORIES } from '../../src/domain/categories.ts';
import { scoresOf } from '../../src/domain/scores.ts';
import type { Db } from '../../src/store/open.ts';
import type { Made } from './made-images.ts';

/** Memory of FTS5 before it writes a segment. Not more while filling: one segment of everything would lie where the newest belong, and the first images saved would have to move it. */
const HASH = { filling: 8 * 2 ** 20, usual: 2 ** 20 };
/** What the Health page shows. */
const HOURS_KEPT = 15 * 24;

/** Drops them from the tables that are filled, and gives back what makes them as they were. */
export function withoutTriggersAndIndexes(db: Db) {
  const dropped = db
    .prepare(
      `SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('trigger', 'index')
         AND tbl_name IN ('image', 'label', 'file', 'history', 'revision', 'publication')`,
    )
    .all() as { name: string; type: 'trigger' | 'index'; sql: string }[];
  for (const { name, type } of dropped) db.exec(`DROP ${type} ${name}`);
  const make = (wanted: string) => () => {
    for (const { type, sql } of dropped) if (type === wanted) db.exec(sql);
  };
  return { indexes: make('index'), triggers: make('trigger') };
}

export function fillRows(db: Db, images: Made[], order: Uint32Array, model: object): void {
  const columns = (
    'sha256 number state instrument name bytes media_type spooled at_target facts picture header scores category score decision model ' +
    'label_id label_basis label_category series error settled_at changed_at spooled_at'
  ).split(' ');
  const image = db.prepare(
    `INSERT INTO image (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
  );
  const label = db.prepare(`INSERT INTO label (id, sha256, kind, category, basis, by, at)
    VALUES (?, ?, 'category', ?, ?, ?, ?)`);
  const file = db.prepare(`INSERT INTO file (instrument, dir, name, version, role, size, mtime_ns, state, sha256, seen_at, settled_at)
    VALUES (?, CAST(? AS BLOB), CAST(? AS BLOB), 1, 'image', 3145728, '1', 'settled', ?, ?, ?)`); // prettier-ignore
  const history = db.prepare(`INSERT INTO history (at, subject, key, to_state, who, what)
    VALUES (?, 'image', ?, 'settled', 'semtag', 'Settled')`);
  const series = db.prepare('INSERT INTO series (id, key, name, started_at, last_at) VALUES (?, ?, ?, ?, ?)');
  const reference = JSON.stringify(model);
  db.transaction(() => {
    for (const [id, { first, last }] of spans(images))
      series.run(id, JSON.stringify([first.instrument, first.operator, first.sample]), first.sample, first.settledAt, last.settledAt); // prettier-ignore
    for (const i of order) image.run(imageRow(images[i]!, i, reference));
    images.forEach(({ sha256, settledAt, instrument, category, basis, operator, dir, name }, i) => {
      const by = basis === 'auto' ? 'semtag' : operator;
      if (category) label.run(i + 1, sha256, category, basis, by, settledAt);
      file.run(instrument, dir, name, sha256, settledAt, settledAt);
      history.run(settledAt, sha256);
    });
    // as the trigger has it, which is not there yet
    db.exec(`INSERT INTO confirmed SELECT label_id, sha256, instrument, project, series, scores, model ->> '$.head', thresholds_version, blind_check, label_id
      FROM image WHERE label_basis = 'answer'`); // prettier-ignore
  })();
}

/** The first and the last image of each series. */
function spans(images: Made[]): Map<number, { first: Made; last: Made }> {
  const found = new Map<number, { first: Made; last: Made }>();
  for (const one of images) found.set(one.series, { first: found.get(one.series)?.first ?? one, last: one });
  return found;
}

/** What was answered of these teaches. */
export function fillLessons(db: Db, images: Made[], from: number): void {
  const lesson = db.prepare(`INSERT INTO lesson (label_id, sha256, series, category, weight, at) VALUES (?, ?, ?, ?, 1, ?)`); // prettier-ignore
  db.transaction(() => {
    images.forEach(({ sha256, basis, series, category, settledAt }, i) => {
      if (i >= from && basis === 'answer') lesson.run(i + 1, sha256, series, category, settledAt);
    });
  })();
}

function imageRow(one: Made, i: number, model: string): Record<string, string | number | null> {
  const { sha256, number, state, instrument, name, settledAt, magnification } = one;
  const read = state !== 'quarantined';
  const top = one.category ?? CATEGORIES[i % 10]!;
  const score = state === 'asked' ? 0.6 : 0.9;
  const pixel = field(0.1 / magnification / 1024, 'm', 'tiff:34118 AP_IMAGE_PIXEL_SIZE');
  const fields = {
    vendor: field('Zeiss'),
    instrument_model: field('Merlin'),
    detector: field(one.detector),
    accelerating_voltage_V: field(one.voltage, 'V', 'tiff:34118 AP_ACTUALKV'),
    magnification: field(magnification, null, 'tiff:34118 AP_MAG'),
    working_distance_m: field(0.0077, 'm', 'tiff:34118 AP_WD'),
    pixel_size_x_m: pixel,
    pixel_size_y_m: pixel,
  };
  const scores = scoresOf(CATEGORIES.map((category) => (category === top ? score : (1 - score) / 9)));
  const facts = {
    project: field(one.project),
    operator: field(one.operator),
    sample: field(one.sample),
  };
  const scanArea = { width: 1024, height: 708, origin: 'header' };
  return {
    sha256,
    number,
    state,
    instrument,
    name,
    bytes: 3_145_728,
    media_type: 'image/tiff',
    spooled: 0,
    at_target: 1,
    facts: JSON.stringify(facts),
    picture: JSON.stringify({ width: 1024, height: 768, bitsPerSample: 8, scanArea }),
    header: JSON.stringify({ format: 'zeiss', page: 0, warnings: [], fields }),
    scores: read ? JSON.stringify(scores) : null,
    category: read ? top : null,
    score: read ? score : null,
    decision: read ? (state === 'asked' ? 'prompt' : 'auto') : null,
    model: read ? model : null,
    label_id: one.category ? i + 1 : null,
    label_basis: one.basis ?? null,
    label_category: one.category ?? null,
    series: one.series,
    error: read ? null : '{"code":"malformed","message":"made up"}',
    settled_at: settledAt,
    changed_at: settledAt,
    spooled_at: settledAt,
  };
}

function field(value: string | number, unit: string | null = null, origin = 'path') {
  return { value, unit, origin };
}

/** By the statement that the triggers run for one image. */
export function fillWords(db: Db): void {
  const memory = (bytes: number) =>
    db.exec(`INSERT INTO image_text (image_text, rank) VALUES ('hashsize', ${bytes})`);
  memory(HASH.filling);
  db.exec('BEGIN; INSERT INTO image_terms SELECT * FROM image_terms ORDER BY number; COMMIT');
  memory(HASH.usual);
}

export function fillCounts(db: Db, until: number): void {
  const since = new Date(until - HOURS_KEPT * 3_600_000).toISOString();
  const of = "coalesce(project, ''), instrument";
  const hour = (time: string, what: string, where: string) => `
    INSERT INTO throughput SELECT substr(${time}, 1, 13), '${what}', ${of}, count(*) FROM image
      WHERE ${time} >= '${since}' AND ${where} GROUP BY 1, 3, 4;`;
  db.exec(`BEGIN;
    INSERT INTO tally SELECT 'file', state, count(*) FROM file GROUP BY state;
    INSERT INTO tally SELECT 'image', state, count(*) FROM image GROUP BY state;
    INSERT INTO tally SELECT 'spool', copy, sum(bytes) FROM image GROUP BY copy;
    INSERT INTO tally_of SELECT ${of}, 'image', state, count(*) FROM image GROUP BY 1, 2, 4;
    INSERT INTO tally_of SELECT ${of}, 'spool', copy, sum(bytes) FROM image GROUP BY 1, 2, 4;
    INSERT INTO labels_given SELECT label_basis, ${of}, count(*) FROM image WHERE label_basis IS NOT NULL GROUP BY 1, 2, 3;
    ${hour('settled_at', 'settled', "state <> 'quarantined'")}
    ${hour('settled_at', 'automatic', "label_basis = 'auto'")}
    ${hour('settled_at', 'answered', "label_basis = 'answer'")}
    ${hour('changed_at', 'forwarded', "state = 'forwarded'")}
    COMMIT`);
}
