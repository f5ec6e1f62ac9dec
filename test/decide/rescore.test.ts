// Answers teach at once: what waits is scored again, what rests on an answer falls with it, and no person's word is ever changed.

import { describe, expect, test } from 'vitest';
import { teachingLab } from './teaching-lab.ts';

describe('an answer', () => {
  test('labels what is alike in its series, says because of what, and leaves other series to people', async () => {
    const lab = await teachingLab();
    const [truth] = await lab.possible(0);
    const [first, alike, unlike] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs'), await lab.image(3, 'GaAs')]; // prettier-ignore
    const elsewhere = await lab.image(4, 'steel');
    expect([first, alike, unlike, elsewhere].map((i) => lab.need(i).state)).toEqual(Array(4).fill('asked'));
    lab.label(first, truth);
    await lab.settleScores();
    const { label, state, taught, series } = lab.need(alike);
    expect(state).toBe('labelled');
    expect(label).toMatchObject({ category: truth, basis: 'auto', by: 'semtag', because: { position: 1, series, lessons: [1], all: 1, settings: expect.stringMatching(/^[0-9a-f]{12}$/) as string } }); // prettier-ignore
    expect(taught).toEqual(label!.because);
    expect(lab.store.history.ofImage(alike).at(-1)!.what).toMatch(/because of 1 answer in this series$/);
    expect(lab.need(unlike).state).toBe('asked');
    expect(lab.need(elsewhere)).toMatchObject({ state: 'asked' });
    expect(lab.store.series.get(series!)).toMatchObject({ images: 3, waiting: 1, answers: 1, because: 1 });
  });

  test('an image that comes later is labelled when it is classified', async () => {
    const lab = await teachingLab();
    const [truth] = await lab.possible(0);
    lab.label(await lab.image(0, 'GaAs'), truth);
    const later = await lab.image(0, 'GaAs');
    expect(lab.need(later)).toMatchObject({ state: 'labelled', label: { category: truth, because: { lessons: [1] } } }); // prettier-ignore
  });

  test('one that is open on a screen keeps its scores and its question until it is closed', async () => {
    const lab = await teachingLab();
    const [truth, other] = await lab.possible(0);
    const [first, open] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
    lab.screens.add(open);
    lab.label(first, truth);
    await lab.settleScores();
    expect(lab.need(open)).toMatchObject({ state: 'asked', promptVersion: 0, scores: lab.alone(open).scores });
    lab.screens.clear();
    await lab.settleScores();
    expect(lab.need(open)).toMatchObject({ state: 'labelled', promptVersion: 1 });
    // an answer to the question as it was is refused with the new state
    expect(() => lab.label(open, other, 'Ben', { promptVersion: 0 })).toThrow(/labelled now/);
  });

  test.each([
    ['none of the ten', { answer: { kind: 'none_of_these' as const } }],
    ['not for training', { answer: { kind: 'category' as const, category: 'Tips' as const }, notForTraining: true }],
  ])('%s teaches nothing', async (_, request) => {
    const lab = await teachingLab();
    const [first, alike] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
    lab.answers.label(first, { ...request, by: 'Anna' });
    await lab.settleScores();
    expect(lab.store.lessons.position()).toBe(0);
    expect(lab.need(alike)).toMatchObject({ state: 'asked', scores: lab.alone(alike).scores });
  }); // prettier-ignore

  test('of somebody whom the manager does not name, or on an instrument that is not taught, teaches nothing', async () => {
    const named = await teachingLab({ authors: ['Anna'] });
    const [truth] = await named.possible(0);
    named.label(await named.image(0, 'GaAs'), truth, 'Ben');
    expect(named.store.lessons.position()).toBe(0);
    named.label(await named.image(0, 'GaAs'), truth, 'Anna');
    expect(named.store.lessons.position()).toBe(1);
    const off = await teachingLab({ teach: false });
    off.label(await off.image(0, 'GaAs'), truth);
    const alike = await off.image(0, 'GaAs');
    await off.settleScores();
    expect(off.need(alike)).toMatchObject({ state: 'asked', scores: off.alone(alike).scores });
  });

  test('in mode ask every label stays a person\'s, with better suggestions', async () => {
    const lab = await teachingLab({ mode: 'ask' });
    const [truth] = await lab.possible(0);
    const [first, alike] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
    lab.label(first, truth);
    await lab.settleScores();
    expect(lab.need(alike)).toMatchObject({ state: 'asked', category: truth, taught: { lessons: [1] } });
  });
}); // prettier-ignore

