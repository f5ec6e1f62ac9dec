// Look-alikes that wait: which are found, in which order they are asked, and what one answer for all of them teaches.

import { expect, test } from 'vitest';
import { ALL_SIGHT } from '../../src/domain/access.ts';
import { teachingLab } from './teaching-lab.ts';

test('what looks the same is offered with the question and comes behind the others, and nothing is left out', async () => {
  const lab = await teachingLab();
  const alike = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
  const [unlike, elsewhere] = [await lab.image(3, 'GaAs'), await lab.image(0, 'steel')];
  const order = await lab.questions(10, ALL_SIGHT);
  expect(order.map(({ sha256 }) => sha256).toSorted()).toEqual([...alike, unlike, elsewhere].toSorted());
  const [first, ...others] = order;
  expect(alike).toContain(first!.sha256);
  // its own series only
  expect(first!.lookAlikes!.toSorted()).toEqual(alike.filter((one) => one !== first!.sha256).toSorted());
  expect(others.slice(0, 2).map(({ sha256 }) => sha256).toSorted()).toEqual([unlike, elsewhere].toSorted()); // prettier-ignore
  expect(order.find(({ sha256 }) => sha256 === unlike)!.lookAlikes).toBeUndefined();
});

test('one that has waited too long keeps its place before those that have not, and its look-alikes', async () => {
  const lab = await teachingLab();
  const [old, twin] = [await lab.image(3, 'GaAs'), await lab.image(3, 'GaAs')];
  lab.later(3601);
  const fresh = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs'), await lab.image(3, 'GaAs')];
  const order = await lab.questions(10, ALL_SIGHT);
  expect(order.slice(0, 2).map(({ sha256 }) => sha256)).toEqual([old, twin]);
  expect(order[0]!.lookAlikes!.toSorted()).toEqual([twin, fresh[2]].toSorted());
  expect(order.at(-1)!.sha256).toBe(fresh[2]);
});

test('one answer for all of them teaches once, and taking it back asks all of them again', async () => {
  const lab = await teachingLab();
  const [truth] = await lab.possible(0);
  const [first, ticked, other] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')]; // prettier-ignore
  lab.label(first, truth, 'Anna', { also: [{ sha256: ticked, promptVersion: 0 }] });
  await lab.settleScores();
  expect(lab.store.lessons.position()).toBe(1);
  expect(lab.need(ticked).label).toMatchObject({ category: truth, by: 'Anna', basis: 'answer', lead: first });
  expect(lab.need(other).label).toMatchObject({ category: truth, because: { lessons: [1] } });
  expect(lab.answers.undo(first, 'Anna').together).toEqual([ticked]);
  await lab.settleScores();
  for (const image of [first, ticked, other])
    expect(lab.need(image)).toMatchObject({ state: 'asked', scores: lab.alone(image).scores });
  // answered again alone: nobody took an answer to the other back, so it can label itself
  lab.label(first, truth);
  await lab.settleScores();
  expect(lab.need(ticked).label).toMatchObject({ category: truth, basis: 'auto', because: { all: 1 } });
});

test('of the parts of one acquisition one is asked, and its answer is one lesson', async () => {
  const lab = await teachingLab();
  const [truth] = await lab.possible(0);
  const parts = [
    await lab.image(0, 'GaAs', { name: 'wire_SE.tif' }),
    await lab.image(1, 'GaAs', { name: 'wire_BSE.tif' }),
  ];
  const other = await lab.image(3, 'GaAs');
  expect((await lab.questions(10, ALL_SIGHT)).map(({ sha256 }) => sha256).toSorted()).toEqual(
    [parts[0], other].toSorted(),
  );
  lab.label(parts[0]!, truth);
  expect(lab.need(parts[1]!).label).toMatchObject({ category: truth, lead: parts[0] });
  expect(lab.store.lessons.position()).toBe(1);
});

test('the list of what waits is looked up once for pages that ask at the same time, and anew once another waits or one does no more', async () => {
  const lab = await teachingLab();
  const images = [await lab.image(0, 'GaAs'), await lab.image(3, 'GaAs')];
  await lab.questions(10, ALL_SIGHT); // the process that teaches is up
  lab.later(1);
  images.push(await lab.image(0, 'GaAs'));
  let looks = 0;
  const { waiting } = lab.store.rescoring;
  lab.store.rescoring.waiting = (limit) => (looks++, waiting(limit));
  const asked = async () => (await lab.questions(10, ALL_SIGHT)).map(({ sha256 }) => sha256).toSorted();
  expect(await asked()).toEqual(images.toSorted());
  expect(await asked()).toEqual(images.toSorted());
  expect(looks).toBe(1);
  lab.later(1);
  const late = await lab.image(4, 'steel');
  expect(await asked()).toEqual([...images, late].toSorted());
  lab.label(images[0]!, 'Tips');
  lab.later(1);
  const last = await lab.image(4, 'copper');
  expect(await asked()).toEqual([...images.slice(1), late, last].toSorted());
  expect(looks).toBe(3);
});
