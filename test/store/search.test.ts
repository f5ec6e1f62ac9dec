// Searching finds what comparing every image with the question finds, in time order, page after page, and nothing that somebody does not see.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CATEGORIES } from '../../src/domain/categories.ts';
import { asksFor, foundBy, searchWords } from '../../src/domain/search-words.ts';
import type { Sight } from '../../src/domain/access.ts';
import type { Image } from '../../src/store/images.ts';
import type { After, Search } from '../../src/store/search.ts';
import { answer, at, classification, header, settle, sha, world } from './world.ts';

const DETECTORS = ['InLens', 'SE2'];
const VOLTAGES = [1000, 5000, 5200, 20000];
const NAMES = ['GaAs-17_001.tif', 'gaas17_Übersicht.tif', 'Au on Si 5kV.tif', 'Spitze_022.png', '2211_x.tif'];
const N = 60;

function filled() {
  const w = world([]);
  for (let i = 0; i < N; i++) {
    const sha256 = settle(w.store, `${i}_${NAMES[i % 5]!}`, `${i}`, i);
    const field = (value: string) => ({ value, unit: null, origin: 'path' });
    const fields = {
      ...(i % 7 ? { detector: field(DETECTORS[i % 2]!) } : {}),
      ...(i % 5 ? { accelerating_voltage_V: { value: VOLTAGES[i % 4]!, unit: 'V' as const, origin: 'x' } } : {}),
      ...(i % 4 ? { magnification: { value: 10 ** (2 + (i % 30) / 7), unit: null, origin: 'x' } } : {}),
    };
    const facts = { project: field(i % 3 ? '2211' : 'secret'), operator: field(`Person ${i % 4}`), sample: field(`S-${i % 6}`) };
    w.store.images.read(sha256, { ...header, fields }, { width: 8, height: 8, bitsPerSample: 8, scanArea: { width: 8, height: 8, origin: 'pixels' } }, facts, at(i));
    if (i % 10 === 9) w.store.images.quarantine(sha256, { code: 'malformed', message: 'broken' }, at(i));
    else if (i % 3) w.store.images.classified(sha256, classification(CATEGORIES[i % 10]), undefined, at(i));
    if (i % 3 && i % 10 !== 9 && i % 2) w.store.revisions.label(sha256, { ...answer(CATEGORIES[i % 10]!), ...(i % 4 === 1 ? { note: 'charging near the edge' } : {}) });
  }
  return w;
} // prettier-ignore

/** The same in plain words, over every image. */
function matches(image: Image, s: Search, { hidden }: Sight): boolean {
  const fact = (name: 'project' | 'operator' | 'sample') => image.facts[name]?.value;
  const { detector, accelerating_voltage_V: volts, magnification: mag } = image.header?.fields ?? {};
  const within = (value: number | undefined, from?: number, to?: number) =>
    (from === undefined && to === undefined) ||
    (value !== undefined && value >= (from ?? -Infinity) && value <= (to ?? Infinity));
  const same = (given: unknown, value: unknown) => given === undefined || given === value;
  const text = [image.name, image.label?.note, image.instrument, fact('project'), fact('operator'), fact('sample'), detector?.value, image.label?.category]; // prettier-ignore
  return (
    !hidden.includes(fact('project') ?? '') &&
    same(s.state, image.state) &&
    same(s.category, image.label?.category) &&
    same(s.basis, image.label?.basis) &&
    same(s.project, fact('project')) &&
    same(s.operator, fact('operator')) &&
    same(s.sample, fact('sample')) &&
    same(s.detector, detector?.value) &&
    within(volts?.value, s.voltageFrom, s.voltageTo) &&
    within(mag?.value, s.magnificationFrom, s.magnificationTo) &&
    (s.from === undefined || image.settledAt >= s.from) &&
    (s.to === undefined || image.settledAt < s.to) &&
    (s.text === undefined || asksFor(s.text, new Set(text.flatMap((one) => foundBy(one ?? '')))))
  );
}

