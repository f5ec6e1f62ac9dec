// Bottlenecks of every classified image, in a database of their own that can be rebuilt from the images. Never holds anything else.

import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Bottlenecks, EngineName } from '../domain/job.ts';
import { setDurable } from './open.ts';
import { openToRead } from './reader.ts';

type Row = { view: number; engine: string; vector: Buffer };

/** Opens `<dataDir>/bottlenecks.db`. Vectors are little-endian float32. */
export function openBottlenecks(dataDir: string) {
  const db = new Database(join(dataDir, 'bottlenecks.db'));
  setDurable(db);
  db.exec(`CREATE TABLE IF NOT EXISTS bottleneck (
    sha256 TEXT NOT NULL, backbone TEXT NOT NULL, preprocessing TEXT NOT NULL, view INTEGER NOT NULL,
    engine TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (sha256, backbone, preprocessing, view)) STRICT, WITHOUT ROWID;
    -- in the order of their coming, for what is made of them
    CREATE TABLE IF NOT EXISTS arrived (
      n INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL, backbone TEXT NOT NULL, preprocessing TEXT NOT NULL) STRICT`);
  const arrived = db.prepare('INSERT INTO arrived (sha256, backbone, preprocessing) VALUES (?, ?, ?)');
  const insert = db.prepare(
    'INSERT OR REPLACE INTO bottleneck (sha256, backbone, preprocessing, view, engine, vector) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const has = db.prepare(
    'SELECT 1 FROM bottleneck WHERE sha256 = ? AND backbone = ? AND preprocessing = ? LIMIT 1',
  );
  return {
    put(sha256: string, b: Bottlenecks): void {
      db.transaction(() => {
        arrived.run(sha256, b.backbone, b.preprocessing);
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
    has: (sha256: string, backbone: string, preprocessing: string): boolean =>
      has.get(sha256, backbone, preprocessing) !== undefined,
    get: getter(db),
    close(): void {
      db.close();
    },
  };
}

type Get = (sha256: string, backbone: string, preprocessing: string) => Bottlenecks | undefined;

export type Arrived = { n: number; sha256: string };

/** Beside a running service or without one; where there is no such database yet nothing is found. */
export function readBottlenecks(dataDir: string): {
  get: Get;
  /** images whose bottlenecks came behind the nth, oldest first */
  arrivedAfter(n: number, backbone: string, preprocessing: string, limit: number): Arrived[];
  close(): void;
} {
  const path = join(dataDir, 'bottlenecks.db');
  if (!existsSync(path)) return { get: () => undefined, arrivedAfter: () => [], close: () => {} };
  const db = openToRead(path);
  return {
    get: getter(db),
    arrivedAfter: (n, backbone, preprocessing, limit) =>
      db
        .prepare(
          'SELECT n, sha256 FROM arrived WHERE n > ? AND backbone = ? AND preprocessing = ? ORDER BY n LIMIT ?',
        )
        .all(n, backbone, preprocessing, limit) as Arrived[],
    close: () => void db.close(),
  };
}

function getter(db: Database.Database): Get {
  const select = db.prepare(
    'SELECT view, engine, vector FROM bottleneck WHERE sha256 = ? AND backbone = ? AND preprocessing = ? ORDER BY view',
  );
  return (sha256, backbone, preprocessing) => {
    const rows = select.all(sha256, backbone, preprocessing) as Row[];
    if (!rows.length) return undefined;
    const views = rows.map(({ vector }) => new Float32Array(new Uint8Array(vector).buffer));
    return { backbone, preprocessing, engine: rows[0]!.engine as EngineName, views };
  };
}
