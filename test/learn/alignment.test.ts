// The alignment head: what a list must say, what training gives, and that no group is judged by a head that saw it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { alignmentOf, loadAlignmentHead, parseAlignmentHead } from '../../src/classify/alignment-head.ts';
import { findBackbone } from '../../src/classify/backbones.ts';
import type { Bottlenecks } from '../../src/domain/job.ts';
import { randomOf } from '../../src/domain/random.ts';
import { readAlignmentList } from '../../src/learn/alignment-list.ts';
import {
  ALIGNMENT_SETTINGS,
  alignmentProvenance,
  logitsWithout,
  trainAlignment,
  withinSources,
  type AlignmentSet,
} from '../../src/learn/alignment.ts';
import { auc } from '../../src/learn/auc.ts';

const backbone = findBackbone();

/** Bottlenecks whose first numbers tell aligned from not, and the next which group it is. */
function made(groups: { name: string; aligned: boolean; source: string }[], each = 3): AlignmentSet {
  const random = randomOf(7);
  return groups.flatMap(({ name, aligned, source }, g) =>
    Array.from({ length: each }, (_, k) => {
      const view = () =>
        Float32Array.from({ length: backbone.length }, (_, j) =>
          j < 900 ? (aligned ? 1 : -1) + random() : j < 1000 ? Math.sin(g * j) + 0.3 * random() : random(),
        );
      const file = `${name}-${k}.jpg`;
      const example = { file, path: file, category: 'Fibres' as const, group: name, aligned, source };
      return { example, sha256: file, views: [view(), view()] };
    }),
  );
}

const SET = made([
  { name: 'a', aligned: true, source: 's' },
  { name: 'b', aligned: false, source: 's' },
  { name: 'c', aligned: true, source: 't' },
  { name: 'd', aligned: false, source: 'u' },
]);

describe('auc', () => {
  it('is the share of pairs in order, ties by half', () => {
    const of = (yes: number[], no: number[]) => auc([...yes.map((value) => ({ value, yes: true })), ...no.map((value) => ({ value, yes: false }))]); // prettier-ignore
    expect(of([3, 4], [1, 2])).toBe(1);
    expect(of([1, 2], [3, 4])).toBe(0);
    expect(of([2, 3], [1, 2])).toBe(3.5 / 4);
    expect(of([1], [])).toBeNaN();
  });
});