const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary }); // prettier-ignore
const words = fc.constantFrom('gaas', 'GaAs-17', 'gaas 1', 'ubers', 'Über', 'tif', '22', '022', 'pers', 'charg', 'inl', 'spitze png', 'tip', 'nosuchword', '5kv', '%_"*'); // prettier-ignore
const asked = fc.record({
  text: some(words),
  state: some(
    fc.constantFrom('asked' as const, 'read' as const, 'labelled' as const, 'quarantined' as const),
  ),
  category: some(fc.constantFrom(...CATEGORIES)),
  basis: some(fc.constant('answer' as const)),
  project: some(fc.constantFrom('2211', 'secret')),
  operator: some(fc.constantFrom('Person 1', 'Person 2')),
  sample: some(fc.constantFrom('S-1', 'S-5')),
  detector: some(fc.constantFrom(...DETECTORS)),
  voltageFrom: some(fc.constantFrom(0, 4500, 5000, 5100)),
  voltageTo: some(fc.constantFrom(1000, 5000, 30000)),
  magnificationFrom: some(fc.constantFrom(1, 100, 5000)),
  magnificationTo: some(fc.constantFrom(2000, 1e5)),
  from: some(fc.constantFrom(at(0), at(20))),
  to: some(fc.constantFrom(at(40), at(90))),
});
const sights = fc.constantFrom<Sight>({ hidden: [] }, { hidden: ['secret'] }, { hidden: ['2211', 'none'] });

it('finds what looking at every image finds, whatever is asked, page by page', () => {
  const { store } = filled();
  const all = store.images.list({}, 1000);
  expect(all).toHaveLength(N);
  let found = 0;
  fc.assert(
    fc.property(asked, sights, fc.integer({ min: 1, max: 9 }), (given, sight, page) => {
      const search = Object.fromEntries(Object.entries(given).filter(([, v]) => v !== undefined)) as Search;
      const shown: string[] = [];
      for (let after: After | undefined, more = true; more; more = after !== undefined) {
        const one = store.search.find(search, sight, page, after);
        expect(one.lookedBackTo).toBeUndefined();
        shown.push(...one.images.map(({ sha256 }) => sha256));
        after = one.next;
      }
      const right = all.filter((image) => matches(image, search, sight)).map(({ sha256 }) => sha256);
      found += right.length;
      expect(shown).toEqual(right);
    }),
    { numRuns: 400 },
  );
  expect(found).toBeGreaterThan(300);
});

it('splits words as people type parts of file names', () => {
  expect(searchWords('GaAs_017-Übersicht.TIF')).toEqual(['gaas', '017', 'ubersicht', 'tif']);
  expect(foundBy('a007')).toEqual(['a', '007', '7']);
});

it('follows what changes: facts, labels, answers that are taken back', () => {
  const { store, image } = world([]);
  const sha256 = image('one.tif', 'asked');
  const finds = (text: string) => store.search.find({ text }, { hidden: [] }, 5).images.length === 1;
  expect(finds('porous')).toBe(false);
  store.revisions.label(sha256, { ...answer('Porous_Sponge'), note: 'Ölfilm' });
  expect([finds('porous'), finds('olf')]).toEqual([true, true]);
  store.revisions.correctFacts([sha256], { sample: { value: 'Blatt 3', unit: null, origin: 'operator A' } }, 'A', at(40)); // prettier-ignore
  expect(finds('blatt 3')).toBe(true);
  store.revisions.undo(sha256, 'Anna', at(50));
  expect([finds('porous'), finds('blatt')]).toEqual([false, true]);
});

it('a station finds images of its instruments only', () => {
  const { store, image } = world([]);
  image('one.tif', 'read');
  const find = (instruments: string[]) => store.search.find({}, { hidden: [], instruments }, 5).images;
  expect(find(['SEM 1']).map(({ sha256 }) => sha256)).toEqual([sha('one.tif')]);
  expect(find(['SEM 2'])).toEqual([]);
  expect(find([])).toEqual([]);
});
