// People's answers: every kind, two people at once, corrections after tagging, taking back, and the release of what nobody answered.

import { describe, expect, it } from 'vitest';
import { answers } from '../../src/decide/answers.ts';
import { releaseUnanswered } from '../../src/decide/release.ts';
import type { Answer } from '../../src/domain/label.ts';
import { makeLab, tinyTiff, type Lab } from '../service/lab.ts';

function people() {
  const lab = makeLab();
  const woken: (string | undefined)[] = [];
  return { lab, woken, store: lab.store, ask: answers(lab.store, (key) => woken.push(key), lab.now) };
}
const tips: Answer = { kind: 'category', category: 'Tips' };
const powder: Answer = { kind: 'category', category: 'Powder' };

function tagged(lab: Lab, sha256: string): string {
  const { revision, edition } = lab.store.images.need(sha256);
  lab.store.deliveries.tagged({ sha256, revision, edition, record: '{}', method: 'tiff', taggedSha256: sha256, deliveries: [], at: lab.at() }); // prettier-ignore
  return sha256;
}

describe('an answer', () => {
  it('labels with category, person, time and note, and wakes the stages', () => {
    const { lab, woken, ask } = people();
    const hash = lab.asked('a.tif');
    const image = ask.label(hash, { answer: { ...tips, second: 'Nanowires' }, by: 'Anna', promptVersion: 0, note: 'both' }); // prettier-ignore
    expect(image).toMatchObject({
      state: 'labelled',
      revision: 1,
      label: { kind: 'category', category: 'Tips', second: 'Nanowires', basis: 'answer', by: 'Anna', note: 'both' }, // prettier-ignore
    });
    expect(image.category).toBe('Powder'); // what the machine said stays beside it
    expect(woken).toHaveLength(1);
    expect(lab.store.history.of('image', hash).at(-1)).toMatchObject({ who: 'Anna', from: 'asked', to: 'labelled' }); // prettier-ignore
  });

  it.each(['none_of_these', 'unusable'] as const)('can be %s, without a category', (kind) => {
    const { lab, ask } = people();
    const { label } = ask.label(lab.asked('a.tif'), { answer: { kind }, by: 'Anna' });
    expect(label).toMatchObject({ kind, basis: 'answer' });
    expect(label).not.toHaveProperty('category');
  });

  it.each([
    [{ kind: 'category', category: 'Nanowire' }],
    [{ kind: 'category', category: 'Tips', second: 'Nothing' }],
    [{ kind: 'category', category: 'toString' }],
  ])('%j is refused and changes nothing', (answer) => {
    const { lab, ask, woken, store } = people();
    const hash = lab.asked('a.tif');
    expect(() => ask.label(hash, { answer: answer as Answer, by: 'Anna' })).toThrow(/one of the ten/);
    expect(store.images.need(hash).state).toBe('asked');
    expect(woken).toEqual([]);
  });

  it('is not possible before there was a question', () => {
    const { lab, ask } = people();
    for (const hash of [lab.settled('a.tif'), lab.read(lab.settled('bb.tif'))])
      expect(() => ask.label(hash, { answer: tips, by: 'Anna' })).toThrow(/once it was classified/);
  });
});

describe('two people at once', () => {
  it('the first answer counts, the second one learns that the question is gone', () => {
    const { lab, ask, store } = people();
    const hash = lab.asked('a.tif');
    const { promptVersion } = store.images.need(hash); // both see the same page
    ask.label(hash, { answer: tips, by: 'Anna', promptVersion });
    const second = () => ask.label(hash, { answer: powder, by: 'Ben', promptVersion });
    expect(second).toThrow(expect.objectContaining({ code: 'stale_prompt' }));
    expect(store.images.need(hash).label).toMatchObject({ category: 'Tips', by: 'Anna' });
  });

  it('an answer to the question from before it was taken back does not count for the new one', () => {
    const { lab, ask, store } = people();
    const hash = lab.asked('a.tif');
    const { promptVersion } = store.images.need(hash);
    ask.label(hash, { answer: tips, by: 'Anna', promptVersion });
    ask.undo(hash, 'Anna');
    const late = () => ask.label(hash, { answer: powder, by: 'Ben', promptVersion });
    expect(late).toThrow(expect.objectContaining({ code: 'stale_prompt' }));
    expect(store.images.need(hash).state).toBe('asked');
    const now = store.images.need(hash).promptVersion;
    expect(ask.label(hash, { answer: powder, by: 'Ben', promptVersion: now }).label?.by).toBe('Ben');
  });
});

describe('taking back', () => {
  it('asks again, and keeps the answer that was withdrawn in the history', () => {
    const { lab, ask, store } = people();
    const hash = lab.asked('a.tif');
    ask.label(hash, { answer: tips, by: 'Anna' });
    const image = ask.undo(hash, 'Ben');
    expect(image).toMatchObject({ state: 'asked', revision: 1, category: 'Powder' });
    expect(image).not.toHaveProperty('label');
    expect(store.history.of('image', hash).map((l) => `${l.who}: ${l.what}`).slice(-2)).toEqual(['Anna: Labelled Tips', 'Ben: The answer was taken back']); // prettier-ignore
    expect(() => ask.undo(hash, 'Ben')).toThrow(expect.objectContaining({ code: 'nothing_to_undo' }));
  });

  it('after tagging makes the next revision once there is a new answer', () => {
    const { lab, ask } = people();
    const hash = lab.asked('a.tif');
    ask.label(hash, { answer: tips, by: 'Anna' });
    tagged(lab, hash);
    expect(ask.undo(hash, 'Anna')).toMatchObject({ state: 'asked', revision: 2 });
    expect(ask.label(hash, { answer: powder, by: 'Anna' })).toMatchObject({ state: 'labelled', revision: 2 });
  });

  it('is for answers of people only', () => {
    const { lab, ask } = people();
    const hash = lab.labelled('a.tif');
    expect(() => ask.undo(hash, 'Anna')).toThrow(expect.objectContaining({ code: 'nothing_to_undo' }));
  });
});

