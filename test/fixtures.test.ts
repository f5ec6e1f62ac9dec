// The fixtures themselves: the same seed gives the same bytes, other readers accept the files, and the writers end as they say.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, makeFixtures } from '../fixtures/generate.ts';
import { KINDS } from '../fixtures/make.ts';
import { type WriterName, WRITERS } from '../fixtures/writers.ts';
import { CATEGORIES } from '../src/domain/categories.ts';

const dir = mkdtempSync(join(tmpdir(), 'semtag-fixtures-'));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
let rows: Fixture[];

beforeAll(async () => {
  rows = await makeFixtures(join(dir, 'a'), { seed: 3, n: KINDS.length, size: 256 });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function has(command: string): boolean {
  try {
    execFileSync('which', [command]);
    return true;
  } catch {
    return false;
  }
}

describe('makeFixtures', () => {
  it('gives the same bytes for the same seed and others for another', async () => {
    const again = await makeFixtures(join(dir, 'b'), { seed: 3, n: 6, size: 256 });
    const other = await makeFixtures(join(dir, 'c'), { seed: 4, n: 6, size: 256 });
    expect(again).toEqual(rows.slice(0, 6));
    for (const [i, row] of other.entries()) expect(row.sha256).not.toBe(rows[i]!.sha256);
  });

  it('writes what the manifest says', () => {
    expect(rows).toHaveLength(KINDS.length);
    expect(new Set(rows.map((r) => r.sha256)).size).toBe(rows.length);
    for (const row of rows) {
      expect(sha256(readFileSync(join(dir, 'a', row.file)))).toBe(row.sha256);
      if (row.sidecar) expect(statSync(join(dir, 'a', row.sidecar)).size).toBeGreaterThan(200);
    }
    expect(new Set(rows.map((r) => r.vendor))).toEqual(
      new Set(['fei', 'zeiss', 'tescan', 'jeol', 'generic']),
    );
    expect(new Set(rows.flatMap((r) => r.category ?? []))).toEqual(new Set(CATEGORIES));
    expect(new Set(rows.flatMap((r) => r.frame ?? []))).toEqual(
      new Set(['blank', 'screenshot', 'navigation_camera']),
    );
  });

  it('makes a folder a category for training, without frames', async () => {
    const training = await makeFixtures(join(dir, 'd'), { n: 20, size: 128, byCategory: true });
    for (const row of training) expect(row.file.startsWith(`${row.category}/`)).toBe(true);
  });

  it.skipIf(!has('tiffinfo'))('libtiff finds size and depth as written and nothing to complain about', () => {
    for (const row of rows.filter((r) => r.mediaType === 'image/tiff')) {
      const out = execFileSync('tiffinfo', ['-D', join(dir, 'a', row.file)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      expect(out, row.special).toContain(`Image Width: ${row.width} Image Length: ${row.height}`);
      expect(out, row.special).toContain(`Bits/Sample: ${row.bits}`);
    }
  });

  it.skipIf(!has('exiftool'))('exiftool finds the vendor tags', () => {
    const tagOf = { fei: '0x877a', zeiss: '0x8546', tescan: '0xc4ff' } as Record<string, string>;
    for (const row of rows.filter((r) => r.mediaType === 'image/tiff' && tagOf[r.vendor])) {
      const out = execFileSync('exiftool', ['-u', '-U', '-H', '-G1', join(dir, 'a', row.file)], {
        encoding: 'utf8',
      });
      expect(out, row.special).toContain(tagOf[row.vendor]);
    }
  });
});

describe('writers', () => {
  const bytes = new Uint8Array(50_000).map((_, i) => (i * 7) & 255);
  const before = bytes.map((b) => b ^ 1);

  it.each(Object.keys(WRITERS) as WriterName[])('%s leaves the finished bytes', async (name) => {
    const path = join(dir, `${name}.tif`);
    const sidecar = { path: join(dir, `${name}.txt`), bytes: new Uint8Array([36, 67, 77]) };
    const start = performance.now();
    const written = await WRITERS[name]({ path, bytes, before, sidecar, quietMs: 20 });
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(written.files[0]).toEqual({ path, sha256: sha256(bytes) });
    for (const file of written.files) expect(sha256(readFileSync(file.path))).toBe(file.sha256);
    expect(written.superseded).toEqual(name.startsWith('replaced') ? [sha256(before)] : []);
  });

  it('headerLast shows no signature until its end', async () => {
    const path = join(dir, 'late.tif');
    const header = new Uint8Array(bytes);
    header.set([0x49, 0x49, 0x2a, 0]);
    const writing = WRITERS.headerLast({ path, bytes: header, quietMs: 60 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([...readFileSync(path).subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    await writing;
    expect([...readFileSync(path).subarray(0, 4)]).toEqual([0x49, 0x49, 0x2a, 0]);
  });

  it('stops when told to', async () => {
    const path = join(dir, 'stopped.tif');
    const stop = new AbortController();
    writeFileSync(path, '');
    const writing = WRITERS.slow({ path, bytes, quietMs: 10_000, signal: stop.signal });
    setTimeout(() => stop.abort(), 30);
    await expect(writing).rejects.toThrow(/abort/i);
    expect(statSync(path).size).toBeLessThan(bytes.length);
  });
});
