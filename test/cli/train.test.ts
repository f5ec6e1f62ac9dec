// `semtag train`: a head with its provenance from labelled folders, the same bits for the same seed, usable at once; and what it refuses.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFixtures, type Fixture } from '../../fixtures/generate.ts';
import { findBackbone } from '../../src/classify/backbones.ts';
import type { Line } from '../../src/cli/classified.ts';
import { CATEGORIES } from '../../src/domain/categories.ts';
import { sha256 } from '../service/lab.ts';
import { semtag, temporary } from './semtag.ts';

const dir = mkdtempSync(join(tmpdir(), 'semtag-train-'));
const labelled = join(dir, 'labelled');
let fixtures: Fixture[];
beforeAll(async () => {
  fixtures = await makeFixtures(labelled, { seed: 5, n: 12, size: 128, byCategory: true });
  writeFileSync(join(labelled, 'Tips/broken.tif'), 'no image');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const train = (...args: string[]) => semtag(dir, 'train', labelled, '--folds', '2', ...args);

describe('semtag train', () => {
  it('takes a backbone by its folder, which no place has by its name, and keeps no path', { timeout: 60_000 }, async () => {
    const folder = join(dir, 'by-folder');
    mkdirSync(folder);
    copyFileSync(await findBackbone().file(), join(folder, 'b.onnx'));
    const stored = { ...findBackbone(), format: 'semtag-backbone/1', file: 'b.onnx', name: 'elsewhere', licenceText: undefined, from: {} };
    writeFileSync(join(folder, 'backbone.json'), JSON.stringify(stored));
    const ended = await train('--backbone', folder, '--dry-run', '--json', '--views', '2');
    expect(ended.code, ended.err).toBe(0);
    const provenance = JSON.parse(ended.out) as object;
    expect(provenance).toMatchObject({ backbone: { name: 'elsewhere' }, settings: { backbone: 'elsewhere', views: 2 } });
    expect(ended.out).not.toContain(folder);
  }); // prettier-ignore

  it('writes a head and its provenance, which classify takes; the same seed gives the same bytes', { timeout: 240_000 }, async () => {
    const first = await train('--out', 'heads/first.json', '--json');
    expect(first).toMatchObject({ code: 0, err: '' });
    const head = readFileSync(join(dir, 'heads/first.json'));
    const provenance = JSON.parse(readFileSync(join(dir, 'heads/first.provenance.json'), 'utf8')) as Record<string, unknown>;
    expect(JSON.parse(first.out)).toEqual({ out: join(dir, 'heads/first.json'), ...provenance });
    expect(provenance).toMatchObject({
      head: { name: 'first', sha256: sha256(head) },
      data: { from: 'labelled', images: 12, groups: 12, skipped: [{ file: 'Tips/broken.tif' }] },
      groupedCrossValidation: { folds: 2 },
    });
    const counts = (provenance['data'] as { categories: Record<string, { images: number }> }).categories;
    expect(Object.keys(counts)).toEqual([...CATEGORIES]);
    expect(Object.values(counts).map(({ images }) => images)).toEqual([2, 2, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(JSON.stringify(provenance)).not.toContain(dir); // no machine's paths: it can be passed on
    expect(readdirSync(join(dir, 'heads'))).toEqual(['first.json', 'first.provenance.json']);

    // it knows its own training images
    const { file, category } = fixtures[0]!;
    const classified = await semtag(dir, 'classify', '--jsonl', '--head', 'heads/first.json', join(labelled, file));
    expect((JSON.parse(classified.out) as Line).category).toBe(category);

    await train('--out', 'again/first.json');
    expect(readFileSync(join(dir, 'again/first.json')).equals(head)).toBe(true);

    // a head that is there is not replaced without being asked
    const refused = await train('--out', 'heads/first.json');
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('--force replaces it');
  }); // prettier-ignore

  it('shows with --dry-run what it is worth and what it left out, and writes nothing', { timeout: 240_000 }, async () => {
    const ended = await train('--out', 'heads/dry.json', '--dry-run');
    expect(ended.code).toBe(0);
    for (const category of CATEGORIES) expect(ended.out).toContain(category);
    expect(ended.out).toMatch(/^left out: Tips\/broken\.tif: /);
    expect(ended.out).toMatch(/12 images, 2-fold cross-validation/);
    expect(ended.out).toContain('not written (dry run)');
    expect(existsSync(join(dir, 'heads/dry.json'))).toBe(false);
  }); // prettier-ignore

  it('refuses, with what is missing, what it cannot learn from', async () => {
    const empty = temporary();
    const none = await semtag(empty, 'train', '.');
    expect(none.code).not.toBe(0);
    expect(none.err).toContain('no labelled images');
    const folds = await semtag(empty, 'train', labelled, '--folds', '1');
    expect(folds.code).not.toBe(0);
    expect(folds.err).toContain('--folds');
    expect((await semtag(empty, 'train', labelled, '--seed', 'x')).code).toBe(2);
    expect((await semtag(empty, 'train', labelled, '--backbone', 'no-such')).code).toBe(2);
    const missing = await semtag(empty, 'train', 'no-such-folder');
    expect(missing.code).not.toBe(0);
    expect(missing.err).toContain('no-such-folder');
    expect(readdirSync(empty)).toEqual([]);
  });
});