describe('taken back', () => {
  test('what rested on it is asked again, with the scores of the head to the bit', async () => {
    const lab = await teachingLab();
    const [truth] = await lab.possible(0);
    const [first, alike] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
    lab.label(first, truth);
    await lab.settleScores();
    expect(lab.store.rescoring.restingOn(first)).toEqual([alike]);
    lab.answers.undo(first, 'Anna');
    await lab.settleScores();
    for (const image of [first, alike]) {
      expect(lab.need(image)).toMatchObject({ state: 'asked', scores: lab.alone(image).scores });
      expect(lab.need(image).taught).toBeUndefined();
      expect(lab.need(image).label).toBeUndefined();
    }
    expect(lab.store.history.ofImage(alike).at(-1)!.what).toMatch(/taken back/);
  });

  test('labels that rested on it come before all others that were scored since', async () => {
    const lab = await teachingLab();
    const [truth] = await lab.possible(0);
    const first = await lab.image(0, 'GaAs');
    lab.label(first, truth);
    const [apart, alike] = [await lab.image(3, 'GaAs'), await lab.image(0, 'GaAs')];
    const elsewhere = [await lab.image(4, 'steel'), await lab.image(4, 'tin')];
    for (const one of [apart, ...elsewhere]) lab.label(one, truth, 'Ben', { notForTraining: true });
    // scored last, so that it would be found last
    lab.label(await lab.image(5, 'copper'), truth);
    const late = await lab.image(0, 'GaAs');
    lab.answers.undo(first, 'Anna');
    expect(lab.store.rescoring.fallen(10).map(({ sha256 }) => sha256).toSorted()).toEqual([alike, late].toSorted()); // prettier-ignore
    expect(lab.store.rescoring.fallen(10)).toMatchObject([{ direct: true }, { direct: true }]);
    expect(lab.store.rescoring.shaken(10)).toHaveLength(6);
    await lab.settleScores();
    expect([...lab.store.rescoring.fallen(10), ...lab.store.rescoring.shaken(10)]).toEqual([]);
    expect([alike, late].map((i) => lab.need(i).state)).toEqual(['asked', 'asked']);
  });

  test('what another answer carries too keeps its label, on that one', async () => {
    const lab = await teachingLab();
    const [truth] = await lab.possible(0);
    const [first, second, alike] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')]; // prettier-ignore
    lab.label(first, truth);
    lab.label(second, truth);
    await lab.settleScores();
    lab.answers.undo(first, 'Anna');
    await lab.settleScores();
    expect(lab.need(alike)).toMatchObject({ state: 'labelled', label: { category: truth, because: { lessons: [2], position: 3 } } }); // prettier-ignore
    // a person took this answer back: it stays with people, however sure the others make the scores
    expect(lab.need(first)).toMatchObject({ state: 'asked', category: truth });
  });

  test('an answer that is corrected teaches the other thing', async () => {
    const lab = await teachingLab();
    const [truth, other] = await lab.possible(0);
    const [first, alike] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
    lab.label(first, truth);
    await lab.settleScores();
    lab.label(first, other);
    await lab.settleScores();
    expect(lab.need(alike)).toMatchObject({ label: { category: other, because: { lessons: [3] } } });
  });

  test('a label that a person gave to what rested on it stays', async () => {
    const lab = await teachingLab();
    const [truth] = await lab.possible(0);
    const [first, alike] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
    lab.label(first, truth);
    await lab.settleScores();
    lab.label(alike, truth, 'Ben');
    lab.answers.undo(first, 'Anna');
    await lab.settleScores();
    expect(lab.need(alike)).toMatchObject({ label: { category: truth, by: 'Ben', basis: 'answer' } });
  });
});

