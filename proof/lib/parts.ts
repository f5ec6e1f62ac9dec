// The parts of an image's way that nobody can avoid, each measured alone in this process on the same files: what latency is compared with.

import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { openFeatures } from '../../src/classify/features.ts';
import { pictureOf } from '../../src/classify/preprocess.ts';
import type { ImageFacts } from '../../src/domain/job.ts';
import { publish } from '../../src/publish.ts';
import { readImage } from '../../src/read/image.ts';
import { RECORD_SCHEMA, recordId, recordText, type SemRecord } from '../../src/record/record.ts';
import { renderXmp } from '../../src/record/xmp.ts';
import { embed } from '../../src/tag/embed.ts';
import { verifyTagged } from '../../src/tag/verify.ts';
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
    const tagged = join(dir, `tagged-${i}`);
    const publishCopy = async (from: string) => {
      await copyFile(from, `${copy}.part`);
      await publish(`${copy}.part`, copy);
    };
    let sha256 = '';
    let facts: ImageFacts | undefined;
    await time('read and SHA-256', async () => (sha256 = await hashOf(path)));
    await time('private copy, fsync, rename', () => publishCopy(path));
    await time('header, pixels, thumbnail, network', async () => {
      const request = { path, name: path, thumb: join(dir, `thumb-${i}.jpg`), limits: { pixels: 1e9 } };
      facts = await readImage(request, (grey, area) => features.of(pictureOf(grey, area)));
    });
    const record = recordFor(basename(path), sha256, facts!);
    const publishRecord = async () => {
      await writeFile(`${copy}.json.part`, recordText(record));
      await publish(`${copy}.json.part`, `${copy}.json`);
    };
    await time('tag: XMP into a copy, fsync, rename', async () => {
      await embed(path, `${tagged}.part`, renderXmp(record), sha256);
      await publish(`${tagged}.part`, tagged);
    });
    await time('tag: its record, fsync, rename', publishRecord);
    await time('verify: the tagged copy against the acquired file', () => verifyTagged(path, tagged));
    await time('forward: copy, fsync, rename', () => publishCopy(tagged));
    await time('forward: its record, fsync, rename', publishRecord);
    await time('forward: read back and SHA-256', () => hashOf(copy));
    // seen, settled, attempt, bottlenecks, read, classified, attempt, tagged, received
    await time('nine commits, synchronous=FULL', () => {
      for (let k = 0; k < 9; k++) insert.run('x');
    });
    for (const made of [copy, `${copy}.json`, tagged]) await rm(made);
  }
  db.close();
  await features.close();
  // the first round warms
  return Object.entries(parts).map(([name, ms]) => ({ name, ms: median(ms.slice(1)) }));
}

async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** As large as the one that the service writes for an image labelled by itself. */
function recordFor(name: string, sha256: string, { header }: ImageFacts): SemRecord {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    schema: RECORD_SCHEMA,
    id: recordId(sha256),
    revision: 1,
    cause: 'acquired',
    acquired: { name, bytes: 0, sha256, mediaType: 'image/tiff', settledAt: at, files: [] },
    instrument: { name: 'sem' },
    header,
    facts: {},
    label: { kind: 'category', category: 'Tips', basis: 'auto', by: 'semtag', at },
    relations: {},
  };
}
