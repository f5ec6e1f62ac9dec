// What people and newer files do to an image: labels, answers taken back, corrections, sidecars, supersession; each makes what it must and no more.

import { describe, expect, it } from 'vitest';
import { answers } from '../../src/decide/answers.ts';
import { answer, at, header, settle, sha, world } from './world.ts';

describe('an answer', () => {
  it('labels an image that asks, with person, time and line', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'asked');
    store.revisions.label(sha256, { ...answer('Tips', 'Anna', 7), second: 'Powder', note: 'blunt' });
    expect(store.images.need(sha256)).toMatchObject({
      state: 'labelled',
      revision: 1,
      label: {
        kind: 'category',
        category: 'Tips',
        second: 'Powder',
        basis: 'answer',
        by: 'Anna',
        at: at(7),
        note: 'blunt',
      },
    });
    expect(store.history.of('image', sha256).at(-1)).toMatchObject({
      from: 'asked',
      to: 'labelled',
      who: 'Anna',
    });
  });

  it('to an older question is refused: two people answer at once, the first counts', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'asked');
    const { promptVersion } = store.images.need(sha256);
    store.revisions.label(sha256, answer('Tips', 'Anna'), promptVersion);
    expect(() => store.revisions.label(sha256, answer('Powder', 'Ben'), promptVersion)).toThrow(
      'labelled now',
    );
    // also when the question came back meanwhile
    store.revisions.undo(sha256, 'Anna', at(11));
    expect(() => store.revisions.label(sha256, answer('Powder', 'Ben'), promptVersion)).toThrow('asked now');
    expect(store.images.need(sha256).label).toBeUndefined();
  });

  it('before tagging replaces the label without a revision; the old one stays in the history', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'labelled');
    store.revisions.label(sha256, answer('Powder', 'Ben'));
    expect(store.images.need(sha256)).toMatchObject({ state: 'labelled', revision: 1 });
    expect(store.images.need(sha256).label).toMatchObject({ category: 'Powder', by: 'Ben' });
    const said = store.history.of('image', sha256).map((line) => line.what);
    expect(said).toContain('Labelled Tips');
    expect(said).toContain('Labelled Powder');
  });

  it.each(['tagged', 'forwarded'] as const)('after an image was %s makes the next revision', (state) => {
    const { store, image, tag, receive } = world();
    const sha256 = image('a.tif', state);
    store.revisions.label(sha256, answer('Powder', 'Ben'));
    expect(store.images.need(sha256)).toMatchObject({ state: 'labelled', revision: 2, cause: 'relabelled' });
    const [first] = store.deliveries.ofImage(sha256);
    // what is at the target stays until the next receipt; what never left is not owed any more
    expect(first!.state).toBe(state === 'forwarded' ? 'received' : 'superseded');
    expect(tag(sha256)).toBe(true);
    receive();
    expect(store.images.need(sha256)).toMatchObject({ state: 'forwarded', revision: 2 });
    expect(store.deliveries.record(sha256, 1)?.record).toBeDefined(); // revisions are never overwritten
    expect(store.deliveries.record(sha256, 2)?.record).toContain('"revision": 2');
  });

  it.each(['settled', 'read', 'quarantined'] as const)('is refused for an image that is %s', (state) => {
    const { store, image } = world();
    const sha256 = image('a.tif', state);
    expect(() => store.revisions.label(sha256, answer('Tips'))).toThrow(state);
    expect(store.images.need(sha256).label).toBeUndefined();
  });

  it('changes what is tagged: a copy made meanwhile is not committed', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'labelled');
    const stale = store.images.need(sha256);
    store.revisions.label(sha256, answer('Powder', 'Ben'));
    const { revision, edition } = stale;
    const object = { place: 'p', kind: 'image' as const, sha256: sha('x'), bytes: 1 };
    const rest = { record: '{}', method: 'tiff', taggedSha256: sha('x'), at: at(9) };
    const deliveries = [{ target: 'repository', objects: [object] }];
    expect(store.deliveries.tagged({ sha256, revision, edition, deliveries, ...rest })).toBe(false);
    expect(store.images.need(sha256).state).toBe('labelled');
    expect(store.deliveries.ofImage(sha256)).toEqual([]);
  });
});