describe('a correction', () => {
  it('of an automatic label that is out already is the next revision by that person', () => {
    const { lab, ask } = people();
    const hash = tagged(lab, lab.labelled('a.tif'));
    expect(ask.label(hash, { answer: tips, by: 'Anna' })).toMatchObject({
      state: 'labelled',
      revision: 2,
      cause: 'relabelled',
      label: { category: 'Tips', basis: 'answer', by: 'Anna' },
    });
  });

  it('of facts covers many images at once and outranks the path; what says the same makes no revision', () => {
    const { lab, ask } = people();
    const hashes = ['a', 'bb'].map((name) => tagged(lab, lab.labelled(`${name}.tif`)));
    const images = ask.correctFacts(hashes, { project: ' 2211 ' }, 'Anna');
    for (const image of images)
      expect(image).toMatchObject({ revision: 2, facts: { project: { value: '2211', unit: null, origin: 'operator Anna' } } }); // prettier-ignore
    expect(images[0]!.facts).not.toHaveProperty('sample');
    for (const image of images) tagged(lab, image.sha256);
    expect(ask.correctFacts(hashes, { project: '2211' }, 'Anna')[0]!.revision).toBe(2);
  });
});

describe('a retry', () => {
  it('takes an image out of quarantine where it failed, a file as well, and asks for it by name', () => {
    const { lab, ask, woken, store } = people();
    const hash = lab.settled('a.tif');
    for (let i = 0; i < 3; i++) store.attempts.begin(hash, 'read', 'a.tif', lab.at());
    store.images.quarantine(hash, { code: 'too_many_attempts', message: 'a.tif' }, lab.at());
    expect(ask.retry(hash, 'Anna').state).toBe('settled');
    store.attempts.begin(hash, 'read', 'a.tif', lab.at()); // they count from the start
    expect(woken).toEqual([hash]);
    expect(() => ask.retry(hash, 'Anna')).toThrow(/there is nothing to retry/);
    expect(() => ask.retryFile(1, 'Anna')).toThrow(/is not aside/);
  });
});

describe('the release time', () => {
  it('lets go what nobody answered, to the millisecond, without a label and still answerable', () => {
    const { lab, ask, store } = people();
    const [early, late] = [lab.asked('early.tif', tinyTiff(1)), lab.asked('late.tif', tinyTiff(2))];
    const since = Date.parse(store.images.need(early).changedAt);
    expect(releaseUnanswered(store, 60, new Date(since + 60_000))).toBe(0);
    expect(releaseUnanswered(store, 60, new Date(since + 60_001))).toBe(1);
    expect(store.images.need(late).state).toBe('asked');
    const image = store.images.need(early);
    expect(image).toMatchObject({ state: 'labelled', label: { kind: 'unlabelled', basis: 'released', by: 'semtag' } }); // prettier-ignore
    expect(image).toMatchObject({ category: 'Powder', score: 0.5 }); // the machine's suggestion goes with it
    tagged(lab, early);
    expect(ask.label(early, { answer: tips, by: 'Anna' })).toMatchObject({ revision: 2, label: { by: 'Anna' } }); // prettier-ignore
  });

  it('lets many go, some in one round, and none twice', () => {
    const { lab, store } = people();
    for (let i = 0; i < 30; i++) lab.asked(`${i}.tif`, tinyTiff(i));
    const later = new Date(lab.now().getTime() + 3_600_000);
    for (let i = 30; i < 60; i++) lab.asked(`${i}.tif`, tinyTiff(i));
    const muchLater = new Date(later.getTime() + 3_600_000);
    expect(releaseUnanswered(store, 60, muchLater)).toBe(50);
    expect(releaseUnanswered(store, 60, muchLater)).toBe(10);
    expect(releaseUnanswered(store, 60, muchLater)).toBe(0);
  });

  it('begins again when an answer was taken back', () => {
    const { lab, ask, store } = people();
    const hash = lab.asked('a.tif');
    lab.later(3600);
    ask.label(hash, { answer: tips, by: 'Anna' });
    ask.undo(hash, 'Anna');
    expect(releaseUnanswered(store, 60, lab.now())).toBe(0);
  });

  it('refuses an answer to the question that was still on somebody’s page', () => {
    const { lab, ask, store } = people();
    const hash = lab.asked('a.tif');
    const { promptVersion } = store.images.need(hash);
    lab.later(3600);
    releaseUnanswered(store, 60, lab.now());
    expect(() => ask.label(hash, { answer: tips, by: 'Anna', promptVersion })).toThrow(expect.objectContaining({ code: 'stale_prompt' })); // prettier-ignore
  });
});
