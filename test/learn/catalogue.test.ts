// Learning from the catalogue: a real store with labels of people and of the machine, beside bottlenecks in their own database.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findBackbone } from '../../src/classify/backbones.ts';
import { answers } from '../../src/decide/answers.ts';
import type { Run } from '../../src/learn/make-bottlenecks.ts';
import { catalogueBottlenecks, groupOf } from '../../src/learn/catalogue.ts';
import { readBottlenecks } from '../../src/store/bottlenecks.ts';
import { openReader } from '../../src/store/reader.ts';
import { answer, at, classification, header, sha, settle, world } from '../store/world.ts';

const backbone = findBackbone();
const noThumb: Run = () => Promise.reject(new Error('there is none'));

function catalogue() {
  const { store, dataDir, image } = world();
  const put = (sha256: string, value: number, name = backbone.sha256) =>
    store.bottlenecks.put(sha256, {
      backbone: name,
      preprocessing: backbone.preprocessing,
      engine: 'onnx',
      views: [0, 1].map((v) => new Float32Array(backbone.length).fill(value + v)),
    });
  const look = () => {
    const reader = openReader(dataDir);
    const bottlenecks = readBottlenecks(dataDir);
    onTestFinished(() => {
      reader.close();
      bottlenecks.close();
    });
    return { images: reader.labelledByPeople(), bottlenecks: bottlenecks.get, thumb: () => '' };
  };
  return { store, image, put, look, dataDir };
}

test('labels of people in force are learned from: not what the machine labelled, not "none of these", not what is asked or aside', async () => {
  const { store, image, put, look } = catalogue();
  const wanted = ['labelled', 'tagged', 'forwarded'] as const;
  for (const [i, state] of wanted.entries()) put(image(`${state}.tif`, state, 10 * i), i);
  for (const state of ['settled', 'read', 'asked', 'quarantined'] as const) put(image(`${state}.tif`, state, 100), 9);
  const auto = settle(store, 'auto.tif');
  store.images.read(auto, header, JSON.parse(JSON.stringify({ width: 64, height: 48, bitsPerSample: 8, scanArea: { width: 64, height: 48, origin: 'pixels' } })) as never, {}, at(1));
  store.images.classified(auto, classification('Powder', 0.9), { kind: 'category', category: 'Powder', basis: 'auto', by: 'semtag', at: at(2) }, at(2));
  put(auto, 9);
  const none = image('none.tif', 'asked', 200);
  store.revisions.label(none, { kind: 'none_of_these', basis: 'answer', by: 'Anna', at: at(210) });
  put(none, 9);
  const taken = image('taken-back.tif', 'labelled', 300);
  store.revisions.undo(taken, 'Anna', at(310));
  put(taken, 9);
  const corrected = image('corrected.tif', 'forwarded', 400);
  store.revisions.label(corrected, answer('Fibres', 'Ben', 410));
  put(corrected, 5);

  const { all, skipped } = await catalogueBottlenecks(look(), { run: noThumb });
  expect(all.map(({ example }) => [example.file.split(' ')[0], example.category])).toEqual([
    ['labelled.tif', 'Tips'],
    ['tagged.tif', 'Tips'],
    ['forwarded.tif', 'Tips'],
    ['corrected.tif', 'Fibres'],
  ]);
  expect(skipped).toEqual([]);
  expect(all[3]!.sha256).toBe(corrected);
  expect(all[3]!.views.map((view) => [view.length, view[7]])).toEqual([[backbone.length, 5], [backbone.length, 6]]);
  expect(all[0]!.pictureHash).toBeUndefined();
}); // prettier-ignore

