// `semtag evaluate`: counts of the whole folder as one object, what cannot be classified named, nothing written.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeTiff } from '../../fixtures/tiff-writer.ts';
import { semtag, temporary } from './semtag.ts';

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
