// Fills the database of a proof with so many images of past years, as use leaves them: labelled, at the repository, not in the spool. No files behind them; nothing in the service has a reason to ask for one.

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { loadModel } from '../../src/classify/model.ts';
import { CATEGORIES } from '../../src/domain/categories.ts';
import { addSearchTerms } from '../../src/store/search-terms.ts';
import { openStore } from '../../src/store/store.ts';

/** `instrument`: they are of this one. The service is not running. */
export async function fillCatalogue(dataDir: string, instrument: string, n: number): Promise<void> {
  openStore(dataDir).close(); // the schema
  const { reference } = await loadModel({});
  const db = new Database(join(dataDir, 'semtag.db'));
  addSearchTerms(db);
  const header = JSON.stringify({
    format: 'generic',
    fields: {
      accelerating_voltage_V: { value: 5000, unit: 'V', origin: 'made up' },
      pixel_size_x_m: { value: 1e-8, unit: 'm', origin: 'made up' },
    },
    warnings: [],
    page: 0,
  });
  const picture = JSON.stringify({ width: 1024, height: 768, bitsPerSample: 8, scanArea: { width: 1024, height: 700, origin: 'made up' } }); // prettier-ignore
  const time = `strftime('%Y-%m-%dT%H:%M:%fZ', '2022-01-01', '+' || (i * 40) || ' minutes')`;
  const category = `(SELECT value FROM json_each('${JSON.stringify(CATEGORIES)}') WHERE key = i % 10)`;
  const basis = `CASE WHEN i % 3 THEN 'auto' ELSE 'answer' END`;
  db.pragma('synchronous = OFF'); // made again at will
  db.exec(`
    BEGIN;
    CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${n})
      SELECT i, printf('%064x', i * 104729) AS sha FROM n;
    INSERT INTO image (sha256, state, instrument, name, bytes, media_type, facts, header, picture, spooled, at_target, settled_at, changed_at, spooled_at)
      SELECT sha, 'forwarded', '${instrument}', 'past-' || i || '.tif', 800000, 'image/tiff',
        json_object('operator', json_object('value', 'p' || (i % 20), 'unit', NULL, 'origin', 'path'), 'sample', json_object('value', 's' || (i / 25), 'unit', NULL, 'origin', 'path')),
        '${header}', '${picture}', 0, 1, ${time}, ${time}, ${time} FROM n;
    INSERT INTO label (sha256, kind, category, basis, by, at)
      SELECT sha, 'category', ${category}, ${basis}, CASE WHEN i % 3 THEN 'semtag' ELSE 'p' || (i % 20) END, ${time} FROM n;
    UPDATE image SET label_id = (SELECT id FROM label WHERE label.sha256 = image.sha256);
    INSERT INTO file (instrument, dir, name, version, role, size, mtime_ns, state, sha256, seen_at, settled_at)
      SELECT '${instrument}', CAST('past/' || (i / 25) AS BLOB), CAST('past-' || i || '.tif' AS BLOB), 1, 'image', 800000, '1', 'settled', sha, ${time}, ${time} FROM n;
    INSERT INTO history (at, subject, key, from_state, to_state, who, what)
      SELECT ${time}, 'image', sha, 'tagged', 'forwarded', 'semtag', 'Received by repository' FROM n;
    COMMIT`);
  db.close();
  // what is there already is not made again: the service only looks whether it is
  const bottlenecks = new Database(join(dataDir, 'bottlenecks.db'));
  bottlenecks.exec(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${n})
    INSERT INTO bottleneck (sha256, backbone, preprocessing, view, engine, vector)
      SELECT printf('%064x', i * 104729), '${reference.backbone.sha256}', '${reference.preprocessing}', 0, 'onnx', zeroblob(4) FROM n`);
  bottlenecks.close();
}
