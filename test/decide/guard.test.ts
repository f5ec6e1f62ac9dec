// Blind checks and the guard on the real stages: what is chosen, when it is void, who may answer, and when what answers taught is not used any more.

import { describe, expect, test } from 'vitest';
import type { Category } from '../../src/domain/categories.ts';
import { openReader } from '../../src/store/reader.ts';
import { teachingLab } from './teaching-lab.ts';

type Lab = Awaited<ReturnType<typeof teachingLab>>;

/** Labels itself because of one answer in its folder. */
async function taughtImage(lab: Lab, folder: string, truth: Category): Promise<string> {
  const [first, alike] = [await lab.image(0, folder), await lab.image(0, folder)];
  lab.label(first, truth);
  await lab.settleScores();
  expect(lab.need(alike)).toMatchObject({ state: 'labelled', category: truth });
  return alike;
}

/** As somebody to whom the check was shown. */
const answerCheck = (
  lab: Lab,
  sha256: string,
  category: Category,
  promptVersion = lab.need(sha256).promptVersion,
) =>
  // prettier-ignore
  lab.label(sha256, category, 'Ben', { promptVersion });

/** As the tag stage does, owed to no target. */
function tagged({ store, need, at }: Lab, sha256: string): void {
  const { revision, edition } = need(sha256);
  store.deliveries.tagged({ sha256, revision, edition, record: '{}', method: 'sidecar', taggedSha256: sha256, deliveries: [], at: at() }); // prettier-ignore
}

