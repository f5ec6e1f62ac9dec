// `semtag calibrate`: a file of the promised form from real images, refusals that say why, and nothing written on a dry run.

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeTiff } from '../../fixtures/tiff-writer.ts';
import { parseCalibration } from '../../src/learn/calibration-file.ts';
import { semtag, temporary } from './semtag.ts';

/** Gratings and noise, eight of each: easy to tell apart. */
function labelled(): string {
  const dir = temporary();
  for (const [c, category] of ['Patterned_surface', 'Powder'].entries()) {
    mkdirSync(join(dir, 'images', category), { recursive: true });
    for (let i = 0; i < 8; i++) {
      const side = 96;
      const samples = Uint8Array.from({ length: side * side }, (_, k) =>
        c === 0 ? 128 + 100 * Math.sin((k % side) / (2 + i / 4)) : ((k * 7919 + i * 104729) ^ (k >> 3)) & 255,
      );
      writeFileSync(
        join(dir, 'images', category, `${i}.tif`),
        writeTiff([{ width: side, height: side, samples }]),
      );
    }
  }
  return dir;
}

test('writes a calibration and a report; again only with --force; a dry run writes nothing', async () => {
  const dir = labelled();
  const dry = await semtag(dir, 'calibrate', 'images', '--folds', '2', '--dry-run');
  expect([dry.code, readdirSync(dir)]).toEqual([0, ['images']]);
  expect(dry.out).toContain('not enough data');
  const made = await semtag(dir, 'calibrate', 'images', '--folds', '2', '--html', 'scores.html', '--json');
  expect([made.code, made.err]).toEqual([0, '']);
  const file = parseCalibration(readFileSync(join(dir, 'images.calibration.json'), 'utf8'), 'it');
  expect(file).toMatchObject({ format: 'semtag-calibration/1', data: { images: 16, groups: 16 }, thresholds: { auto: null } }); // prettier-ignore
  expect(file.scoresAt).toBe(file.temperature);
  expect(file.head).toBeUndefined();
  expect(JSON.parse(made.out)).toMatchObject({ temperature: file.temperature, conformal: file.conformal });
  expect(readFileSync(join(dir, 'scores.html'), 'utf8')).toContain('Figure 6');
  const again = await semtag(dir, 'calibrate', 'images', '--folds', '2');
  expect([again.code, again.err]).toEqual([2, expect.stringContaining('--force')]);
}, 180_000);

test("a head's own scores, on images that it has not seen", async () => {
  const dir = labelled();
  const head = join(import.meta.dirname, '../../models/head/bootstrap-1.json');
  const refused = await semtag(dir, 'calibrate', 'images', '--head', head, '--dry-run');
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('--unseen')]);
  const { code } = await semtag(dir, 'calibrate', 'images', '--head', head, '--unseen', '--out', 'own.json');
  expect(code).toBe(0);
  const found = parseCalibration(readFileSync(join(dir, 'own.json'), 'utf8'), 'own.json');
  const { temperature } = JSON.parse(readFileSync(head, 'utf8')) as { temperature: number };
  expect(found.head).toMatch(/^[0-9a-f]{64}$/);
  expect(found.scoresAt).toBe(temperature);
  expect(found.temperature).toBeCloseTo(temperature * found.figures.temperature, 12);
});

test('one group is not enough, and the file is not written', async () => {
  const dir = labelled();
  const files = readdirSync(join(dir, 'images'), { recursive: true }).map(String).filter((f) => f.endsWith('.tif')); // prettier-ignore
  writeFileSync(
    join(dir, 'images', 'MANIFEST.tsv'),
    `file\tgroup\n${files.map((f) => `${f}\tone`).join('\n')}\n`,
  );
  const { code, err } = await semtag(dir, 'calibrate', 'images');
  expect([code, err]).toEqual([1, expect.stringContaining('two groups')]);
  expect(existsSync(join(dir, 'images.calibration.json'))).toBe(false);
});

test('a file of another format is refused by name', () => {
  expect(() => parseCalibration('{"format":"semtag-calibration/9"}', 'x.json')).toThrow(
    /x\.json: format semtag-calibration\/9/,
  );
  expect(() => parseCalibration('no JSON', 'x.json')).toThrow(/unknown/);
});