describe('taking an answer back', () => {
  it('asks again; the withdrawn label is not the label any more', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'labelled');
    const before = store.images.need(sha256).promptVersion;
    store.revisions.undo(sha256, 'Anna', at(12));
    const after = store.images.need(sha256);
    expect(after).toMatchObject({ state: 'asked', revision: 1 });
    expect(after.label).toBeUndefined();
    expect(after.promptVersion).toBeGreaterThan(before);
  });

  it('works after forwarding, with the next revision', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'forwarded');
    store.revisions.undo(sha256, 'Anna', at(12));
    expect(store.images.need(sha256)).toMatchObject({ state: 'asked', revision: 2 });
  });

  it('works once, and only on what a person said', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'labelled');
    store.revisions.undo(sha256, 'Anna', at(12));
    expect(() => store.revisions.undo(sha256, 'Anna', at(13))).toThrow('no answer');
    store.images.release([sha256], at(14));
    expect(() => store.revisions.undo(sha256, 'Anna', at(15))).toThrow('no answer');
    expect(() => store.revisions.undo(sha('nobody'), 'Anna', at())).toThrow(/image/);
  });
});

describe('release', () => {
  it('lets an unanswered image go on, and it can still be answered', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'asked'); // asked at second 2
    expect(store.images.askedBefore(at(2), 9)).toEqual([]);
    expect(store.images.askedBefore(at(3), 9)).toEqual([sha256]);
    store.images.release([sha256], at(9));
    expect(store.images.need(sha256).label).toMatchObject({ kind: 'unlabelled', basis: 'released' });
    expect(store.images.need(sha256).scores).toBeDefined();
    store.revisions.label(sha256, answer('Tips'));
    expect(store.images.need(sha256).label).toMatchObject({ category: 'Tips', basis: 'answer' });
  });
});

describe('corrected facts', () => {
  it('carry the person as origin, beat path and header, and revise what was published', () => {
    const { store, image } = world();
    const [open, published] = [image('a.tif', 'asked'), image('b.tif', 'forwarded')];
    const people = answers(store, () => {}, () => new Date(at(40))); // prettier-ignore
    people.correctFacts([open, published], { project: '2212', sample: ' GaAs-17 ' }, 'Anna');
    for (const sha256 of [open, published])
      expect(store.images.need(sha256).facts).toEqual({
        project: { value: '2212', unit: null, origin: 'operator Anna' },
        sample: { value: 'GaAs-17', unit: null, origin: 'operator Anna' },
      });
    expect(store.images.need(open)).toMatchObject({ state: 'asked', revision: 1 });
    expect(store.images.need(published)).toMatchObject({
      state: 'labelled',
      revision: 2,
      cause: 'facts corrected',
    });
  });

  it('that change nothing revise nothing', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'forwarded');
    const people = answers(store, () => {});
    people.correctFacts([sha256], { sample: 'x' }, 'Anna');
    people.correctFacts([sha256], { sample: 'x' }, 'Anna');
    expect(() => people.correctFacts([sha256], { sample: '  ' }, 'Anna')).toThrow('null clears it');
    expect(store.images.need(sha256).revision).toBe(2);
  });

  it('are all or nothing over many images', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'asked');
    const people = answers(store, () => {});
    expect(() => people.correctFacts([sha256, sha('nobody')], { sample: 'x' }, 'Anna')).toThrow(/image/);
    expect(store.images.need(sha256).facts.sample).toBeUndefined();
  });
});

describe('a late sidecar', () => {
  it('updates header and record, and never the scores', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'forwarded');
    const { scores } = store.images.need(sha256);
    const better = { ...header, format: 'jeol' };
    store.revisions.lateSidecar(sha256, { name: 'a.txt', bytes: Buffer.from('$CM_') }, better, at(50));
    expect(store.images.need(sha256)).toMatchObject({
      state: 'labelled',
      revision: 2,
      cause: 'sidecar arrived',
      scores,
    });
    expect(store.images.need(sha256).header?.format).toBe('jeol');
    expect(store.images.sidecar(sha256)?.name).toBe('a.txt');
  });
});