describe('a blind check', () => {
  test('the first automatic label of a series is chosen with the label, the next ones are not', async () => {
    const lab = await teachingLab({ check: 1e-12 });
    const [truth] = await lab.possible(0);
    const first = await taughtImage(lab, 'GaAs', truth);
    const head = lab.alone(first).category;
    expect(head).not.toBe(truth);
    expect(lab.need(first).blindCheck).toEqual({ share: false, first: true, category: truth, head });
    const later = await lab.image(0, 'GaAs'); // labelled when it is classified
    expect(lab.need(later)).toMatchObject({ state: 'labelled', category: truth });
    expect(lab.need(later).blindCheck).toBeUndefined();
    const other = await taughtImage(lab, 'steel', truth);
    expect(lab.store.checks.openCount()).toBe(2);
    expect(lab.store.checks.open(5)).toEqual([other, first]);
  });

  test('the newest label is asked about first; of the answers those to the newest labels stand first, with their time', async () => {
    const lab = await teachingLab({ check: 1 });
    const [truth] = await lab.possible(0);
    const labelled: { sha256: string; at: string }[] = [];
    // the image that settled first is labelled last
    const [early, first] = [await lab.image(0, 'late'), await lab.image(0, 'late')];
    for (const folder of ['a', 'b']) {
      const sha256 = await taughtImage(lab, folder, truth);
      labelled.unshift({ sha256, at: lab.need(sha256).label!.at });
    }
    lab.label(first, truth);
    await lab.settleScores();
    labelled.unshift({ sha256: early, at: lab.need(early).label!.at });
    expect(lab.store.checks.open(5)).toEqual(labelled.map(({ sha256 }) => sha256));
    expect(lab.store.checks.open(2)).toEqual(labelled.slice(0, 2).map(({ sha256 }) => sha256));
    for (const { sha256 } of labelled) answerCheck(lab, sha256, truth);
    const told = lab.store.checks.answered('share');
    expect(told.map(({ sha256, labelledAt }) => ({ sha256, at: labelledAt }))).toEqual(labelled);
  });

  test('with a share of 1 every automatic label is, with 0 none', async () => {
    const [every, none] = [await teachingLab({ check: 1 }), await teachingLab()];
    const [truth] = await every.possible(0);
    for (const lab of [every, none]) {
      await taughtImage(lab, 'GaAs', truth);
      await lab.image(0, 'GaAs');
    }
    expect([every, none].map(({ store }) => store.checks.openCount())).toEqual([2, 0]);
  });

  test('it keeps nothing back: the image is tagged as any other', async () => {
    const lab = await teachingLab({ check: 1 });
    const [truth] = await lab.possible(0);
    const alike = await taughtImage(lab, 'GaAs', truth);
    lab.later(10);
    const due = lab.store.images.taggable({ answer: lab.at(), because: lab.at() }, 10, new Set());
    expect(due.map(({ sha256 }) => sha256)).toContain(alike);
  });

  test('is void with the label that falls, and chosen anew with the next one', async () => {
    const lab = await teachingLab({ check: 1e-12 });
    const [truth] = await lab.possible(0);
    const alike = await taughtImage(lab, 'GaAs', truth);
    const [answered] = lab.store.images.list({ basis: 'answer' }, 1);
    lab.answers.undo(answered!.sha256, 'Anna');
    await lab.settleScores();
    expect(lab.need(alike).state).toBe('asked');
    expect(lab.need(alike).blindCheck).toBeUndefined();
    expect(lab.store.checks.openCount()).toBe(0);
    lab.label(answered!.sha256, truth);
    await lab.settleScores();
    expect(lab.need(alike).blindCheck).toMatchObject({ first: true, category: truth });
  });

  test('an answer confirms or corrects; taken back the label by itself is there again and the check waits again', async () => {
    const lab = await teachingLab({ check: 1 });
    const [truth, other] = await lab.possible(0);
    const alike = await taughtImage(lab, 'GaAs', truth);
    const before = lab.need(alike);
    answerCheck(lab, alike, truth);
    expect(lab.need(alike).label).toMatchObject({ category: truth, basis: 'answer', by: 'Ben' });
    expect(lab.store.checks.openCount()).toBe(0);
    expect(lab.store.checks.answered('share')).toMatchObject([{ sha256: alike, label: { category: truth } }]);
    expect(lab.store.history.of('image', alike).at(-1)!.what).toBe(`Labelled ${truth} in a blind check`);

    lab.answers.undo(alike, 'Ben');
    await lab.settleScores();
    const { label, blindCheck } = before;
    expect(lab.need(alike)).toMatchObject({ state: 'labelled', revision: 1, cause: 'acquired', label, blindCheck }); // prettier-ignore
    expect(lab.store.checks.open(5)).toEqual([alike]);
    expect(lab.store.checks.answered('share')).toEqual([]);
    expect(lab.store.history.of('image', alike).at(-1)!.what).toBe(
      `The answer to the blind check was taken back: labelled ${truth} by itself, as before`,
    );
    expect(() => lab.answers.undo(alike, 'Ben')).toThrow(/no answer/);
    expect(() => answerCheck(lab, alike, other, before.promptVersion)).toThrow(/labelled now/);
    answerCheck(lab, alike, other);
    expect(lab.store.checks.answered('share')).toMatchObject([{ check: { category: truth }, label: { category: other } }]); // prettier-ignore
  });

  test('what left with the answer gets the label by itself back with its next revision', async () => {
    const lab = await teachingLab({ check: 1 });
    const [truth, other] = await lab.possible(0);
    const alike = await taughtImage(lab, 'GaAs', truth);
    const { label } = lab.need(alike);
    tagged(lab, alike);
    answerCheck(lab, alike, other);
    lab.answers.undo(alike, 'Ben'); // before the answer left
    expect(lab.need(alike)).toMatchObject({
      state: 'labelled',
      revision: 2,
      cause: 'answer taken back',
      label,
    });
    answerCheck(lab, alike, other);
    tagged(lab, alike);
    lab.answers.undo(alike, 'Ben');
    expect(lab.need(alike)).toMatchObject({
      state: 'labelled',
      revision: 3,
      cause: 'answer taken back',
      label,
    });
    lab.later(3600);
    const due = lab.store.images.taggable({ answer: lab.at(), because: lab.at() }, 10, new Set());
    expect(due.map(({ sha256 }) => sha256)).toContain(alike);
  });

  test('a correction by somebody who saw the label is no check and closes it', async () => {
    const lab = await teachingLab({ check: 1 });
    const [truth, other] = await lab.possible(0);
    const alike = await taughtImage(lab, 'GaAs', truth);
    lab.label(alike, other, 'Ben');
    const told = () => [lab.store.checks.answered('share'), lab.store.checks.answered('first'), lab.store.checks.contested(0)]; // prettier-ignore
    expect(told()).toEqual([[], [], []]);
    expect([lab.store.checks.openCount(), lab.need(alike).blindCheck]).toEqual([0, undefined]);
    lab.answers.undo(alike, 'Ben'); // asked now, with suggestions: no check either
    expect(lab.need(alike).state).toBe('asked');
    lab.label(alike, other, 'Ben', { promptVersion: lab.need(alike).promptVersion });
    expect(told()).toEqual([[], [], []]);
  });

  test('an answer that is said once more still counts, one that is corrected tells nothing', async () => {
    const lab = await teachingLab({ check: 1 });
    const [truth, other] = await lab.possible(0);
    const [said, corrected] = [await taughtImage(lab, 'GaAs', truth), await taughtImage(lab, 'steel', truth)];
    for (const image of [said, corrected]) answerCheck(lab, image, other);
    lab.label(said, other, 'Mia');
    lab.label(corrected, truth, 'Mia');
    expect(lab.store.checks.answered('share')).toMatchObject([{ sha256: said, label: { category: other } }]);
    expect(lab.need(corrected).blindCheck).toBeUndefined();
    lab.answers.undo(said, 'Mia');
    expect(lab.store.checks.open(5)).toEqual([said]);
  });

  test('an answer taken back does not bring back a label whose ground is gone', async () => {
    const lab = await teachingLab({ check: 1 });
    const [truth, other] = await lab.possible(0);
    const alike = await taughtImage(lab, 'GaAs', truth);
    const [answered] = lab.store.images.list({ basis: 'answer' }, 1);
    answerCheck(lab, alike, other);
    lab.answers.undo(answered!.sha256, 'Anna');
    await lab.settleScores();
    lab.answers.undo(alike, 'Ben');
    await lab.settleScores();
    expect(lab.need(alike)).toMatchObject({ state: 'asked' });
    expect([lab.need(alike).label, lab.need(alike).blindCheck]).toEqual([undefined, undefined]);
  });

  test('a label that only the head’s correction carried is looked at again when its check is taken back', async () => {
    const lab = await teachingLab({ check: 1 });
    const [truth] = await lab.possible(0);
    const first: string[] = [];
    for (let n = 0; n < 60; n++) {
      first.push(await lab.image(0, `folder ${n}`));
      lab.label(first.at(-1)!, truth);
    }
    await lab.settleScores();
    const carried = await lab.image(0, 'new');
    expect(lab.need(carried)).toMatchObject({ state: 'labelled', label: { because: { lessons: [] } } });
    answerCheck(lab, carried, truth);
    for (const image of first.slice(1)) lab.answers.undo(image, 'Anna');
    await lab.settleScores();
    lab.answers.undo(carried, 'Ben');
    await lab.settleScores();
    expect(lab.need(carried).state).toBe('asked');
  });

  test('an answer to a label that is not the one any more is refused', async () => {
    const lab = await teachingLab({ check: 1 });
    const [truth, other] = await lab.possible(0);
    const alike = await taughtImage(lab, 'GaAs', truth);
    const { promptVersion } = lab.need(alike);
    const [answered] = lab.store.images.list({ basis: 'answer' }, 1);
    lab.label(answered!.sha256, other); // on new ground: another label
    await lab.settleScores();
    expect(lab.need(alike).label).toMatchObject({ basis: 'auto', category: other });
    expect(() => lab.label(alike, truth, 'Ben', { promptVersion })).toThrow(/labelled now/);
    const now = lab.need(alike).promptVersion;
    lab.label(alike, truth, 'Ben', { promptVersion: now });
    // somebody else was shown the same check, or pressed twice
    expect(() => lab.label(alike, other, 'Cleo', { promptVersion: now })).toThrow(/labelled now/);
    expect(() => lab.label(alike, other, 'Cleo', { promptVersion: now + 1 })).toThrow(/labelled now/);
    expect(lab.need(alike).label).toMatchObject({ category: truth, by: 'Ben' });
  });

  test('with a version, only a label that is to be checked is answered', async () => {
    const lab = await teachingLab();
    const [truth, other] = await lab.possible(0);
    const alike = await taughtImage(lab, 'GaAs', truth);
    const { promptVersion } = lab.need(alike);
    expect(() => lab.label(alike, other, 'Ben', { promptVersion })).toThrow(/labelled now/);
    lab.label(alike, other, 'Ben'); // a correction needs none
  });
});

