// Datasets on disk: folders, label prefixes, groups; and the divisions that keep groups together.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readDataset } from '../../src/learn/dataset.ts';
import { groupedFolds, partOf } from '../../src/learn/split.ts';

const root = mkdtempSync(join(tmpdir(), 'semtag-dataset-'));
afterAll(() => rmSync(root, { recursive: true }));

function folder(name: string, files: Record<string, string>): string {
  const dir = join(root, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), text);
  }
  return dir;
}

describe('readDataset', () => {
  test('folders are categories; the manifest gives groups; what is no image or no category is passed over', () => {
    const dir = folder('folders', {
      'Tips/a.tif': '',
      'Tips/deep/b.PNG': '',
      'Powder/c.jpg': '',
      'Powder/notes.txt': '',
      'Unsorted/d.jpg': '',
      'MANIFEST.tsv': 'category\tfile\tgroup\r\nTips\tTips/a.tif\tneedle\r\nPowder\tPowder/c.jpg\t\r\n',
    });
    expect(readDataset(dir).map(({ file, category, group }) => [file, category, group])).toEqual([
      ['Powder/c.jpg', 'Powder', 'Powder/c.jpg'],
      ['Tips/a.tif', 'Tips', 'needle'],
      ['Tips/deep/b.PNG', 'Tips', 'Tips/deep/b.PNG'],
    ]);
  });

  test('flat files carry the label prefixes of the NFFA set', () => {
    const dir = folder('flat', { 'L0_1a.jpg': '', 'L9_2b.jpg': '', 'L2_3c.jpg': '', 'other.jpg': '' });
    expect(readDataset(dir).map((e) => e.category)).toEqual(['Porous_Sponge', 'Particles', 'Fibres']);
  });

  test('a folder without labelled images is refused with what is expected', () => {
    const dir = folder('none', { 'pictures/a.jpg': '' });
    expect(() => readDataset(dir)).toThrow(/no labelled images; expected a folder a category/);
  });
});

describe('divisions', () => {
  const examples = Array.from({ length: 200 }, (_, i) => ({
    group: `g${i % 60}`,
    category: `c${(i % 60) % 4}`,
  }));

  test('no group is in two folds, every fold has images of every category', () => {
    const fold = groupedFolds(examples, 5);
    const foldsOfGroup = new Map<string, Set<number>>();
    for (const [i, { group }] of examples.entries())
      foldsOfGroup.set(group, (foldsOfGroup.get(group) ?? new Set()).add(fold[i]!));
    expect([...foldsOfGroup.values()].every((f) => f.size === 1)).toBe(true);
    for (let f = 0; f < 5; f++)
      expect(new Set(examples.filter((_, i) => fold[i] === f).map((e) => e.category)).size).toBe(4);
  });

  test('the 80/10/10 split depends on the key alone and comes out near its shares', () => {
    const keys = Array.from({ length: 5000 }, (_, i) => `series ${i}`);
    const share = (part: string): number => keys.filter((k) => partOf(k) === part).length / keys.length;
    expect(share('train')).toBeCloseTo(0.8, 1);
    expect(share('validation')).toBeCloseTo(0.1, 1);
    expect(share('test')).toBeCloseTo(0.1, 1);
    expect(partOf('series 17')).toBe(partOf('series 17'));
  });
});
