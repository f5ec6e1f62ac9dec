// What people ask a catalogue for, by kind, and which images fit: by comparing each with every part of the question, as plainly as it can be written.

import { CATEGORIES } from '../../src/domain/categories.ts';
import { asksFor, foundBy } from '../../src/domain/search-words.ts';
import type { Made } from './made-images.ts';

export type Query = Record<string, string | number>;
type Ask = (one: Made, other: Made, random: () => number) => Query;

const wordOf = (one: Made, random: () => number) => foundBy(one.name)[Math.floor(random() * 3)]!;

/** `one` is an image that the question is about; what is wanted of `other` rarely goes together with it. */
export const KINDS: Record<string, Ask> = {
  'nothing: the newest': () => ({}),
  'a word of a name': (one, _, random) => ({ q: wordOf(one, random) }),
  'a word being typed': (one, _, random) => ({ q: one.name.slice(0, 3 + Math.floor(random() * 9)) }),
  'one letter': (one) => ({ q: one.name.slice(0, 1) }),
  'two letters': (one) => ({ q: one.name.slice(0, 2) }),
  'a word of every name': () => ({ q: 'tif' }),
  'sample and operator as words': (one) => ({ q: `${one.sample} ${one.operator}` }),
  'two common words that no image has both of': () => ({ q: 'graphene steel' }),
  'one filter': (one) => ({ operator: one.operator }),
  'two filters, seldom together': (one, { instrument }) => ({ operator: one.operator, instrument }),
  'category, detector and project': (one, _, random) => ({
    category: CATEGORIES[Math.floor(random() * 10)]!,
    detector: one.detector,
    project: one.project,
  }),
  'sample and a range of voltage': ({ sample, voltage }) => ({
    sample,
    voltageFrom: voltage * 0.9,
    voltageTo: voltage * 1.1,
  }),
  'a range of magnification and a word': ({ magnification }, _, random) => ({
    magnificationFrom: magnification,
    magnificationTo: magnification * (1 + random()),
    q: 'edge',
  }),
  'a state, a word and an instrument': ({ instrument, ...one }, _, random) => ({
    state: random() < 0.5 ? 'asked' : 'quarantined',
    q: wordOf(one as Made, random),
    instrument,
  }),
  'the common state and a word': (one, _, random) => ({ state: 'forwarded', q: wordOf(one, random) }),
  'since a day, a word and a basis': (one, _, random) => ({
    from: one.settledAt.slice(0, 10),
    q: wordOf(one, random),
    basis: 'answer',
  }),
  'before a moment, a detector and voltages': ({ settledAt, detector }) => ({
    to: settledAt,
    detector,
    voltageFrom: 1000,
    voltageTo: 5000,
  }),
  'project, operator and a word, seldom together': ({ project }, { operator }) => ({
    project,
    operator,
    q: 'annealed',
  }),
};

const FROM_TO = ['from', 'to', 'voltageFrom', 'voltageTo', 'magnificationFrom', 'magnificationTo', 'q'];

export function fits(image: Made, query: Query): boolean {
  for (const [name, value] of Object.entries(query))
    if (!FROM_TO.includes(name) && image[name as keyof Made] !== value) return false;
  const { from, to, q } = query;
  if (from !== undefined && image.settledAt < String(from)) return false;
  if (to !== undefined && image.settledAt >= String(to)) return false;
  for (const name of ['voltage', 'magnification'] as const) {
    if (image[name] < Number(query[`${name}From`] ?? -Infinity)) return false;
    if (image[name] > Number(query[`${name}To`] ?? Infinity)) return false;
  }
  if (q === undefined) return true;
  const { name, dir, instrument, project, operator, sample, detector, category = '' } = image;
  const words = foundBy([name, dir, instrument, project, operator, sample, detector, category].join(' '));
  return asksFor(String(q), new Set(words));
}