test('answers that nothing is to be learned from and private projects are left out, counted and not named', async () => {
  const { store, image, put, look, dataDir } = catalogue();
  put(image('plain.tif', 'asked'), 1);
  const told = answers(store, () => {}, () => new Date(at(20)), { instruments: [], authors: ['Anna'] }); // prettier-ignore
  const tips = { kind: 'category', category: 'Tips' } as const;
  told.label(sha('plain.tif'), { answer: tips, by: 'Anna' });
  for (const name of ['odd.tif', 'guess.tif', 'ben.tif']) {
    put(image(name, 'asked'), 1);
    told.label(sha(name), name === 'ben.tif' ? { answer: tips, by: 'Ben' } : { answer: tips, by: 'Anna', notForTraining: true }); // prettier-ignore
  }
  put(image('thesis.tif', 'asked'), 1);
  told.label(sha('thesis.tif'), { answer: tips, by: 'Anna' });
  told.correctFacts([sha('thesis.tif')], { project: 'thesis' }, 'Anna');
  store.projects.setPrivate(['thesis'], at(30));
  const { all, skipped } = await catalogueBottlenecks(look(), { run: noThumb });
  expect(all.map(({ sha256 }) => sha256)).toEqual([sha('plain.tif')]);
  expect(skipped.map(({ file }) => file)).toEqual(['3 images (catalogue)', '1 image (catalogue)']);
  expect(skipped.map(({ reason }) => reason).join()).toMatch(
    /nothing is to be learned.*projects are private/,
  );
  const reader = openReader(dataDir);
  onTestFinished(() => reader.close());
  // named in the config, and no service was started since
  expect(reader.labelledByPeople(['2211']).map(({ apart }) => apart).toSorted()).toEqual(['answer', 'answer', 'answer', 'project', 'project']); // prettier-ignore
  // learned from again once somebody who is named confirms it
  told.label(sha('ben.tif'), { answer: tips, by: 'Anna' });
  expect((await catalogueBottlenecks(look(), { run: noThumb })).all).toHaveLength(2);
});

test('only the image that was looked at is learned from: not ticked look-alikes, not other parts of its acquisition', async () => {
  const { store, image, put, look } = catalogue();
  for (const [i, name] of ['seen.tif', 'ticked.tif', 'seen.png'].entries()) put(image(name, 'asked', i), i);
  const also = [{ sha256: sha('ticked.tif'), promptVersion: 0 }];
  store.revisions.label(sha('seen.tif'), answer('Tips'), 0, true, also);
  put(image('seen.jpg', 'asked', 20), 3);
  for (const name of ['ticked.tif', 'seen.png', 'seen.jpg'])
    expect(store.images.need(sha(name)).label).toMatchObject({ category: 'Tips', lead: sha('seen.tif') });
  const learned = async () => (await catalogueBottlenecks(look(), { run: noThumb })).all.map(({ sha256 }) => sha256); // prettier-ignore
  expect(await learned()).toEqual([sha('seen.tif')]);
  // looked at and answered apart
  store.revisions.label(sha('ticked.tif'), answer('Tips', 'Ben', 30));
  expect(await learned()).toEqual([sha('seen.tif'), sha('ticked.tif')]);
});

test('without bottlenecks of this backbone an image is named and left out', async () => {
  const { image, put, look } = catalogue();
  put(image('other.tif', 'labelled'), 1, sha('another backbone'));
  const { all, skipped } = await catalogueBottlenecks(look(), { run: noThumb });
  expect(all).toEqual([]);
  expect(skipped).toEqual([
    { file: `other.tif (catalogue, ${sha('other.tif').slice(0, 8)})`, reason: expect.stringMatching(/^no bottlenecks of efficientnet-lite0: .*makes them.*--backbone/) as string }, // prettier-ignore
  ]);
});

test('a group is instrument, operator, sample and folder; what is not known is the same for all', () => {
  const image = { sha256: '1', name: 'a.tif', category: 'Tips', instrument: 'SEM 1', folder: 'x' } as const;
  expect(groupOf(image)).toBe(groupOf({ ...image, sha256: '2', name: 'b.tif', category: 'Powder' }));
  const others = [{ instrument: 'SEM 2' }, { operator: 'Anna' }, { sample: 'Anna' }, { folder: 'y' }];
  expect(new Set([image, ...others.map((other) => ({ ...image, ...other }))].map(groupOf)).size).toBe(5);
});

test('where there is no database of bottlenecks none are found, and none is made', () => {
  const { dataDir } = catalogue();
  const elsewhere = join(dataDir, 'tagged');
  const none = readBottlenecks(elsewhere);
  expect(none.get('1', '2', '3')).toBeUndefined();
  none.close();
  expect(existsSync(join(elsewhere, 'bottlenecks.db'))).toBe(false);
});
