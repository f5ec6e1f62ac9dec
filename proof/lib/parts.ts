// The parts of an image's way that nobody can avoid, each measured alone in this process on the same files: what latency is compared with.

import { createHash } from 'node:crypto';
import { copyFile, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openFeatures } from '../../src/classify/features.ts';
import { readImage } from '../../src/read/image.ts';
import { median } from './table.ts';

export type Part = { name: string; ms: number };

/** Median milliseconds a part over `paths`, warm. `dir` is on the disk that the data directory is on. */
export async function measureParts(paths: string[], dir: string): Promise<Part[]> {
  await mkdir(dir, { recursive: true });
  const features = await openFeatures({});
  const db = new Database(join(dir, 'commits.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)');
  const insert = db.prepare('INSERT INTO t (v) VALUES (?)');
  const parts: Record<string, number[]> = {};
  const time = async (name: string, run: () => unknown) => {
    const start = performance.now();
    await run();
    (parts[name] ??= []).push(performance.now() - start);
  };
  for (const [i, path] of [paths[0]!, ...paths].entries()) {
    const copy = join(dir, `copy-${i}`);
    const publish = async () => {
      await copyFile(path, `${copy}.part`);
      const handle = await open(`${copy}.part`, 'r+');
      await handle.sync();
      await handle.close();
      await rename(`${copy}.part`, copy);
      const parent = await open(dir, 'r');
      await parent.sync();
      await parent.close();
    };
    await time('read and SHA-256', async () =>
      createHash('sha256')
        .update(await readFile(path))
        .digest(),
    );
    await time('private copy, fsync, rename', publish);
    await time('header, pixels, thumbnail, network', () =>
      readImage(
        { path, name: path, thumb: join(dir, `thumb-${i}.jpg`), limits: { pixels: 1e9 } },
        (grey, area) => features.of(grey, area),
      ),
    );
    await time('tagged copy, fsync, rename', publish);
    await time('at the target: copy, fsync, rename', publish);
    await time('its record, fsync, rename', publish);
    await time('read back and SHA-256', async () =>
      createHash('sha256')
        .update(await readFile(copy))
        .digest(),
    );
    // seen, settled, attempt, bottlenecks, read, classified, attempt, tagged, received
    await time('nine commits, synchronous=FULL', () => {
      for (let k = 0; k < 9; k++) insert.run('x');
    });
    await rm(copy);
  }
  db.close();
  await features.close();
  // the first round warms
  return Object.entries(parts).map(([name, ms]) => ({ name, ms: median(ms.slice(1)) }));
}