describe('labels that rest on answers of their own series, all in force,', () => {
  test.each<[string, (lab: Awaited<ReturnType<typeof teachingLab>>) => unknown]>([
    ['teaching was set aside', (lab) => lab.answers.useTeaching(false, 'Mia', 'odd samples')],
    ['the mode is ask', (lab) => (lab.instrument.mode = 'ask')],
    ['the mode is observe', (lab) => (lab.instrument.mode = 'observe')],
    ['the instrument is not taught any more', (lab) => (lab.instrument.teach = false)],
    ['the threshold was raised', (lab) => lab.labelFrom(0.999)],
  ])('stay when an answer elsewhere is taken back, also where %s', async (_, change) => {
    const lab = await teachingLab();
    const [truth] = await lab.possible(0);
    const elsewhere = await lab.image(4, 'steel');
    lab.label(elsewhere, truth);
    const [first, alike] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
    lab.label(first, truth);
    await lab.settleScores();
    const { label } = lab.need(alike);
    expect(label).toMatchObject({ category: truth, because: { all: 2 } });
    change(lab);
    lab.answers.undo(elsewhere, 'Anna');
    await lab.settleScores();
    expect(lab.need(alike)).toMatchObject({ state: 'labelled', label, decision: 'auto', taught: { all: 1 } });
    lab.label(elsewhere, truth);
    await lab.settleScores();
    lab.answers.undo(elsewhere, 'Anna');
    await lab.settleScores();
    expect(lab.need(alike)).toMatchObject({ state: 'labelled', label });
  });

  test('fall with their answer in mode observe into what observe says: nobody is asked', async () => {
    const lab = await teachingLab();
    const [truth] = await lab.possible(0);
    const [first, alike] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
    lab.label(first, truth);
    await lab.settleScores();
    lab.instrument.mode = 'observe';
    lab.answers.undo(first, 'Anna');
    await lab.settleScores();
    expect(lab.need(alike)).toMatchObject({ state: 'labelled', label: { kind: 'unlabelled', basis: 'observe' } });
  });
}); // prettier-ignore

test('an automatic label that answers speak against is doubted, not changed, until a person says what it is', async () => {
  const lab = await teachingLab();
  const [truth] = await lab.possible(0);
  const [first, sure] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
  const label = { kind: 'category', category: 'Powder', basis: 'auto', by: 'semtag', at: lab.at() } as const;
  lab.store.rescoring.rescored([{ image: { ...lab.need(sure), series: lab.need(sure).series! }, ...lab.alone(sure), category: 'Powder', thresholdsVersion: 1, model: lab.need(sure).model!, lesson: 0, label }], lab.at()); // prettier-ignore
  lab.label(first, truth);
  await lab.settleScores();
  expect(lab.need(sure)).toMatchObject({ label: { category: 'Powder' }, doubt: { category: truth } });
  expect(lab.store.images.list({ doubted: true }, 10).map(({ sha256 }) => sha256)).toEqual([sure]);
  expect(lab.store.images.doubted()).toBe(1);
  lab.label(sure, 'Powder', 'Ben');
  expect(lab.need(sure).doubt).toBeUndefined();
  expect(lab.store.images.doubted()).toBe(0);
});

describe('what happens while scores are being made', () => {
  test('an answer that is taken back while an image is classified carries no label', async () => {
    const lab = await teachingLab();
    const [truth] = await lab.possible(0);
    const first = await lab.image(0, 'GaAs');
    lab.label(first, truth);
    lab.during(() => lab.answers.undo(first, 'Anna'));
    const later = await lab.image(0, 'GaAs');
    expect(lab.need(later)).toMatchObject({ state: 'asked', scores: lab.alone(later).scores });
  });

  test('what a person answers, takes back or opens meanwhile is left to them', async () => {
    const lab = await teachingLab();
    const [truth, other] = await lab.possible(0);
    const [first, answered, returned, opened] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')]; // prettier-ignore
    lab.label(first, truth);
    lab.during(() => {
      lab.label(answered, other, 'Ben');
      lab.label(returned, other, 'Ben');
      lab.answers.undo(returned, 'Ben');
      lab.screens.add(opened);
    });
    await lab.settleScores();
    expect(lab.need(answered).label).toMatchObject({ category: other, by: 'Ben' });
    expect([returned, opened].map((i) => lab.need(i).state)).toEqual(['asked', 'asked']);
  });

  test('a doubted label that a person confirms meanwhile is theirs', async () => {
    const lab = await teachingLab();
    const [truth, other] = await lab.possible(0);
    const [first, alike] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
    lab.label(first, truth);
    await lab.settleScores();
    lab.label(await lab.image(0, 'GaAs'), other);
    lab.label(await lab.image(0, 'GaAs'), other);
    lab.during(() => lab.label(alike, truth, 'Ben'));
    await lab.settleScores();
    expect(lab.need(alike).label).toMatchObject({ category: truth, by: 'Ben' });
    expect(lab.need(alike).doubt).toBeUndefined();
  });
});

