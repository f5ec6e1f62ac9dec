// A private project teaches only itself: nothing that is answered in it reaches an image outside, also when facts or the config are corrected later.

import { describe, expect, test } from 'vitest';
import { scoredAgain } from '../../proof/lib/scored-again.ts';
import { teachingLab } from './teaching-lab.ts';

async function withPrivate() {
  const lab = await teachingLab();
  lab.store.projects.setPrivate(['thesis'], lab.at());
  return lab;
}

test('an answer in it labels what is alike in it, and nothing outside, in the same folder or another', async () => {
  const lab = await withPrivate();
  const [truth] = await lab.possible(0);
  const [first, alike] = [
    await lab.image(0, 'GaAs', { project: 'thesis' }),
    await lab.image(0, 'GaAs', { project: 'thesis' }),
  ];
  const outside = [await lab.image(0, 'GaAs'), await lab.image(0, 'steel', { project: 'course' }), await lab.image(0, 'copper')]; // prettier-ignore
  lab.label(first, truth);
  await lab.settleScores();
  expect(lab.need(alike)).toMatchObject({ state: 'labelled', label: { category: truth, because: { realm: 'thesis', lessons: [1], all: 1 } } }); // prettier-ignore
  const late = await lab.image(0, 'GaAs');
  for (const one of [...outside, late]) {
    expect(lab.need(one)).toMatchObject({ state: 'asked', scores: lab.alone(one).scores });
    expect(lab.need(one).taught).toBeUndefined();
    expect(lab.need(one).series).not.toBe(lab.need(first).series);
  }
  expect(lab.store.lessons.after(0)).toMatchObject([{ sha256: first, realm: 'thesis' }]);
  // another folder of the project knows it through its head
  const other = await lab.image(0, 'gold', { project: 'thesis' });
  expect(lab.need(other).taught).toMatchObject({ realm: 'thesis', lessons: [], all: 1 });
});

test('it learns from everybody’s answers too, in series of its own', async () => {
  const lab = await withPrivate();
  const [truth] = await lab.possible(0);
  lab.label(await lab.image(0, 'GaAs'), truth);
  const inside = await lab.image(0, 'GaAs', { project: 'thesis' });
  await lab.settleScores();
  expect(lab.need(inside).taught).toMatchObject({ realm: 'thesis', lessons: [], all: 1 });
});

test('a taken back answer of it shakes nothing outside', async () => {
  const lab = await withPrivate();
  const [truth] = await lab.possible(0);
  const inside = await lab.image(0, 'GaAs', { project: 'thesis' });
  lab.label(await lab.image(0, 'steel'), truth);
  lab.label(inside, truth);
  const outside = await lab.image(0, 'steel');
  expect(lab.need(outside).label?.because).toMatchObject({ all: 1 });
  lab.answers.undo(inside, 'Anna');
  expect([...lab.store.rescoring.fallen(10), ...lab.store.rescoring.shaken(10)]).toEqual([]);
});