describe('a newer version of a file', () => {
  it('supersedes the older image, whatever its state; one that asks leaves the queue', () => {
    for (const [state, revision, basis] of [
      ['read', 1, undefined],
      ['asked', 1, 'superseded'],
      ['labelled', 1, 'answer'],
      ['forwarded', 2, 'answer'],
    ] as const) {
      const { store, image } = world();
      const older = image('a.tif', state);
      const newer = settle(store, 'a.tif', 'other bytes', 60);
      expect(store.images.need(older), state).toMatchObject({ supersededBy: newer, revision });
      expect(store.images.need(older).label?.basis, state).toBe(basis);
      expect(store.images.need(newer)).toMatchObject({ supersedes: older, state: 'settled' });
    }
  });

  it('does not supersede an image that another file still holds', () => {
    const { store } = world();
    const older = settle(store, 'a.tif', 'same');
    expect(settle(store, 'b.tif', 'same')).toBe(older);
    const newer = settle(store, 'a.tif', 'other');
    expect(store.images.need(older).supersededBy).toBeUndefined();
    expect(store.images.need(newer).supersedes).toBe(older);
    settle(store, 'b.tif', 'third');
    expect(store.images.need(older).supersededBy).toBe(sha('third'));
  });

  it('supersedes one that came with a sidecar: the line of the sidecar is no other holder', () => {
    const { store, see } = world();
    const [sidecar, file] = [see('a.txt', 4, 'sidecar'), see('a.tif')];
    const rest = { bytes: 5, mediaType: 'image/tiff', name: 'a.tif', facts: {}, at: at() };
    const older = sha('older');
    store.files.settle({
      ...rest,
      file,
      sha256: older,
      sidecar: { name: 'a.txt', bytes: Buffer.from('$CM_'), fileId: sidecar.id },
    });
    const newer = settle(store, 'a.tif', 'saved again', 60);
    expect(store.images.need(older).supersededBy).toBe(newer);
  });

  it.each(['read', 'asked', 'labelled', 'forwarded'] as const)(
    'that has the bytes of an older one makes that the newest again (%s)',
    (state) => {
      const { store, image } = world();
      const older = image('a.tif', state);
      const newer = settle(store, 'a.tif', 'other bytes', 60);
      const { edition } = store.images.need(older);
      expect(settle(store, 'a.tif', 'a.tif', 70)).toBe(older);
      const again = store.images.need(older);
      expect(again.supersededBy).toBeUndefined();
      expect(again.edition).toBeGreaterThan(edition);
      expect(store.images.need(newer).supersededBy).toBe(older);
      // nobody was asked about it while a newer one was there; now it counts again
      expect(again.state).toBe(state === 'forwarded' ? 'labelled' : state);
      expect(again.label?.basis).toBe(state === 'read' || state === 'asked' ? undefined : 'answer');
    },
  );

  it('that was published while superseded says in the next revision that it is the newest again', () => {
    const { store, image, tag, receive } = world();
    const older = image('a.tif', 'forwarded');
    settle(store, 'a.tif', 'other bytes', 60);
    tag(older, 61);
    receive(62);
    settle(store, 'a.tif', 'a.tif', 70);
    expect(store.images.need(older)).toMatchObject({ state: 'labelled', revision: 3 });
  });

  it('with the same bytes is the same image and disturbs nothing', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'forwarded');
    settle(store, 'a.tif', 'a.tif', 60);
    expect(store.images.need(sha256)).toMatchObject({ state: 'forwarded', revision: 1 });
    expect(store.images.need(sha256).supersededBy).toBeUndefined();
    expect(store.files.ofImage(sha256)).toHaveLength(2);
  });
});

describe('retry', () => {
  it.each(['settled', 'read', 'asked', 'labelled', 'tagged', 'forwarded'] as const)(
    'takes an image that went aside when %s back to where it can go on',
    (state) => {
      const { store, image } = world();
      const sha256 = image('a.tif', state);
      store.attempts.begin(sha256, 'read', 'a.tif', at());
      store.images.quarantine(sha256, { code: 'malformed', message: 'a.tif: broken' }, at(60));
      expect(store.images.need(sha256).error).toEqual({ code: 'malformed', message: 'a.tif: broken' });
      let woken = 0;
      const back = answers(store, () => woken++).retry(sha256, 'Anna');
      expect(back.state).not.toBe('quarantined');
      expect(back.error).toBeUndefined();
      expect(woken).toBe(1);
      for (let i = 0; i < 3; i++) store.attempts.begin(sha256, 'read', 'a.tif', at()); // a fresh count
    },
  );

  it('of an image that is not aside and owes nothing is refused', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'forwarded');
    expect(() => answers(store, () => {}).retry(sha256, 'Anna')).toThrow('nothing to retry');
  });
});
