// One answer for several images: parts of one acquisition and ticked look-alikes, in one transaction; taken back and corrected with the one that leads, and apart from it.

import { describe, expect, test } from 'vitest';
import type { Label } from '../../src/domain/label.ts';
import { answer, at, classification, header, settle, sha, world } from './world.ts';

const WAITS = { state: 'asked' };
const by = (world_: ReturnType<typeof world>) => (name: string) => world_.store.images.need(sha(name));
const what = (w: ReturnType<typeof world>, name: string) => w.store.history.ofImage(sha(name)).at(-1)!.what;
const asked = (w: ReturnType<typeof world>) => w.store.rescoring.waiting(100).map(({ sha256 }) => sha256);

describe('parts of one acquisition', () => {
  test('know each other by a name that does not depend on who came first, and only one is asked', () => {
    const one = world();
    const [tif, jpg] = [one.image('a.tif', 'asked', 0), one.image('a.jpg', 'asked', 10)];
    const other = world();
    for (const [i, name] of ['a.jpg', 'a.tif'].entries()) other.image(name, 'asked', i * 10);
    const partOf = { kind: 'formats', id: expect.stringMatching(/^urn:uuid:/) as string, name: 'a' };
    expect(by(one)('a.tif').partOf).toEqual(partOf);
    expect(by(one)('a.jpg').partOf).toEqual(by(one)('a.tif').partOf);
    expect(by(other)('a.jpg').partOf).toEqual(by(one)('a.jpg').partOf);
    one.image('b.tif', 'asked', 20);
    expect(by(one)('b.tif').partOf).toBeUndefined();
    expect(asked(one)).toEqual([tif, sha('b.tif')]);
    expect(one.store.acquisitions.waitingParts(tif)).toBe(2);
    expect(one.store.acquisitions.waitingParts(sha('b.tif'))).toBe(0);
    expect(what(one, 'a.tif')).toMatch(/formats.*a\.jpg/);
    expect(one.store.images.need(jpg)).toMatchObject(WAITS);
  });

  test('one answer labels all that wait; what labelled itself stays', () => {
    const w = world();
    for (const [i, name] of ['slice_1.tif', 'slice_2.tif', 'slice_4.tif'].entries()) w.image(name, 'asked', i * 10); // prettier-ignore
    const own = w.image('slice_3.tif', 'read', 40);
    const auto: Label = { kind: 'category', category: 'Fibres', basis: 'auto', by: 'semtag', at: at(41) };
    w.store.images.classified(own, classification('Fibres', 0.9), auto, at(41));
    const done = w.store.revisions.label(sha('slice_1.tif'), { ...answer('Tips'), second: 'Powder' });
    expect(done.together.toSorted()).toEqual([sha('slice_2.tif'), sha('slice_4.tif')].toSorted());
    const followed = { state: 'labelled', label: { category: 'Tips', second: 'Powder', basis: 'answer', by: 'Anna', lead: sha('slice_1.tif') } }; // prettier-ignore
    for (const name of ['slice_2.tif', 'slice_4.tif']) expect(by(w)(name)).toMatchObject({ ...followed, promptVersion: 1 }); // prettier-ignore
    expect(by(w)('slice_1.tif').label!.lead).toBeUndefined();
    expect(by(w)('slice_3.tif')).toMatchObject({ label: { category: 'Fibres', basis: 'auto' } });
    expect(what(w, 'slice_2.tif')).toBe('Labelled Tips together with slice_1.tif, which was answered');
  });

  describe('that labelled themselves', () => {
    const own = (w: ReturnType<typeof world>, name: string, second: number, category: 'Fibres' | 'Tips' = 'Fibres') => {
      const image = w.image(name, 'read', second);
      const label: Label = { kind: 'category', category, basis: 'auto', by: 'semtag', at: at(second) };
      const checking = { share: 1, head: category };
      w.store.images.classified(image, classification(category, 0.9), label, at(second), { checking });
      return image;
    };

    test('later than the answer: the answer wins', () => {
      const w = world();
      w.image('slice_1.tif', 'labelled', 0);
      const late = own(w, 'slice_2.tif', 20);
      expect(w.store.images.need(late)).toMatchObject({ state: 'labelled', category: 'Fibres', label: { category: 'Tips', basis: 'answer', by: 'Anna', lead: sha('slice_1.tif') } });
      expect(w.store.images.need(late).blindCheck).toBeUndefined();
      expect(what(w, 'slice_2.tif')).toMatch(/^Fibres 0\.900: Tips, as Anna answered slice_1\.tif/);
    });

    test('earlier: what a person said of another part doubts the label, as long as it stands', () => {
      const w = world();
      const [early, same] = [own(w, 'slice_1.tif', 0), own(w, 'slice_2.tif', 2, 'Tips')];
      w.image('slice_3.tif', 'asked', 4);
      const doubt = (category: string, second: number) => ({ category, part: sha('slice_3.tif'), at: at(second) });
      w.store.revisions.label(sha('slice_3.tif'), answer('Tips', 'Anna', 10));
      expect(w.store.images.need(early)).toMatchObject({ label: { category: 'Fibres', basis: 'auto' }, doubt: doubt('Tips', 10) });
      expect(w.store.images.need(same).doubt).toBeUndefined();
      expect(w.store.images.doubted()).toBe(1);
      expect(what(w, 'slice_1.tif')).toBe('Anna said Tips of slice_3.tif, part of the same acquisition');
      // scores do not settle it
      w.store.rescoring.doubt([{ sha256: early, series: w.store.images.need(early).series!, doubt: undefined }]);
      expect(w.store.images.need(early).doubt).toBeDefined();
      w.store.revisions.label(sha('slice_3.tif'), answer('Fibres', 'Anna', 20));
      expect(w.store.images.need(early).doubt).toBeUndefined();
      expect(w.store.images.need(same).doubt).toEqual(doubt('Fibres', 20));
      w.store.revisions.undo(sha('slice_3.tif'), 'Anna', at(30));
      expect(w.store.images.need(same).doubt).toBeUndefined();
    });
  }); // prettier-ignore

  test('of a private project is its own: an answer goes neither in nor out', () => {
    const w = world();
    w.store.projects.setPrivate(['thesis'], at());
    for (const [i, name] of ['slice_1.tif', 'slice_2.tif', 'slice_3.tif'].entries()) w.image(name, 'asked', i * 10); // prettier-ignore
    const project = { value: 'thesis', unit: null, origin: 'operator Anna' };
    w.store.revisions.correctFacts([sha('slice_2.tif')], { project }, 'Anna', at(30));
    const done = w.store.revisions.label(sha('slice_1.tif'), answer('Tips', 'Anna', 40));
    expect(done.together).toEqual([sha('slice_3.tif')]);
    expect(w.store.revisions.label(sha('slice_2.tif'), answer('Fibres', 'Dora', 41)).together).toEqual([]);
    w.image('slice_4.tif', 'asked', 50);
    expect(by(w)('slice_4.tif').label).toMatchObject({ category: 'Tips', lead: sha('slice_1.tif') });
  });

  test('a part that nobody answered in time gets it too', () => {
    const w = world();
    for (const [i, name] of ['slice_1.tif', 'slice_2.tif'].entries()) w.image(name, 'asked', i * 10);
    w.store.images.release([sha('slice_2.tif')], at(30));
    w.tag(sha('slice_2.tif'), 31);
    w.store.revisions.label(sha('slice_1.tif'), answer('Tips', 'Anna', 40));
    expect(by(w)('slice_2.tif')).toMatchObject({ label: { category: 'Tips', by: 'Anna' }, revision: 2 });
  });

  test('a part that comes later gets the answer at once, and says whose', () => {
    const w = world();
    w.image('a_SE.tif', 'labelled', 0);
    w.image('a_BSE.tif', 'asked', 20);
    expect(by(w)('a_BSE.tif')).toMatchObject({ state: 'labelled', label: { category: 'Tips', by: 'Anna', lead: sha('a_SE.tif') } }); // prettier-ignore
    expect(what(w, 'a_BSE.tif')).toMatch(/Tips, as Anna answered a_SE\.tif, part of the same acquisition/);
    w.store.revisions.undo(sha('a_SE.tif'), 'Anna', at(30));
    expect(by(w)('a_BSE.tif')).toMatchObject(WAITS);
  });

  test('is asked where people said different things of its parts', () => {
    const w = world();
    w.image('slice_1.tif', 'labelled', 0);
    w.image('slice_2.tif', 'asked', 20);
    w.store.revisions.label(sha('slice_2.tif'), answer('Powder', 'Ben', 30));
    w.image('slice_3.tif', 'asked', 40);
    expect(by(w)('slice_3.tif')).toMatchObject(WAITS);
  });

  test('"unusable" is said of one picture, and of the same picture in another format', () => {
    const unusable: Label = { kind: 'unusable', basis: 'answer', by: 'Anna', at: at(30) };
    const w = world();
    for (const [i, name] of ['tile_1.tif', 'tile_2.tif', 'b.tif', 'b.png'].entries()) w.image(name, 'asked', i); // prettier-ignore
    w.store.revisions.label(sha('tile_1.tif'), unusable);
    w.store.revisions.label(sha('b.tif'), unusable);
    expect(by(w)('tile_2.tif')).toMatchObject(WAITS);
    expect(by(w)('b.png')).toMatchObject({ state: 'labelled', label: { kind: 'unusable' } });
    w.image('tile_3.tif', 'asked', 40);
    expect(by(w)('tile_3.tif')).toMatchObject(WAITS);
  });

  test('a first part that was delivered already is not delivered again for that; its next revision says what it is part of', () => {
    const w = world();
    const first = w.image('a.tif', 'forwarded', 0);
    w.image('a.jpg', 'read', 40);
    const auto: Label = { kind: 'category', category: 'Tips', basis: 'auto', by: 'semtag', at: at(41) };
    w.store.images.classified(sha('a.jpg'), classification('Tips', 0.9), auto, at(41));
    const { partOf } = w.store.images.need(sha('a.jpg'));
    expect(w.store.images.need(first)).toMatchObject({ state: 'forwarded', revision: 1, partOf });
    expect(w.store.deliveries.due('repository', at(50), 10)).toEqual([]);
    expect(what(w, 'a.tif')).toMatch(/^Part of one acquisition \(formats\) with a\.jpg/);
    w.store.revisions.label(first, answer('Tips', 'Ben', 60));
    expect(w.store.images.need(first)).toMatchObject({ state: 'labelled', revision: 2, partOf });
  });

  test('a sidecar that comes late can tell what an image is part of', () => {
    const w = world();
    const at_ = { value: '2020-08-31T15:32:31', zone: 'local', origin: 'sidecar $CM_TIME' };
    const seen = (detector: string) => ({ ...header, fields: { detector: { value: detector, unit: null, origin: 'x' }, magnification: { value: 500, unit: null, origin: 'x' }, acquired_at: at_ } }); // prettier-ignore
    const images = ['one.tif', 'two.tif'].map((name, i) => w.image(name, 'asked', i));
    for (const [i, detector] of ['SED', 'BED-C'].entries())
      w.store.revisions.lateSidecar(images[i]!, { name: 'x.txt', bytes: Buffer.from('x') }, seen(detector), at(20 + i)); // prettier-ignore
    expect(by(w)('one.tif').partOf).toMatchObject({ kind: 'detectors' });
    expect(by(w)('two.tif').partOf).toEqual(by(w)('one.tif').partOf);
    expect(asked(w)).toEqual([images[0]]);
  });

  test('a newer version of a file is no part of its older one, which is no part of what comes now', () => {
    const w = world();
    const old = w.image('a.tif', 'asked', 0);
    w.see('a.tif', 99); // it changed
    const now = settle(w.store, 'a.tif', 'other bytes', 10);
    w.store.images.read(now, header, w.store.images.need(old).picture!, {}, at(11));
    w.store.images.classified(now, classification(), undefined, at(12));
    expect(w.store.images.need(old).supersededBy).toBe(now);
    w.image('a.jpg', 'asked', 20);
    expect(w.store.images.need(old).partOf).toBeUndefined();
    expect(w.store.images.need(now).partOf).toEqual(by(w)('a.jpg').partOf);
    expect(by(w)('a.jpg').partOf).toMatchObject({ name: 'a' });
  });
});

