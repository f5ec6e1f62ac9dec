// Datasets on disk: folders, label prefixes, groups; and the divisions that keep groups together.

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readDataset } from '../../src/learn/dataset.ts';
import { partOfExample } from '../../src/learn/held-out.ts';
import { groupedFolds, partOf, type Part } from '../../src/learn/split.ts';

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
    expect(readDataset(dir).map(({ subCategory }) => subCategory)).toEqual([undefined, undefined, 'deep']);
    expect(readDataset(dir).map(({ file, category, group }) => [file, category, group])).toEqual([
      ['Powder/c.jpg', 'Powder', 'Powder/c.jpg'],
      ['Tips/a.tif', 'Tips', 'needle'],
      ['Tips/deep/b.PNG', 'Tips', 'Tips/deep/b.PNG'],
    ]);
  });

  test('folders below a category are sub-categories, however deep; a flat file has none', () => {
    const dir = folder('deep', { 'Powder/oxide/fine/a.tif': '', 'Powder/b.tif': '', 'other/L4_c.jpg': '' });
    expect(readDataset(dir).map(({ file, subCategory }) => [file, subCategory])).toEqual([
      ['Powder/b.tif', undefined],
      ['Powder/oxide/fine/a.tif', 'oxide/fine'],
      ['other/L4_c.jpg', undefined],
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

  // int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], 'big') / 2**32 in Python: below 0.8, below 0.9, above
  test('the same name is in the same part on every machine: a list made by another program', () => {
    const list: [string, Part][] = [
      ['L2_3e5d9f8c1a.jpg', 'validation'],
      ['L0_00fe.jpg', 'train'],
      ['image_0001.tif', 'train'],
      ['image_0002.tif', 'validation'],
      ['image_0006.tif', 'test'],
      ['image_0007.tif', 'train'],
      ['image_0008.tif', 'test'],
      ['nffa-part-113', 'train'],
      ['nffa-part-126', 'test'],
      ['Probe 7, µm.tif', 'validation'],
      ['série é 3', 'train'],
    ];
    expect(list.map(([name]) => [name, partOf(name)])).toEqual(list);
    const lines = Array.from({ length: 1000 }, (_, i) => `image ${i} ${partOf(`image ${i}`)}\n`).join('');
    expect(createHash('sha256').update(lines).digest('hex')).toBe(
      'f5314a2b48af9e430a458a8a9ca7fc8494da9e7349de526950e9ef7c0d2d45cd',
    );
  });

  test('a thousand files more move none that was there', () => {
    const files = (n: number, prefix: string) =>
      Object.fromEntries(Array.from({ length: n }, (_, i) => [`Tips/${prefix}${i}.tif`, '']));
    const parts = () => new Map(readDataset(dir).map((example) => [example.file, partOfExample(example)]));
    const dir = folder('growing', files(200, 'old'));
    const before = parts();
    folder('growing', files(1000, 'new'));
    const after = parts();
    expect(after.size).toBe(1200);
    expect([...before].filter(([file, part]) => after.get(file) !== part)).toEqual([]);
    expect(new Set(before.values()).size).toBe(3);
  });
});