describe('training', () => {
  const trained = trainAlignment(SET, 'test', ALIGNMENT_SETTINGS);

  it('tells aligned from not on groups that it has not seen, the same bit for bit', () => {
    expect(trained.validation).toMatchObject({ groups: 4, auc: 1, accuracy: 1 });
    expect(trainAlignment(SET, 'test', ALIGNMENT_SETTINGS).head.sha256).toBe(trained.head.sha256);
    expect(trainAlignment(SET.slice(1), 'test', ALIGNMENT_SETTINGS).head.sha256).not.toBe(
      trained.head.sha256,
    );
  });

  it('gives a head that says the same after it was written and read, and nothing of other bottlenecks', () => {
    const head = parseAlignmentHead(trained.text, 'here');
    const of = (views: Float32Array[], of: Partial<Bottlenecks> = {}) =>
      alignmentOf(head, { backbone: backbone.sha256, preprocessing: backbone.preprocessing, engine: 'onnx', views, ...of }); // prettier-ignore
    for (const { example, views } of SET) {
      const { probability } = of(views)!;
      expect(probability > 0.5).toBe(example.aligned);
    }
    expect(of(SET[0]!.views, { backbone: 'x' })).toBeUndefined();
    expect(of(SET[0]!.views, { preprocessing: 'x' })).toBeUndefined();
    expect(() => parseAlignmentHead('{"format":"semtag-head/1"}', 'here')).toThrow(
      'here: format semtag-head/1',
    );
    expect(() => parseAlignmentHead(trained.text.replace(/"bias"/, '"none"').replace(/"length": \d+/, '"length": 3'), 'here')).toThrow('do not fit'); // prettier-ignore
  });

  it('judges no image by a head that saw its group', () => {
    // labels of group a turned round: were it seen, its images would be judged as labelled
    const turned = SET.map((one) => (one.example.group === 'a' ? { ...one, example: { ...one.example, aligned: false } } : one)); // prettier-ignore
    const logits = logitsWithout('group', turned, ALIGNMENT_SETTINGS);
    turned.forEach(({ example }, i) => example.group === 'a' && expect(logits[i]).toBeGreaterThan(0));
  });

  it('leaves an image unjudged where the rest is of one kind', () => {
    const two = SET.filter(({ example }) => 'ab'.includes(example.group));
    expect(logitsWithout('group', two, ALIGNMENT_SETTINGS).every(Number.isNaN)).toBe(true);
    expect(() => trainAlignment(SET.slice(0, 3), 'x', ALIGNMENT_SETTINGS)).toThrow('aligned and not aligned');
    // one group of a kind: nothing of that kind could be judged
    const three = SET.filter(({ example }) => 'abc'.includes(example.group));
    expect(() => trainAlignment(three, 'x', ALIGNMENT_SETTINGS)).toThrow('2 groups of aligned and 1 of not');
  });

  it('says of which sources the images are, and what is known within one', () => {
    const examples = SET.map(({ example }) => example);
    expect(withinSources(examples, trained.logits)).toEqual([
      { source: 's', aligned: 3, notAligned: 3, auc: 1 },
    ]);
    const provenance = alignmentProvenance(trained, SET, [], ALIGNMENT_SETTINGS, 'list');
    expect(provenance).toMatchObject({
      head: { name: 'test', sha256: trained.head.sha256 },
      data: { images: 12, aligned: 6, sources: [{ source: 's', aligned: 3, notAligned: 3 }, { source: 't' }, { source: 'u' }] },
    }); // prettier-ignore
  });
});

it('the head that comes with semtag is for the default backbone', async () => {
  const head = await loadAlignmentHead();
  expect(head).toMatchObject({
    name: 'aligned-1',
    backbone: { sha256: backbone.sha256 },
    length: backbone.length,
  });
  await expect(loadAlignmentHead('no-such.json')).rejects.toMatchObject({ code: 'model_missing' });
});

describe('a list', () => {
  const folder = () => {
    const dir = mkdtempSync(join(tmpdir(), 'semtag-list-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    mkdirSync(join(dir, 'sem-images/Fibres'), { recursive: true });
    mkdirSync(join(dir, 'alignment'));
    writeFileSync(join(dir, 'sem-images/Fibres/a.jpg'), '');
    writeFileSync(join(dir, 'sem-images/MANIFEST.tsv'), 'file\tsource_repo\nFibres/a.jpg\town/repo\n');
    return (text: string) => {
      writeFileSync(join(dir, 'alignment/LIST.tsv'), text);
      return readAlignmentList(join(dir, 'alignment/LIST.tsv'));
    };
  };

  it('finds the images beside it, their category, group and source', () => {
    const [only] = folder()('file\talignment\tgroup\nFibres/a.jpg\taligned\tg-1\n');
    expect(only).toMatchObject({ file: 'Fibres/a.jpg', category: 'Fibres', group: 'g-1', aligned: true, source: 'own/repo' }); // prettier-ignore
  });

  it.each([
    ['file\tkind\nFibres/a.jpg\taligned', 'columns file and alignment'],
    ['file\talignment\nFibres/a.jpg\tmaybe', 'line 2: alignment maybe'],
    ['file\talignment\nFibres/a.jpg\taligned\nFibres/b.jpg\taligned', 'line 3'],
    ['file\talignment\nWires/a.jpg\taligned', 'line 2: Wires is none of the ten'],
    ['', 'columns file and alignment'],
  ])('that is wrong is refused: %j', (text, said) => {
    expect(() => folder()(text)).toThrow(said);
  });
});
