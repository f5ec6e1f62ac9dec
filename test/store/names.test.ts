// Answers under a wrong name: who gets them, what the repository gets, what teaches; whose images are shown as their own; what is shown beside an image.

import { expect, test } from 'vitest';
import { answers } from '../../src/decide/answers.ts';
import { ALL_SIGHT } from '../../src/domain/access.ts';
import { widerOf, type Wider } from '../../src/domain/wider.ts';
import { at, sha, world } from './world.ts';

const span = { since: at(0), until: at(1000) };

test('the newest wrong name is corrected where it stands, once, with a revision of what was tagged, and exactly that is taken back', () => {
  const { store, image } = world();
  const [waits, gone, other] = [image('a', 'labelled'), image('b', 'forwarded'), image('c', 'labelled')];
  store.revisions.label(other, { kind: 'unusable', basis: 'answer', by: 'Ben', at: at(50) });
  const given = store.names.given('Anna', span, ALL_SIGHT);
  expect(given.map(({ sha256 }) => sha256).sort()).toEqual([waits, gone].sort());
  expect(store.names.given('Anna', { ...span, instrument: 'another' }, ALL_SIGHT)).toEqual([]);
  expect(store.names.given('Anna', { since: at(0), until: at(3) }, ALL_SIGHT)).toEqual([]);

  const correct = (from: string, to: string, sha256s = [waits, gone, other]) =>
    store.names.correct({ sha256s, from, to, teaches: true }, ALL_SIGHT, 'Cora', at(60));
  expect(correct('Anna', 'Ben').sort()).toEqual([waits, gone].sort());
  expect(correct('Anna', 'Ben')).toEqual([]);
  expect(store.images.need(waits)).toMatchObject({ state: 'labelled', revision: 1, label: { by: 'Ben', category: 'Tips', at: at(3) } }); // prettier-ignore
  expect(store.images.need(gone)).toMatchObject({ state: 'labelled', revision: 2, label: { by: 'Ben' } });
  expect(store.history.of('image', waits).at(-1)).toMatchObject({
    who: 'Cora',
    what: "The answer was Ben's; it was given under the name Anna",
  });
  // the one that was Ben's from the start stays with him
  expect(correct('Ben', 'Anna', [waits, gone]).sort()).toEqual([waits, gone].sort());
  expect(store.images.need(other).label!.by).toBe('Ben');
});

test('a copy that is being tagged under the wrong name is not committed', () => {
  const { store, image } = world();
  const sha256 = image('a', 'labelled');
  const { edition } = store.images.need(sha256);
  store.names.correct(
    { sha256s: [sha256], from: 'Anna', to: 'Ben', teaches: true },
    ALL_SIGHT,
    'Ben',
    at(60),
  );
  expect(store.images.need(sha256).edition).toBeGreaterThan(edition);
});

test('an image that is not seen keeps its name', () => {
  const { store, image } = world();
  const sha256 = image('a', 'labelled');
  const hidden = { hidden: ['2211'] };
  expect(store.names.given('Anna', span, hidden)).toEqual([]);
  const correction = { sha256s: [sha256], from: 'Anna', to: 'Ben', teaches: true };
  expect(store.names.correct(correction, hidden, 'Ben', at(60))).toEqual([]);
  expect(store.images.need(sha256).label!.by).toBe('Anna');
});

test('what was said by somebody whose answers do not teach is unlearned; taken back, it teaches again', () => {
  const { store, image } = world();
  const sha256 = image('a', 'asked');
  // a series, as the classify stage gives one
  const act = answers(store, () => undefined, () => new Date(at(30)), { instruments: [{ name: 'SEM 1', teach: true }], authors: ['Anna'] }); // prettier-ignore
  act.label(sha256, { answer: { kind: 'category', category: 'Tips' }, by: 'Anna' });
  const active = () => {
    const log = store.lessons.after(0);
    const gone = new Set(log.flatMap(({ of }) => (of === undefined ? [] : [of])));
    return log.filter(({ of, position }) => of === undefined && !gone.has(position)).length;
  };
  expect(active()).toBe(1);
  expect(act.correctName({ sha256s: [sha256], from: 'Anna', to: 'guest' }, 'Anna', ALL_SIGHT)).toEqual([sha256]); // prettier-ignore
  expect([active(), store.images.need(sha256).label!.teaches]).toEqual([0, false]);
  act.correctName({ sha256s: [sha256], from: 'guest', to: 'Anna' }, 'Anna', ALL_SIGHT);
  expect([active(), store.images.need(sha256).label!.teaches]).toEqual([1, undefined]);
});

