// `semtag evaluate`: counts of the whole folder as one object, what cannot be classified named, nothing written.

import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tescanHdr } from '../../fixtures/headers/tescan.ts';
import { writeTiff } from '../../fixtures/tiff-writer.ts';
import { home, semtag, temporary, writeConfig } from './semtag.ts';

function labelled(): string {
  const dir = temporary();
  for (const [c, category] of ['Tips', 'Powder'].entries()) {
    mkdirSync(join(dir, category));
    for (let i = 0; i < 2; i++) {
      const side = 96;
      const samples = Uint8Array.from(
        { length: side * side },
        (_, k) => ((k * (7 + 50 * c + i)) ^ (k >> (3 + c))) & 255,
      );
      writeFileSync(join(dir, category, `${i}.tif`), writeTiff([{ width: side, height: side, samples }]));
    }
  }
  writeFileSync(join(dir, 'Tips', 'broken.tif'), 'no image');
  return dir;
}

test('one object of figures and counts; a broken image is left out by name, and nothing is written', async () => {
  const dir = labelled();
  const { code, out } = await semtag(dir, 'evaluate', '--json', '.');
  expect(code).toBe(0);
  const found = JSON.parse(out) as Record<string, unknown> & {
    confusion: Record<string, Record<string, number>>;
  };
  for (const key of ['n', 'top1', 'top2', 'macroRecall', 'autoCoverage', 'ece'])
    expect(found[key]).toBeTypeOf('number');
  expect(found).toMatchObject({ n: 4, perCategory: { Tips: { n: 2 }, Powder: { n: 2 } } });
  expect(found['skipped']).toMatchObject([{ file: expect.stringContaining('broken.tif') as string }]);
  const counted = Object.values(found.confusion).flatMap((row) => Object.values(row));
  expect(counted.reduce((a, b) => a + b, 0)).toBe(4);
  expect(readdirSync(dir).sort()).toEqual(['Powder', 'Tips']);
});

test('a folder without labels is an error with what was expected', async () => {
  const dir = temporary();
  const { code, err } = await semtag(dir, 'evaluate', '.');
  expect([code, err]).toEqual([1, expect.stringContaining('expected a folder a category')]);
});

test('the report holds the misclassified images and the sub-categories, and is written only when asked', async () => {
  const dir = labelled();
  mkdirSync(join(dir, 'Tips', 'etched'));
  for (const name of ['0.tif', '1.tif'])
    renameSync(join(dir, 'Tips', name), join(dir, 'Tips', 'etched', name));
  const dry = await semtag(dir, 'evaluate', '--html', 'report.html', '--dry-run', '.');
  expect([dry.code, readdirSync(dir).sort()]).toEqual([0, ['Powder', 'Tips']]);
  const { code, out } = await semtag(dir, 'evaluate', '--html', 'report.html', '--json', '.');
  expect(code).toBe(0);
  const found = JSON.parse(out) as {
    misclassified: { file: string }[];
    subCategories: unknown[];
    top1: number;
    intervals: object;
  };
  expect(found.subCategories).toMatchObject([{ category: 'Tips', name: 'etched', images: 2 }]);
  expect(found.misclassified).toHaveLength(Math.round(4 * (1 - found.top1)));
  expect(found.intervals).toHaveProperty('top1');
  const html = readFileSync(join(dir, 'report.html'), 'utf8');
  expect(html.match(/<img src="data:image\/jpeg;base64,/g)?.length).toBeGreaterThanOrEqual(
    found.misclassified.length,
  );
  for (const { file } of found.misclassified) expect(html).toContain(file);
  expect(html).toContain('etched');
});

test('the head and thresholds of the config are those in use', async () => {
  const dir = labelled();
  const place = home();
  writeConfig(place, { model: { head: 'no-such-head.json' } });
  const missing = await semtag(dir, 'evaluate', '--config', join(place, 'semtag.yaml'), '.');
  expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('no-such-head.json')]);
  writeConfig(place, { thresholds: { auto: 0.999, prompt: 0.3 } });
  const { out } = await semtag(dir, 'evaluate', '--json', '--config', join(place, 'semtag.yaml'), '.');
  expect(JSON.parse(out)).toMatchObject({ autoPrecision: null, autoCoverage: 0 });
  // a config that is named must be there
  const nowhere = await semtag(dir, 'evaluate', '--config', 'nowhere.yaml', '.');
  expect(nowhere.code).toBe(2);
});

test('the scan area is that of the sidecar, as for the service', async () => {
  const dir = temporary();
  const side = 96;
  // the lower half is a bar that only the sidecar tells of
  const samples = Uint8Array.from({ length: side * side }, (_, k) =>
    k < (side * side) / 2 ? ((k * 7) ^ (k >> 3)) & 255 : k % 5 ? 20 : 230,
  );
  const at = { pixelNm: 10, kV: 5, at: new Date(0), operator: 'Anna', sample: 'A12', dwellUs: 1, currentPa: 50, wdMm: 5, stage: { xMm: 0, yMm: 0, zMm: 5, tiltDeg: 0, rotationDeg: 0 } }; // prettier-ignore
  const text = tescanHdr(at, side, side).text.replace('[SEM]', `ImageStripSize=${side / 2}\r\n\r\n[SEM]`);
  for (const category of ['Tips', 'Powder']) {
    mkdirSync(join(dir, category));
    writeFileSync(join(dir, category, 'a.tif'), writeTiff([{ width: side, height: side, samples }]));
    writeFileSync(join(dir, category, 'a-tif.hdr'), text);
  }
  const scoreOf = async () => {
    const { out } = await semtag(dir, 'evaluate', '--json', '.');
    return (JSON.parse(out) as { misclassified: { score: number }[] }).misclassified[0]!.score;
  };
  const line = await semtag(dir, 'classify', '--jsonl', join('Tips', 'a.tif'));
  const withSidecar = (JSON.parse(line.out) as { score: number }).score;
  expect(await scoreOf()).toBe(withSidecar);
  for (const category of ['Tips', 'Powder']) rmSync(join(dir, category, 'a-tif.hdr'));
  expect(await scoreOf()).not.toBe(withSidecar);
});