describe('a name that comes again', () => {
  const DAY = 86_400;

  test('months later begins anew: it is asked, and those that come with it are another acquisition', () => {
    const w = world();
    for (let i = 0; i < 25; i++) w.image(`wall tile ${i}.tif`, i === 3 ? 'labelled' : 'asked', i);
    const [before] = [by(w)('wall tile 4.tif').partOf!];
    w.image('wall tile 30.tif', 'asked', 150 * DAY);
    expect(by(w)('wall tile 30.tif')).toMatchObject(WAITS);
    expect(by(w)('wall tile 30.tif').partOf).toBeUndefined();
    w.image('wall tile 31.tif', 'asked', 150 * DAY + 1);
    const now = by(w)('wall tile 31.tif').partOf!;
    expect(now).toMatchObject({ kind: 'tiles', name: before.name });
    expect(now.id).not.toBe(before.id);
    expect(by(w)('wall tile 30.tif').partOf).toEqual(now);
    expect(asked(w)).toHaveLength(1);
    w.store.revisions.label(sha('wall tile 31.tif'), answer('Powder', 'Ben', 150 * DAY + 9));
    expect(by(w)('wall tile 4.tif').label).toMatchObject({ category: 'Tips' });
  });

  test('the time counts from the nearest part: a run of three nights is one acquisition', () => {
    const w = world();
    for (const i of [0, 1, 2, 3]) w.image(`slice_${i}.tif`, 'asked', i * 0.8 * DAY);
    const ids = [0, 1, 2, 3].map((i) => by(w)(`slice_${i}.tif`).partOf?.id);
    expect([new Set(ids).size, ids[0]]).toEqual([1, expect.any(String)]);
    // one that comes late, and was acquired in between
    w.image('slice_9.tif', 'asked', 1.2 * DAY);
    expect(by(w)('slice_9.tif').partOf?.id).toBe(ids[0]);
  });

  test('a part that comes more than a week after the answer is asked, and its answer goes on from there', () => {
    const w = world();
    w.image('slice_0.tif', 'labelled', 0);
    for (let i = 1; i <= 9; i++) w.image(`slice_${i}.tif`, 'asked', i * 0.9 * DAY);
    expect([5, 7, 8, 9].map((i) => by(w)(`slice_${i}.tif`).state)).toEqual(['labelled', 'labelled', 'asked', 'asked']); // prettier-ignore
    w.store.revisions.label(sha('slice_8.tif'), answer('Tips', 'Ben', 8.2 * DAY));
    w.image('slice_10.tif', 'asked', 9 * DAY);
    expect(by(w)('slice_10.tif').label).toMatchObject({ by: 'Ben', lead: sha('slice_8.tif') });
  });
});

