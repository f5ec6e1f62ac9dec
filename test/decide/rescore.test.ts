// Answers teach at once: what waits is scored again, what rests on an answer falls with it, and no person's word is ever changed.

import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scoredAgain } from '../../proof/lib/scored-again.ts';
import { ALL_SIGHT } from '../../src/domain/access.ts';
import { addSearchTerms } from '../../src/store/search-terms.ts';
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
    lab.store.images.release([apart, ...elsewhere], lab.at());
    // scored last, so that it would be found last
    lab.label(await lab.image(5, 'copper'), truth);
    const late = await lab.image(0, 'GaAs');
    lab.answers.undo(first, 'Anna');
    expect(lab.store.rescoring.fallen(10).map(({ sha256 }) => sha256).toSorted()).toEqual([alike, late].toSorted()); // prettier-ignore
    expect(lab.store.rescoring.fallen(10)).toMatchObject([{ direct: true }, { direct: true }]);
    expect(lab.store.rescoring.shaken(10)).toHaveLength(5);
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

test('all automatic labels of the series are looked at, however many there are, and not again after a restart', async () => {
  const lab = await teachingLab();
  const [truth] = await lab.possible(0);
  const [first, sure] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
  const label = { kind: 'category', category: 'Powder', basis: 'auto', by: 'semtag', at: lab.at() } as const;
  lab.store.rescoring.rescored([{ image: { ...lab.need(sure), series: lab.need(sure).series! }, ...lab.alone(sure), category: 'Powder', thresholdsVersion: 1, model: lab.need(sure).model!, lesson: 0, label }], lab.at());
  const db = new Database(join(lab.data, 'semtag.db'));
  addSearchTerms(db);
  // 1,100 others that settled before it and cannot be scored, on both sides of it in the order of SHA-256
  db.exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1099)
    INSERT INTO image (sha256, state, instrument, name, bytes, media_type, series, scores, category, score, decision, model, thresholds_version, label_id, label_basis, label_category, settled_at, changed_at, spooled_at)
      SELECT printf('%02x%062x', i % 256, i), state, instrument, 'other', bytes, media_type, series, scores, category, score, decision, model, thresholds_version, label_id, label_basis, label_category, '2020', changed_at, spooled_at
      FROM image, n WHERE image.sha256 = '${sure}'`);
  db.close();
  lab.label(first, truth);
  await lab.settleScores();
  expect(lab.need(sure)).toMatchObject({ label: { category: 'Powder' }, doubt: { category: truth } });
  expect(lab.store.rescoring.judgedTo(lab.need(sure).model!.head)).toBe(1);
  // one that is taken back is a line of the log as well: it takes the doubt with it
  lab.answers.undo(first, 'Anna');
  await lab.settleScores();
  expect(lab.need(sure).doubt).toBeUndefined();
  expect(lab.store.rescoring.judgedTo(lab.need(sure).model!.head)).toBe(2);
}); // prettier-ignore

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
  lab.rememberBottlenecks(without);
  lab.again();
  await lab.settleScores();
  expect(lab.need(without)).toMatchObject({ state: 'labelled', label: { category: truth } });
});

describe('without bottlenecks', () => {
  /** Eight that rest on the first, whose features nobody has any more. */
  async function eight() {
    const lab = await teachingLab();
    const [truth] = await lab.possible(0);
    const first = await lab.image(0, 'GaAs');
    lab.label(first, truth);
    const alike: string[] = [];
    for (let i = 0; i < 8; i++) alike.push(await lab.image(0, 'GaAs'));
    const forget = () => {
      for (const one of alike) lab.forgetBottlenecks(one);
      lab.teacher.again();
    };
    const states = () => [...new Set(alike.map((one) => lab.need(one).state))];
    return { lab, truth, first, alike, forget, states };
  }

  test('a label falls with the answer that it rests on, and is scored once they are made again', async () => {
    const { lab, first, alike, forget, states } = await eight();
    forget();
    lab.answers.undo(first, 'Anna');
    await lab.settleScores();
    expect(states()).toEqual(['asked']);
    expect(lab.need(alike[0]!).label).toBeUndefined();
    for (const one of alike) lab.rememberBottlenecks(one);
    lab.again();
    await lab.settleScores();
    for (const one of alike) {
      expect(lab.need(one)).toMatchObject({ state: 'asked', scores: lab.alone(one).scores });
      expect(lab.need(one).taught).toBeUndefined();
    }
  });

  test('so it does where the image was passed over for another answer before', async () => {
    const { lab, truth, first, forget, states } = await eight();
    const elsewhere = await lab.image(4, 'steel');
    forget();
    lab.label(elsewhere, truth);
    lab.label(await lab.image(4, 'tin'), truth);
    lab.answers.undo(elsewhere, 'Anna');
    await lab.settleScores();
    expect(states()).toEqual(['labelled']);
    lab.answers.undo(first, 'Anna');
    await lab.settleScores();
    expect(states()).toEqual(['asked']);
  });

  test('it falls where the image left the series, and others behind it are looked at', async () => {
    const { lab, alike, forget, states } = await eight();
    forget();
    lab.answers.correctFacts(alike, { sample: 'steel' }, 'Anna');
    await lab.settleScores();
    expect(states()).toEqual(['asked']);
    expect(lab.store.rescoring.fallen(10)).toEqual([]);
  });
});

test('a score without the answers whose bottlenecks are missing says which, can be computed again, and is made anew with them', async () => {
  const lab = await teachingLab();
  const [truth, other] = await lab.possible(0);
  const taught: string[] = [];
  for (let i = 0; i < 5; i++) {
    taught.push(await lab.image(0, 'GaAs'));
    lab.label(taught[i]!, i === 0 ? other : truth);
  }
  for (const i of [1, 2, 4]) lab.forgetBottlenecks(taught[i]!);
  lab.teacher.again();
  const late = await lab.image(0, 'GaAs');
  const before = lab.need(late);
  expect(before.taught).toMatchObject({ lessons: [1, 4], all: 2, without: [[2, 3], [5, 5]] }); // prettier-ignore
  expect(scoredAgain(lab.store, lab.head, late, before.taught)).toEqual(before.scores);
  for (const i of [1, 2, 4]) lab.rememberBottlenecks(taught[i]!);
  expect(scoredAgain(lab.store, lab.head, late, before.taught)).toEqual(before.scores);
  lab.again();
  await lab.settleScores();
  const now = lab.need(late);
  expect(now.taught).toMatchObject({ lessons: [1, 2, 3, 4, 5], all: 5 });
  expect(now.taught).not.toHaveProperty('without');
  expect(scoredAgain(lab.store, lab.head, late, now.taught)).toEqual(now.scores);
});

test('an image that a person answered is not scored with its own answer: the record keeps what the machine said, and correcting a slip is plausible', async () => {
  const lab = await teachingLab();
  const [truth, slip] = await lab.possible(0);
  const elsewhere = await lab.image(4, 'steel');
  lab.label(elsewhere, truth);
  const image = await lab.image(0, 'GaAs');
  const { scores, taught } = lab.need(image);
  expect(taught).toBeDefined();
  lab.label(image, slip);
  lab.answers.undo(elsewhere, 'Anna');
  await lab.settleScores();
  expect(lab.need(image)).toMatchObject({ scores, taught });
  lab.label(image, truth);
  expect(lab.store.lessons.after(0).at(-1)).toMatchObject({ category: truth, weight: 1 });
  // what it knows of a series that it left is not kept
  lab.answers.correctFacts([image], { sample: 'tin' }, 'Anna');
  await lab.settleScores();
  expect(lab.need(image)).toMatchObject({ label: { by: 'Anna' }, scores: lab.alone(image).scores });
  expect(lab.need(image).taught).toBeUndefined();
});

describe('no label is touched where', () => {
  test('an answer is given once more', async () => {
    const lab = await teachingLab();
    const [truth] = await lab.possible(0);
    const [first, alike] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
    lab.label(first, truth);
    await lab.settleScores();
    const before = lab.need(alike);
    lab.label(first, truth, 'Ben');
    await lab.settleScores();
    expect(lab.need(alike)).toEqual(before);
    expect(lab.store.lessons.position()).toBe(1);
    expect(lab.store.oddAnswers.people(ALL_SIGHT)).toEqual([{ by: 'Ben', answers: 1 }]);
    lab.answers.undo(first, 'Ben');
    await lab.settleScores();
    expect(lab.need(alike).state).toBe('asked');
  });

  test('its answers went into another series with it: it names their places of now, can leave, and falls with them', async () => {
    const lab = await teachingLab();
    const [truth] = await lab.possible(0);
    const [first, alike, other] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs'), await lab.image(3, 'GaAs')]; // prettier-ignore
    lab.label(first, truth);
    await lab.settleScores();
    const id = lab.need(first).series!;
    const stands = (position: number, series: number) => {
      const { label, promptVersion } = lab.need(alike);
      expect(label).toMatchObject({ category: truth, because: { lessons: [position], series } });
      expect(promptVersion).toBe(1);
      expect(lab.store.rescoring.restingOn(first)).toEqual([alike]);
      const later = new Date(Date.parse(lab.at()) + 1000).toISOString();
      const leaving = lab.store.images.taggable({ answer: later, because: later }, 10, new Set());
      expect(leaving.map(({ sha256 }) => sha256)).toContain(alike);
      expect(lab.store.history.ofImage(alike).filter(({ what }) => /^Still|^Asked/.test(what))).toEqual([]);
    };
    stands(1, id);
    const added = lab.answers.splitSeries(id, [first, alike], 'Anna');
    await lab.settleScores();
    stands(3, added);
    lab.answers.joinSeries(added, id, 'Anna');
    await lab.settleScores();
    stands(5, id);
    // corrected together, without features
    lab.forgetBottlenecks(alike);
    lab.teacher.again();
    lab.answers.correctFacts([first, alike], { sample: 'copper' }, 'Anna');
    await lab.settleScores();
    stands(7, lab.need(first).series!);
    expect(lab.need(other).state).toBe('asked');
    lab.answers.undo(first, 'Anna');
    await lab.settleScores();
    expect(lab.need(alike).state).toBe('asked');
  });
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
    const order = await lab.questions(10, ALL_SIGHT);
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
    const order = await lab.questions(10, ALL_SIGHT);
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