test('own images: taken or answered by that person since then, newest first', () => {
  const { store, image } = world();
  const [answered, taken, neither] = [image('a', 'labelled', 0), image('b', 'asked', 10), image('c', 'asked', 20)]; // prettier-ignore
  store.revisions.correctFacts([taken], { operator: { value: 'Anna', unit: null, origin: 'operator Anna' } }, 'Anna', at(30)); // prettier-ignore
  expect(store.own.since('Anna', at(0), ALL_SIGHT)).toEqual([taken, answered]);
  expect(store.own.since('Anna', at(5), ALL_SIGHT)).toEqual([taken]);
  expect(store.own.since('Anna', at(0), { hidden: ['2211'] })).toEqual([]);
  expect(store.own.since('Ben', at(0), ALL_SIGHT)).not.toContain(neither);
});

test('wider ones: clearly wider each, nearest in time among those as wide, three at most', () => {
  const one = (name: string, µm: number, second: number): Wider => ({ sha256: sha(name), name, fieldOfView: µm * 1e-6, settledAt: at(second) }); // prettier-ignore
  const all = [one('same', 10.5, 1), one('x15 early', 16, 1), one('x15 near', 20, 90), one('x5', 50, 40), one('x50', 500, 2), one('x500', 5000, 3), one('closer', 2, 99)]; // prettier-ignore
  const names = (found: Wider[]) => found.map(({ name }) => name);
  expect(names(widerOf(10e-6, at(100), all))).toEqual(['x15 near', 'x5', 'x50']);
  expect(names(widerOf(1e-2, at(100), all))).toEqual([]);
});

test('wider ones are of the same sample and instrument, near in time, and seen', () => {
  const { store } = world();
  const settle = (name: string, sample: string, pixel: number | undefined, second: number) => {
    const key = { instrument: 'SEM 1', dir: Buffer.alloc(0), name: Buffer.from(name) };
    store.files.see([{ sighting: { ...key, role: 'image', size: 1, mtime_ns: '1' }, state: 'seen' }], at(second)); // prettier-ignore
    const file = store.files.current(key.instrument, key.dir, key.name)!;
    const facts = { sample: { value: sample, unit: null, origin: 'path' }, project: { value: '2211', unit: null, origin: 'path' } }; // prettier-ignore
    store.files.settle({ file, sha256: sha(name), bytes: 1, mediaType: 'image/tiff', name, facts, at: at(second) }); // prettier-ignore
    const fields = pixel === undefined ? {} : { pixel_size_x_m: { value: pixel, unit: 'm' as const, origin: 'zeiss' } }; // prettier-ignore
    const scanArea = { width: 1000, height: 700, origin: 'header' };
    store.images.read(sha(name), { format: 'zeiss', fields, warnings: [], page: 0 }, { width: 1000, height: 750, bitsPerSample: 8, scanArea }, {}, at(second)); // prettier-ignore
    return sha(name);
  };
  settle('overview', 'A', 1e-6, 10);
  settle('of another sample', 'B', 1e-6, 20);
  settle('days before', 'A', 2e-6, -3 * 86_400);
  settle('unknown width', 'A', undefined, 30);
  const close = settle('close', 'A', 1e-8, 40);
  expect(store.wider.of(close, ALL_SIGHT)).toEqual([
    { sha256: sha('overview'), name: 'overview', settledAt: at(10), fieldOfView: 1e-3 },
  ]);
  expect(store.wider.of(close, { hidden: ['2211'] })).toEqual([]);
  expect(store.wider.of(close, { hidden: [], instruments: ['SEM 2'] })).toEqual([]);
});
