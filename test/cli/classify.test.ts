// `semtag classify`: one line an image in the order of the paths, the ten scores in full, broken files as lines of their own, and the exit codes.

import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { makeFixtures, type Fixture } from '../../fixtures/generate.ts';
import type { Line } from '../../src/cli/classified.ts';
import { CATEGORIES } from '../../src/domain/categories.ts';
import { decide } from '../../src/domain/decision.ts';
import { semtag, temporary } from './semtag.ts';

const dir = mkdtempSync(join(tmpdir(), 'semtag-classify-'));
let fixtures: Fixture[];
beforeAll(async () => {
  fixtures = await makeFixtures(dir, { seed: 3, n: 12, size: 256 });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const lines = (out: string) => out.trim().split('\n').map((line) => JSON.parse(line) as Line); // prettier-ignore

describe('semtag classify --jsonl', () => {
  it('prints a line an image, in the order of the paths, with scores that sum to 1 and decide as they say', async () => {
    const pictures = fixtures.filter((f) => !f.frame).slice(0, 6).toReversed(); // prettier-ignore
    const paths = pictures.map((f) => f.file);
    const ended = await semtag(dir, 'classify', '--jsonl', '--children', '2', ...paths);
    expect(ended).toMatchObject({ code: 0, err: '' });
    const found = lines(ended.out);
    expect(found.map((line) => line.file)).toEqual(paths);
    for (const line of found) {
      expect(Object.keys(line)).toEqual(['file', 'category', 'score', 'scores', 'decision']);
      expect(Object.keys(line.scores!).toSorted()).toEqual([...CATEGORIES].toSorted());
      expect(Object.values(line.scores!).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      const { category, score, decision } = decide(line.scores!, { version: 0, auto: 0.8, prompt: 0.35 });
      expect(line).toMatchObject({ category, score, decision });
    }
    // and again, bit for bit
    expect((await semtag(dir, 'classify', '--jsonl', ...paths)).out).toBe(ended.out);
  });

  it('looks through folders by name and finds sidecars; hidden and editor files are no images', async () => {
    const place = temporary();
    mkdirSync(join(place, 'b/deep'), { recursive: true });
    const jeol = fixtures.find((f) => f.vendor === 'jeol' && f.sidecar)!;
    copyFileSync(join(dir, jeol.file), join(place, 'b/deep/x.tif'));
    copyFileSync(join(dir, jeol.sidecar!), join(place, 'b/deep/X.TXT'));
    copyFileSync(join(dir, fixtures[0]!.file), join(place, 'b/a.tif'));
    copyFileSync(join(dir, fixtures[1]!.file), join(place, 'a.TIFF'));
    for (const name of ['.hidden.tif', '._a.tif', '~a.tif', 'notes.txt', 'manifest.json'])
      writeFileSync(join(place, name), 'x');
    symlinkSync('..', join(place, 'b/loop'));
    const ended = await semtag(place, 'classify', '--jsonl', '--header', '.');
    expect(ended.code).toBe(0);
    const found = lines(ended.out);
    expect(found.map((line) => line.file)).toEqual(['./a.TIFF', './b/a.tif', './b/deep/x.tif']);
    expect(found[2]!.header).toMatchObject({ vendor: 'JEOL' });
    expect(found[2]!.header!.fields.accelerating_voltage_V).toMatchObject({ unit: 'V' });
  });

  it('gives a broken file a line with its error and advice, goes on with the others, and ends with 1', async () => {
    const place = temporary();
    copyFileSync(join(dir, fixtures[0]!.file), join(place, '1-fine.tif'));
    writeFileSync(join(place, '2-text.tif'), 'no image');
    writeFileSync(join(place, '3-empty.png'), '');
    copyFileSync(join(dir, fixtures[1]!.file), join(place, '4-fine.tif'));
    const ended = await semtag(place, 'classify', '--jsonl', '.');
    expect(ended).toMatchObject({ code: 1, err: '' });
    const found = lines(ended.out);
    expect(found.map((line) => line.error?.code)).toEqual([undefined, 'not_an_image', 'not_an_image', undefined]);
    const { error, ...rest } = found[1]!;
    expect(rest).toEqual({ file: './2-text.tif', category: null, score: null, scores: null, decision: null });
    expect(error!.message).toContain('2-text.tif');
    expect(error!.advice).not.toBe('');
    expect(found[3]!.category).not.toBeNull();
  }); // prettier-ignore

  it('does not classify a frame that shows no sample, which is no failure', async () => {
    const frames = fixtures.filter((f) => f.frame).map((f) => f.file);
    expect(frames.length).toBeGreaterThan(0);
    const ended = await semtag(dir, 'classify', '--jsonl', ...frames);
    expect(ended.code).toBe(0);
    for (const line of lines(ended.out)) {
      expect(line).toMatchObject({ category: null, scores: null, decision: null });
      expect(line.error?.code).toBe('not_a_sample');
    }
  });

  it('takes other thresholds', async () => {
    const { file } = fixtures[0]!;
    const decisionOf = async (thresholds: string) =>
      lines((await semtag(dir, 'classify', '--jsonl', '--thresholds', thresholds, file)).out)[0]!.decision;
    expect(await decisionOf('0,0')).toBe('auto');
    expect(await decisionOf('1,1')).toBe('choose');
    expect(await decisionOf('1,0')).toBe('prompt');
  });
});

describe('semtag classify', () => {
  it('prints rows and a sum for people', async () => {
    const [one, two] = fixtures;
    const { code, out } = await semtag(dir, 'classify', one!.file, two!.file);
    expect(code).toBe(0);
    const rows = out.trim().split('\n');
    expect(rows[0]).toMatch(/^(auto|prompt|choose) +[01]\.\d\d +\w+ +/);
    expect(rows).toHaveLength(3);
    expect(rows[2]).toMatch(/^\d \w+/);
  });

  it('touches nothing: neither the images nor their folder', async () => {
    const place = temporary();
    const path = join(place, 'a.tif');
    copyFileSync(join(dir, fixtures[0]!.file), path);
    const before = statSync(path, { bigint: true });
    await semtag(place, 'classify', '--jsonl', 'a.tif');
    const after = statSync(path, { bigint: true });
    expect([after.mtimeNs, after.ctimeNs]).toEqual([before.mtimeNs, before.ctimeNs]);
    expect(readdirSync(place)).toEqual(['a.tif']);
  });

  it('says so where a folder holds no images', async () => {
    expect(await semtag(temporary(), 'classify', '--jsonl', '.')).toEqual({ code: 0, out: '', err: 'semtag: no images in .\n' }); // prettier-ignore
  });

  it.each([
    [['no-such-file.tif'], /no-such-file\.tif: there is no such file or folder/],
    [['--thresholds', '0.3,0.8', '.'], /two scores from 0 to 1, the higher first/],
    [['--children', '0', '.'], /a whole number from 1 on/],
    [['--engine', 'abacus', '.'], /abacus/],
    [['--head', 'no-head.json', '.'], /no-head\.json/],
    [[], /path/],
  ])('refuses %j with 2 before it begins', async (args, reason) => {
    const ended = await semtag(dir, 'classify', '--jsonl', ...args);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(reason);
  });
});

describe('semtag classify, for people', () => {
  it('shows all ten categories of a single image in percent, best first, and the decision in words; several have a row each', async () => {
    const [one, two] = fixtures.filter((f) => !f.frame);
    const [shown, json] = [await semtag(dir, 'classify', one!.file), await semtag(dir, 'classify', '--jsonl', one!.file)]; // prettier-ignore
    const { scores, decision } = lines(json.out)[0]!;
    const percents = [...shown.out.matchAll(/(\d+\.\d) %/g)].map(([, v]) => Number(v));
    expect(percents).toEqual(Object.values(scores!).toSorted((a, b) => b - a).map((v) => Number((100 * v).toFixed(1)))); // prettier-ignore
    expect(shown.out.trim().split('\n').at(-1)).toMatch(new RegExp(`^${decision}: `));
    const several = await semtag(dir, 'classify', one!.file, two!.file);
    expect(several.out).not.toContain(' %');
    expect(several.out.split('\n')[0]).toBe(shown.out.split('\n')[0]);
  });
});