describe('look-alikes', () => {
  const three = () => {
    const w = world();
    for (const [i, name] of ['x.tif', 'y.tif', 'z.tif'].entries()) w.image(name, 'asked', i);
    return w;
  };
  const shown = (...names: string[]) => names.map((name) => ({ sha256: sha(name), promptVersion: 0 }));

  test('get the answer with the one that leads; one that changed meanwhile is left out and named', () => {
    const w = three();
    w.store.revisions.label(sha('z.tif'), answer('Powder', 'Ben'));
    const done = w.store.revisions.label(sha('x.tif'), answer('Tips'), 0, true, shown('y.tif', 'z.tif', 'x.tif')); // prettier-ignore
    expect(done).toEqual({ together: [sha('y.tif')], left: [sha('z.tif')] });
    expect(by(w)('y.tif').label).toMatchObject({ category: 'Tips', lead: sha('x.tif') });
    expect(by(w)('z.tif').label).toMatchObject({ category: 'Powder', by: 'Ben' });
    // only the one that was looked at teaches
    expect(w.store.lessons.after(0).map(({ sha256 }) => sha256)).toEqual([sha('x.tif')]);
  });

  test('of another series are left out and named, whoever ticked them', () => {
    const w = three();
    w.store.revisions.correctFacts([sha('z.tif')], { sample: { value: 'steel', unit: null, origin: 'operator Ben' } }, 'Ben', at(9)); // prettier-ignore
    const done = w.store.revisions.label(sha('x.tif'), answer('Tips'), 0, true, shown('y.tif', 'z.tif'));
    expect(done).toEqual({ together: [sha('y.tif')], left: [sha('z.tif')] });
    expect(by(w)('z.tif')).toMatchObject(WAITS);
  });

  test('nothing is labelled where the leading question is out of date, or one does not exist', () => {
    const w = three();
    expect(() => w.store.revisions.label(sha('x.tif'), answer('Tips'), 7, true, shown('y.tif'))).toThrow();
    expect(() => w.store.revisions.label(sha('x.tif'), answer('Tips'), 0, true, [...shown('y.tif'), ...shown('none')])).toThrow(/image/); // prettier-ignore
    for (const name of ['x.tif', 'y.tif']) expect(by(w)(name)).toMatchObject({ ...WAITS, promptVersion: 0 });
  });

  test('their waiting parts come along', () => {
    const w = three();
    w.image('y.jpg', 'asked', 5);
    const done = w.store.revisions.label(sha('x.tif'), answer('Tips'), 0, true, shown('y.tif'));
    expect(done.together).toEqual([sha('y.tif'), sha('y.jpg')]);
  });

  test('are taken back with it, but not one that was answered apart since', () => {
    const w = three();
    w.store.revisions.label(sha('x.tif'), answer('Tips'), 0, true, shown('y.tif', 'z.tif'));
    w.store.revisions.label(sha('z.tif'), answer('Powder', 'Ben', 20));
    w.tag(sha('y.tif'), 21);
    expect(w.store.revisions.undo(sha('x.tif'), 'Anna', at(30))).toEqual([sha('y.tif')]);
    for (const name of ['x.tif', 'y.tif']) expect(by(w)(name)).toMatchObject(WAITS);
    expect(by(w)('y.tif')).toMatchObject({ revision: 2, promptVersion: 2 });
    expect(by(w)('z.tif').label).toMatchObject({ category: 'Powder' });
    expect(what(w, 'y.tif')).toBe('The answer to x.tif, which this one went with, was taken back');
  });

  test.each([
    [
      'taken back',
      (w: ReturnType<typeof world>) => void w.store.revisions.undo(sha('x.tif'), 'Anna', at(30)),
    ],
    [
      'corrected',
      (w: ReturnType<typeof world>) =>
        void w.store.revisions.label(sha('x.tif'), answer('Fibres', 'Anna', 30)),
    ],
  ])('one that is aside when the first is %s is asked once it is retried', (_, change) => {
    const w = three();
    w.store.revisions.label(sha('x.tif'), answer('Tips'), 0, true, shown('y.tif'));
    w.store.images.quarantine(sha('y.tif'), { code: 'malformed', message: 'y.tif: broken' }, at(20));
    change(w);
    expect(by(w)('y.tif')).toMatchObject({ state: 'quarantined' });
    w.store.images.retry(sha('y.tif'), 'Anna', at(40));
    expect(by(w)('y.tif')).toMatchObject(WAITS);
    expect(by(w)('y.tif').label).toBeUndefined();
  });

  test('one is taken back alone', () => {
    const w = three();
    w.store.revisions.label(sha('x.tif'), answer('Tips'), 0, true, shown('y.tif', 'z.tif'));
    expect(w.store.revisions.undo(sha('y.tif'), 'Anna', at(30))).toEqual([]);
    expect(by(w)('y.tif')).toMatchObject(WAITS);
    for (const name of ['x.tif', 'z.tif']) expect(by(w)(name)).toMatchObject({ state: 'labelled' });
    expect(w.store.lessons.position()).toBe(1);
  });

  test('are corrected with it, but not one that was answered apart', () => {
    const w = three();
    w.store.revisions.label(sha('x.tif'), answer('Tips'), 0, true, shown('y.tif', 'z.tif'));
    w.store.revisions.label(sha('z.tif'), answer('Powder', 'Ben', 20));
    const done = w.store.revisions.label(sha('x.tif'), answer('Fibres', 'Anna', 30), undefined, true);
    expect(done.together).toEqual([sha('y.tif')]);
    expect(by(w)('y.tif').label).toMatchObject({ category: 'Fibres', lead: sha('x.tif') });
    expect(by(w)('z.tif').label).toMatchObject({ category: 'Powder' });
    // the correction leads now
    w.store.revisions.undo(sha('x.tif'), 'Anna', at(40));
    expect(by(w)('y.tif')).toMatchObject(WAITS);
  });

  test('are asked again where the correction is of one picture only', () => {
    const w = three();
    w.store.revisions.label(sha('x.tif'), answer('Tips'), 0, true, shown('y.tif'));
    w.store.revisions.label(sha('x.tif'), { kind: 'unusable', basis: 'answer', by: 'Anna', at: at(30) });
    expect(by(w)('y.tif')).toMatchObject(WAITS);
  });
});
