// Small pictures of images for a report, as data: URLs, made by the child processes that may touch image bytes. Leaves no file behind.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DEFAULT_LIMITS } from '../config/schema.ts';
import { createPool } from '../worker/pool.ts';

/** Longest side in pixels: 60 of them stay below a megabyte. */
const SIDE = 220;

/** Path -> data: URL; a path is absent where its image cannot be read. */
export async function picturesOf(paths: Iterable<string>, children: number): Promise<Map<string, string>> {
  const wanted = [...new Set(paths)];
  const pictures = new Map<string, string>();
  const dir = mkdtempSync(join(tmpdir(), 'semtag-pictures-'));
  const pool = createPool({ size: children, ...DEFAULT_LIMITS });
  try {
    await Promise.all(
      wanted.map(async (path, i) => {
        const thumb = join(dir, `${i}.jpg`);
        try {
          await pool.run({ path, name: basename(path), thumb, thumbSize: SIDE, limits: DEFAULT_LIMITS });
          pictures.set(path, `data:image/jpeg;base64,${readFileSync(thumb).toString('base64')}`);
        } catch {
          // the report says that there is no picture
        }
      }),
    );
  } finally {
    pool.close();
    rmSync(dir, { recursive: true, force: true });
  }
  return pictures;
}