describe('the guard', () => {
  /** So many folders where the first automatic label is wrong and the head alone is right. */
  async function wrongIn(lab: Lab, folders: string[], truth: Category): Promise<void> {
    for (const folder of folders) {
      const alike = await taughtImage(lab, folder, truth);
      const { head } = lab.need(alike).blindCheck!;
      lab.label(alike, head, 'Ben', { promptVersion: lab.need(alike).promptVersion });
    }
  }

  test('sets teaching aside for good, says why, and brings what waits back to the head', async () => {
    const lab = await teachingLab({ check: 1e-12 });
    const [truth] = await lab.possible(0);
    await wrongIn(lab, ['a', 'b', 'c', 'd', 'e'], truth);
    expect(lab.store.teaching.current().use).toBe(true);
    const waits = await lab.image(3, 'a');
    expect(lab.need(waits)).toMatchObject({ state: 'asked', taught: { lessons: [1, 2] } });
    await wrongIn(lab, ['f'], truth);

    expect(lab.store.teaching.current()).toMatchObject({ use: false, by: 'semtag', reason: expect.stringContaining('in 6 series') as string }); // prettier-ignore
    const [line] = lab.store.history.of('teaching', 'use');
    expect(line).toMatchObject({ who: 'semtag', what: expect.stringMatching(/^Teaching was set aside: in blind checks/) as string }); // prettier-ignore
    expect((line!.detail as { images: string[] }).images).toHaveLength(6);
    await lab.settleScores();
    expect(lab.need(waits)).toMatchObject({ state: 'asked', scores: lab.alone(waits).scores });
    const after = openReader(lab.data);
    expect(after.teaching.current()).toEqual(lab.store.teaching.current());
    after.close();
  });

  test('while it is aside the head alone decides and lessons go on; then they all count', async () => {
    const lab = await teachingLab();
    const [truth] = await lab.possible(0);
    const [first, unlike] = [await lab.image(0, 'GaAs'), await lab.image(3, 'GaAs')];
    lab.label(first, truth);
    await lab.settleScores();
    expect(lab.need(unlike).taught).toBeDefined();
    lab.answers.useTeaching(false, 'Mia', 'the samples of this week are odd');
    await lab.settleScores();
    const later = await lab.image(0, 'GaAs');
    for (const image of [unlike, later]) {
      expect(lab.need(image)).toMatchObject({ state: 'asked', scores: lab.alone(image).scores });
      expect(lab.need(image).taught).toBeUndefined();
    }
    const steel = [await lab.image(0, 'steel'), await lab.image(0, 'steel')];
    lab.label(steel[0]!, truth);
    await lab.settleScores();
    expect(lab.need(steel[1]!).state).toBe('asked');
    expect(lab.store.lessons.position()).toBe(2);

    lab.answers.useTeaching(true, 'Mia', 'looked at');
    await lab.settleScores();
    for (const image of [later, steel[1]!])
      expect(lab.need(image)).toMatchObject({ state: 'labelled', label: { category: truth, because: { all: 2 } } }); // prettier-ignore
    expect(lab.need(unlike).taught).toMatchObject({ all: 2 });
    expect(lab.store.history.of('teaching', 'use').map(({ who, what }) => [who, what])).toEqual([
      ['Mia', 'Teaching was set aside: the samples of this week are odd'],
      ['Mia', 'Teaching is in use again: looked at'],
    ]);
  });

  test('an image that is being scored when it is set aside is decided by the head', async () => {
    const lab = await teachingLab();
    const [truth] = await lab.possible(0);
    const [first, waits] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
    lab.label(first, truth);
    lab.during(() => lab.answers.useTeaching(false, 'Mia', 'odd'));
    await lab.settleScores();
    expect(lab.need(waits)).toMatchObject({ state: 'asked', scores: lab.alone(waits).scores });
    lab.answers.useTeaching(true, 'Mia', 'fine');
    lab.during(() => lab.answers.useTeaching(false, 'Mia', 'odd'));
    const later = await lab.image(0, 'GaAs');
    expect(lab.need(later)).toMatchObject({ state: 'asked', scores: lab.alone(later).scores });
  });

  test('an image that is open on a screen keeps its scores until it is closed', async () => {
    const lab = await teachingLab();
    const [truth] = await lab.possible(0);
    const [first, waits] = [await lab.image(0, 'GaAs'), await lab.image(3, 'GaAs')];
    lab.label(first, truth);
    await lab.settleScores();
    lab.screens.add(waits);
    lab.answers.useTeaching(false, 'Mia', 'odd');
    await lab.settleScores();
    expect(lab.need(waits).taught).toBeDefined();
    lab.screens.clear();
    await lab.settleScores();
    expect(lab.need(waits)).toMatchObject({ state: 'asked', scores: lab.alone(waits).scores });
  });

  test('doubts that were not looked at while it was aside are looked at afterwards', async () => {
    const lab = await teachingLab({ check: 0 });
    const [truth, other] = await lab.possible(0);
    const [first, second, alike] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')]; // prettier-ignore
    lab.screens.add(second);
    lab.label(first, truth);
    await lab.settleScores();
    expect(lab.need(alike)).toMatchObject({ state: 'labelled', category: truth });
    lab.answers.useTeaching(false, 'Mia', 'odd');
    lab.screens.clear();
    lab.label(second, other);
    for (let n = 0; n < 6; n++) lab.label(await lab.image(0, 'GaAs'), other);
    await lab.settleScores();
    expect(lab.need(alike).doubt).toBeUndefined();
    lab.answers.useTeaching(true, 'Mia', 'fine');
    lab.during(() => lab.answers.useTeaching(false, 'Mia', 'odd again'));
    await lab.settleScores();
    expect(lab.need(alike).doubt).toBeUndefined();
    lab.answers.useTeaching(true, 'Mia', 'fine');
    await lab.settleScores();
    expect(lab.need(alike)).toMatchObject({ label: { category: truth }, doubt: { category: other } });
  });

  /** So many folders where the first automatic label is wrong, and nobody has checked it yet. */
  async function openIn(lab: Lab, folders: string[], truth: Category): Promise<string[]> {
    const open: string[] = [];
    for (const folder of folders) open.push(await taughtImage(lab, folder, truth));
    return open;
  }
  const headWasRight = (lab: Lab, image: string) => answerCheck(lab, image, lab.need(image).blindCheck!.head);

  test('labels of before it was put back do not count, whenever they are checked or said once more', async () => {
    const lab = await teachingLab({ check: 1e-12 });
    const [truth] = await lab.possible(0);
    const open = await openIn(lab, ['a', 'b', 'c', 'd', 'e', 'f'], truth);
    for (const image of open.slice(0, 3)) headWasRight(lab, image);
    lab.answers.useTeaching(false, 'Mia', 'odd');
    lab.answers.useTeaching(true, 'Mia', 'looked at');
    for (const image of open.slice(3)) headWasRight(lab, image);
    for (const image of open) lab.label(image, lab.need(image).label!.category!, 'Mia');
    expect(lab.store.checks.contested(lab.store.teaching.afterLabel())).toEqual([]);
    expect(lab.store.teaching.current().use).toBe(true);
  });

  test('what another head labelled does not count against this one, whenever it is checked', async () => {
    const lab = await teachingLab({ check: 1e-12 });
    const [truth] = await lab.possible(0);
    lab.store.teaching.headInUse('one', lab.at());
    const open = await openIn(lab, ['a', 'b', 'c', 'd', 'e', 'f'], truth);
    lab.store.teaching.headInUse('other', lab.at());
    for (const image of open) headWasRight(lab, image);
    expect(lab.store.checks.contested(lab.store.teaching.afterLabel())).toEqual([]);
    expect(lab.store.teaching.current().use).toBe(true);
  });

  test('with another head it stays set aside until a manager says otherwise, and says so', async () => {
    const lab = await teachingLab();
    lab.store.teaching.headInUse('one', lab.at());
    lab.answers.useTeaching(false, 'Mia', 'odd');
    lab.store.teaching.headInUse('one', lab.at()); // a restart
    expect(lab.store.teaching.current()).not.toHaveProperty('otherHead');
    lab.store.teaching.headInUse('other', lab.at());
    expect(lab.store.teaching.current()).toMatchObject({
      use: false,
      by: 'Mia',
      reason: 'odd',
      otherHead: true,
    });
    const last = () => lab.store.history.of('teaching', 'use').at(-1)!;
    expect(last()).toMatchObject({ who: 'semtag', what: 'Another head is in use; teaching stays set aside' });
    lab.answers.useTeaching(true, 'Mia', 'trained anew');
    expect(lab.store.teaching.current()).not.toHaveProperty('otherHead');
    lab.store.teaching.headInUse('third', lab.at()); // nothing to say where it is in use
    expect(last().what).toBe('Teaching is in use again: trained anew');
  });

  test('after it was put back only checks of later labels count', async () => {
    const lab = await teachingLab({ check: 1e-12 });
    const [truth] = await lab.possible(0);
    await wrongIn(lab, ['a', 'b', 'c', 'd', 'e', 'f'], truth);
    lab.answers.useTeaching(true, 'Mia', 'looked at');
    await wrongIn(lab, ['g', 'h', 'i', 'j', 'k'], truth);
    expect(lab.store.teaching.current().use).toBe(true);
    await wrongIn(lab, ['l'], truth);
    expect(lab.store.teaching.current().use).toBe(false);
  });

  test('what was said of another head does not count against this one', async () => {
    const lab = await teachingLab({ check: 1e-12 });
    const [truth] = await lab.possible(0);
    lab.store.teaching.headInUse('one', lab.at());
    await wrongIn(lab, ['a', 'b', 'c', 'd', 'e'], truth);
    lab.store.teaching.headInUse('one', lab.at()); // a restart
    expect(lab.store.checks.contested(lab.store.teaching.afterLabel())).toHaveLength(5);
    lab.store.teaching.headInUse('other', lab.at());
    await wrongIn(lab, ['f'], truth);
    expect(lab.store.teaching.current().use).toBe(true);
    expect(lab.store.checks.contested(lab.store.teaching.afterLabel())).toHaveLength(1);
  });

  test('what waits is found to be scored again once another head is in use, and not after a restart', async () => {
    const lab = await teachingLab();
    const [truth] = await lab.possible(0);
    lab.label(await lab.image(0, 'GaAs'), truth);
    const waits = await lab.image(1, 'steel');
    const found = () => lab.store.rescoring.asked(lab.store.lessons.position(), [lab.need(waits).instrument], [], 10).map(({ sha256 }) => sha256); // prettier-ignore
    await lab.settleScores();
    lab.store.teaching.headInUse('one', lab.at());
    lab.store.teaching.headInUse('one', lab.at());
    expect(found()).toEqual([]);
    lab.store.teaching.headInUse('other', lab.at());
    expect(found()).toEqual([waits]);
  });

  test('it wants a name and a reason, and something to change', async () => {
    const lab = await teachingLab();
    expect(() => lab.answers.useTeaching(false, '  ', 'odd')).toThrow(/name/);
    expect(() => lab.answers.useTeaching(false, 'Mia', ' ')).toThrow(/reason/);
    expect(() => lab.answers.useTeaching(true, 'Mia', 'odd')).toThrow(/in use/);
    expect(lab.store.history.of('teaching', 'use')).toEqual([]);
  });
});