describe('a corrected project', () => {
  test('takes what an image taught into the private project, and what rested on it outside falls', async () => {
    const lab = await withPrivate();
    const [truth] = await lab.possible(0);
    const [first, alike] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
    lab.label(first, truth);
    await lab.settleScores();
    expect(lab.need(alike).state).toBe('labelled');
    lab.answers.correctFacts([first], { project: 'thesis' }, 'Anna');
    await lab.settleScores();
    expect(lab.need(alike)).toMatchObject({ state: 'asked', scores: lab.alone(alike).scores });
    expect(lab.store.lessons.after(1)).toMatchObject([{ of: 1 }, { sha256: first, realm: 'thesis' }]);
    // and out of it again
    lab.answers.correctFacts([first], { project: null }, 'Anna');
    await lab.settleScores();
    expect(lab.need(alike)).toMatchObject({ state: 'labelled', label: { category: truth } });
  });

  test('takes an image out of the private project that began its series there, and what answers in it made of it stays behind', async () => {
    const lab = await withPrivate();
    const [truth] = await lab.possible(0);
    for (let i = 0; i < 60; i++) lab.label(await lab.image(0, 'GaAs', { project: 'thesis' }), truth);
    const alone = await lab.image(0, 'gold', { project: 'thesis' });
    const { series, taught, label, scores } = lab.need(alone);
    expect(taught).toMatchObject({ series, realm: 'thesis', lessons: [], all: 60 });
    expect(label).toMatchObject({ category: truth, because: { series, realm: 'thesis', lessons: [] } });
    expect(scoredAgain(lab.store, lab.head, alone, taught)).toEqual(scores);
    lab.answers.useTeaching(false, 'Mia', 'odd samples');
    lab.answers.correctFacts([alone], { project: null }, 'Anna');
    await lab.settleScores();
    expect(lab.need(alone)).toMatchObject({ state: 'asked', scores: lab.alone(alone).scores });
    expect(lab.need(alone).taught).toBeUndefined();
  });

  test('takes what speaks against a label with it, also what was just being found', async () => {
    const lab = await withPrivate();
    const [truth] = await lab.possible(0);
    const doubtful = async () => {
      const sha256 = await lab.image(0, 'GaAs', { project: 'thesis' });
      const { model, series } = lab.need(sha256);
      const label = {
        kind: 'category',
        category: 'Powder',
        basis: 'auto',
        by: 'semtag',
        at: lab.at(),
      } as const;
      lab.store.rescoring.rescored([{ image: { ...lab.need(sha256), series: series! }, ...lab.alone(sha256), category: 'Powder', thresholdsVersion: 1, model: model!, lesson: lab.store.lessons.position(), label }], lab.at()); // prettier-ignore
      return sha256;
    };
    const [before, meanwhile] = [await doubtful(), await doubtful()];
    lab.label(await lab.image(0, 'GaAs', { project: 'thesis' }), truth);
    lab.during(() => lab.answers.correctFacts([meanwhile], { project: null }, 'Anna'));
    await lab.settleScores();
    expect(lab.need(before).doubt).toMatchObject({ category: truth });
    lab.answers.correctFacts([before], { project: null }, 'Anna');
    for (const one of [before, meanwhile]) expect(lab.need(one).doubt).toBeUndefined();
    expect(lab.store.images.doubted()).toBe(0);
  });

  test('that comes while an image of it is scored lets nothing private out', async () => {
    const lab = await withPrivate();
    const [truth] = await lab.possible(0);
    lab.label(await lab.image(0, 'GaAs', { project: 'thesis' }), truth);
    lab.during(() => {
      const [image] = lab.store.images.inState('read', 1);
      lab.answers.correctFacts([image!.sha256], { project: null }, 'Anna');
    });
    const left = await lab.image(0, 'GaAs', { project: 'thesis' });
    expect(lab.need(left)).toMatchObject({ state: 'asked', scores: lab.alone(left).scores });
  });
});

test('a project that becomes private, or public again, takes its answers with it', async () => {
  const lab = await teachingLab();
  const [truth] = await lab.possible(0);
  const [first, inside] = [
    await lab.image(0, 'GaAs', { project: 'thesis' }),
    await lab.image(0, 'GaAs', { project: 'thesis' }),
  ];
  const outside = await lab.image(0, 'GaAs');
  lab.label(first, truth);
  await lab.settleScores();
  expect([inside, outside].map((i) => lab.need(i).state)).toEqual(['labelled', 'labelled']);
  lab.store.projects.setPrivate(['thesis', 'of no image'], lab.at());
  await lab.settleScores();
  expect(lab.need(inside)).toMatchObject({ state: 'labelled', label: { because: { realm: 'thesis' } } });
  expect(lab.need(outside)).toMatchObject({ state: 'asked', scores: lab.alone(outside).scores });
  const position = lab.store.lessons.position();
  lab.store.projects.setPrivate(['thesis', 'of no image'], lab.at()); // as at every start
  expect(lab.store.lessons.position()).toBe(position);
  lab.store.projects.setPrivate([], lab.at());
  await lab.settleScores();
  expect(lab.need(outside)).toMatchObject({ state: 'labelled', label: { category: truth } });
  expect(lab.need(outside).taught?.realm).toBeUndefined();
  expect(lab.store.history.of('project', 'thesis').map(({ what }) => what)).toEqual([
    'Project thesis is private: its answers teach only itself',
    'Project thesis is private no more: its answers teach everybody',
  ]);
});

test('an old score of a private image is computed again from what its record names, also when the project is public by now', async () => {
  const lab = await withPrivate();
  const [truth, other] = await lab.possible(0);
  lab.label(await lab.image(0, 'GaAs', { project: 'thesis' }), truth);
  lab.label(await lab.image(1, 'steel'), other);
  const images = [await lab.image(0, 'GaAs', { project: 'thesis' }), await lab.image(0, 'gold', { project: 'thesis' }), await lab.image(1, 'steel'), await lab.image(2, 'tin')]; // prettier-ignore
  const seen = images.map((sha256) => lab.need(sha256));
  expect(seen.map(({ taught }) => taught?.all)).toEqual([2, 2, 1, 1]);
  lab.store.projects.setPrivate([], lab.at());
  for (const { sha256, scores, taught } of seen)
    expect(scoredAgain(lab.store, lab.head, sha256, taught)).toEqual(scores);
});
