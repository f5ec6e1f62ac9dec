// Bottlenecks of every classified image, in a database of their own that can be rebuilt from the images. Never holds anything else.

import Database from 'better-sqlite3';
import { join } from 'node:path';
import type { Bottlenecks, EngineName } from '../domain/job.ts';
import { setDurable } from './open.ts';

type Row = { view: number; engine: string; vector: Buffer };

/** Opens `<dataDir>/bottlenecks.db`. Vectors are little-endian float32. */
export function openBottlenecks(dataDir: string) {
  const db = new Database(join(dataDir, 'bottlenecks.db'));
  setDurable(db);
  db.exec(`CREATE TABLE IF NOT EXISTS bottleneck (
    sha256 TEXT NOT NULL, backbone TEXT NOT NULL, preprocessing TEXT NOT NULL, view INTEGER NOT NULL,
    engine TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (sha256, backbone, preprocessing, view)) STRICT, WITHOUT ROWID`);
  const insert = db.prepare(
    'INSERT OR REPLACE INTO bottleneck (sha256, backbone, preprocessing, view, engine, vector) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const select = db.prepare(
    'SELECT view, engine, vector FROM bottleneck WHERE sha256 = ? AND backbone = ? AND preprocessing = ? ORDER BY view',
  );
  return {
    put(sha256: string, b: Bottlenecks): void {
      db.transaction(() => {
        b.views.forEach((v, view) =>
          insert.run(
            sha256,
            b.backbone,
            b.preprocessing,
            view,
            b.engine,
            Buffer.from(v.buffer, v.byteOffset, v.byteLength),
          ),
        );
      }).immediate();
    },
    get(sha256: string, backbone: string, preprocessing: string): Bottlenecks | undefined {
      const rows = select.all(sha256, backbone, preprocessing) as Row[];
      if (!rows.length) return undefined;
      const views = rows.map(({ vector }) => new Float32Array(new Uint8Array(vector).buffer));
      return { backbone, preprocessing, engine: rows[0]!.engine as EngineName, views };
    },
    close(): void {
      db.close();
    },
  };
}