test('an image without bottlenecks is passed over once, the others are scored', async () => {
  const lab = await teachingLab();
  const [truth] = await lab.possible(0);
  const [first, alike, without] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')]; // prettier-ignore
  lab.forgetBottlenecks(without);
  lab.label(first, truth);
  await lab.settleScores(); // would never end
  expect(lab.need(alike).state).toBe('labelled');
  expect(lab.need(without).state).toBe('asked');
  // neither does one that left its series
  lab.forgetBottlenecks(alike);
  lab.teacher.again();
  lab.answers.correctFacts([alike], { sample: 'steel' }, 'Anna');
  await lab.settleScores();
  expect(lab.need(alike).label).toMatchObject({ category: truth });
});

test('an image that left the series which labelled it is judged by the one where it is', async () => {
  const lab = await teachingLab();
  const [truth] = await lab.possible(0);
  const [first, alike] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
  lab.label(first, truth);
  await lab.settleScores();
  lab.answers.correctFacts([alike], { sample: 'steel' }, 'Anna');
  await lab.settleScores();
  expect(lab.need(alike)).toMatchObject({ state: 'asked' });
  lab.answers.correctFacts([first, alike], { sample: 'copper' }, 'Anna');
  await lab.settleScores();
  expect(lab.need(alike)).toMatchObject({ state: 'labelled', label: { category: truth } });
  lab.answers.undo(first, 'Anna');
  expect(lab.store.images.taggable({ answer: lab.at(), because: lab.at() }, 10, new Set())).toEqual([]);
  await lab.settleScores();
  expect(lab.need(alike)).toMatchObject({ state: 'asked', scores: lab.alone(alike).scores });
});

test('an image whose sample is corrected goes to that series, and what it taught goes with it', async () => {
  const lab = await teachingLab();
  const [truth] = await lab.possible(0);
  const [first, alike] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
  lab.label(first, truth);
  await lab.settleScores();
  expect(lab.need(alike).state).toBe('labelled');
  lab.answers.correctFacts([first], { sample: 'steel' }, 'Anna');
  await lab.settleScores();
  expect(lab.need(first).series).not.toBe(lab.need(alike).series);
  expect(lab.need(alike)).toMatchObject({ state: 'asked' });
  expect(lab.store.series.get(lab.need(first).series!)).toMatchObject({ images: 1, answers: 1 });
  lab.answers.correctFacts([alike], { sample: 'steel' }, 'Anna');
  await lab.settleScores();
  expect(lab.need(alike)).toMatchObject({ state: 'labelled', label: { category: truth } });
});

describe('the order of questions', () => {
  test('most telling first, one of each series in turn, and nothing is left out', async () => {
    const lab = await teachingLab();
    const [single, odd] = [await lab.image(1, 'steel'), await lab.image(3, 'GaAs')];
    const crowd = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
    const order = await lab.questions(10);
    expect(order.map(({ sha256 }) => sha256).toSorted()).toEqual([single, odd, ...crowd].toSorted());
    expect(crowd).toContain(order[0]!.sha256);
    expect(order[0]!.alike).toBe(2);
    expect(order[1]).toEqual({ sha256: single, alike: 0 });
    expect(order[2]).toEqual({ sha256: odd, alike: 0 });
  });

  test('what has waited too long comes first', async () => {
    const lab = await teachingLab();
    const old = await lab.image(3, 'GaAs');
    lab.later(4000);
    const crowd = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
    const order = await lab.questions(10);
    expect(order[0]).toEqual({ sha256: old });
    expect(crowd).toContain(order[1]!.sha256);
  });
});

test('after a restart the same scores, to the bit', async () => {
  const lab = await teachingLab();
  const [truth, other] = await lab.possible(0);
  const images = [];
  for (let i = 0; i < 6; i++) images.push(await lab.image(i % 3, i < 3 ? 'GaAs' : 'steel'));
  lab.label(images[0]!, truth);
  lab.label(images[4]!, other);
  const asks = images.map((sha256) => ({ sha256, series: lab.need(sha256).series, realm: undefined }));
  const before = await lab.teacher.teach(asks);
  lab.teacher.again();
  expect(await lab.teacher.teach(asks)).toEqual(before);
  expect(before.every((one) => one?.taught)).toBe(true);
});
