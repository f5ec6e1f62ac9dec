// What-if: for any history and thresholds its integers are what the router itself decides; estimates weigh images by how many they stand for.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATEGORIES, type Category } from '../../src/domain/categories.ts';
import { STRATA, type Confirmed } from '../../src/domain/confirmed.ts';
import { decide, type Pair, type ThresholdsValue } from '../../src/domain/decision.ts';
import { scoresOf } from '../../src/domain/scores.ts';
import { columnsFrom, rowsSeen } from '../../src/learn/confirmed-history.ts';
import { BINS, histogram, riskCurve } from '../../src/learn/history-plots.ts';
import { pastErrors, whatIf } from '../../src/learn/what-if.ts';

const one = (more: Partial<Confirmed> = {}): Confirmed => ({
  top: 'Tips',
  score: 0.9,
  second: 'Fibres',
  truth: 'Tips',
  stratum: 'asked',
  weight: 1,
  series: undefined,
  project: undefined,
  instrument: 'SEM 1',
  version: 1,
  head: 'h',
  ...more,
});

const border = fc.constantFrom(0, 0.2, 0.35, 0.5, 0.8, 1);
const pair = fc.tuple(border, border).map(([a, b]): Pair => ({ auto: Math.max(a, b), prompt: Math.min(a, b) })); // prettier-ignore
const thresholds = fc
  .tuple(pair, fc.dictionary(fc.constantFrom(...CATEGORIES), pair, { maxKeys: 4 }))
  .map(([all, own]): ThresholdsValue => ({ ...all, perCategory: own }));
const image = fc.record({
  top: fc.constantFrom(...CATEGORIES.slice(0, 4)),
  second: fc.constantFrom(...CATEGORIES.slice(4, 7)),
  truth: fc.constantFrom(...CATEGORIES.slice(0, 7), null, undefined),
  score: fc.oneof(border, fc.double({ min: 0.34, max: 1, noNaN: true })),
  stratum: fc.constantFrom(...STRATA),
  series: fc.constantFrom(1, 2, undefined),
});

/** Scores that these are the first two of, where that is possible. */
const scoresFor = ({ top, second, score }: Pick<Confirmed, 'top' | 'second' | 'score'>) =>
  scoresOf(CATEGORIES.map((c) => (c === top ? score : c === second ? score / 2 : 0)));

describe('the integers', () => {
  it('are those of the router, image by image, for all and for each category', () => {
    fc.assert(
      fc.property(fc.array(image, { maxLength: 60 }), thresholds, (images, value) => {
        const history = images.filter(({ score }) => score > 0).map((given) => one(given));
        const found = whatIf({ columns: columnsFrom(history), rows: undefined, automatic: false }, value);
        const replayed = (c?: Category) => {
          const counts = { auto: zero(), prompt: zero(), choose: zero() };
          for (const given of history) {
            const { decision, suggestions } = decide(scoresFor(given), { version: 1, ...value });
            const [first, second] = suggestions;
            if (c !== undefined && first!.category !== c) continue;
            const { truth } = given;
            counts[decision][truth === first!.category ? 'first' : truth === second!.category ? 'second' : 'neither']++; // prettier-ignore
          }
          return counts;
        };
        expect(found.all.counts).toEqual(replayed());
        for (const [c, name] of CATEGORIES.entries())
          expect(found.perCategory[c]!.counts).toEqual(replayed(name));
        expect(found.all.images).toBe(history.length);
        const bins = histogram({ columns: columnsFrom(history), rows: undefined, automatic: false });
        expect(bins.reduce((sum, b) => sum + b.first + b.second + b.neither, 0)).toBe(history.length);
      }),
      { numRuns: 200 },
    );
  });
  const zero = () => ({ first: 0, second: 0, neither: 0 });

  it('leave out what the caller does not see', () => {
    const columns = columnsFrom([one(), one({ project: 'Thesis' }), one({ instrument: 'SEM 2' })]);
    const count = (sight: Parameters<typeof rowsSeen>[1]) =>
      whatIf({ columns, rows: rowsSeen(columns, sight), automatic: false }, { auto: 0.8, prompt: 0.35 }).all.images; // prettier-ignore
    expect(count({ hidden: [] })).toBe(3);
    expect(count({ hidden: ['Thesis'] })).toBe(2);
    expect(count({ hidden: ['Thesis'], instruments: ['SEM 2'] })).toBe(1);
  });
});

describe('the estimate', () => {
  const value = { auto: 0.7, prompt: 0.35 };
  const drawn = (wrong: number, n: number, more: Partial<Confirmed> = {}) =>
    Array.from({ length: n }, (_, i) => one({ stratum: 'drawn', weight: 50, series: i, truth: i < wrong ? 'Fibres' : 'Tips', ...more })); // prettier-ignore
  const asked = (wrong: number, n: number) =>
    Array.from({ length: n }, (_, i) =>
      one({ score: 0.75, series: 1000 + i, truth: i < wrong ? null : 'Tips' }),
    );
  const sample = (history: Confirmed[]) => ({
    columns: columnsFrom(history),
    rows: undefined,
    automatic: true,
  });

  it('weighs an image that labelled itself by how many it stands for', () => {
    const { error } = whatIf(sample([...drawn(2, 40), ...asked(50, 100)]), value).all;
    // 40 drawn ones stand for 2000 images, 100 of them wrong; 100 asked ones for themselves, 50 wrong
    expect(error).toMatchObject({ images: 140, series: 140, wrong: 52 });
    expect(error.error).toBeCloseTo(150 / 2100, 12);
    expect(error.interval!.low).toBeLessThan(150 / 2100);
    expect(error.interval!.high).toBeGreaterThan(150 / 2100);
  });

  it('has a wider interval where the same images come from fewer series', () => {
    const wide = drawn(4, 40).map((d, i) => ({ ...d, series: i % 6 }));
    const [many, few] = [drawn(4, 40), wide].map((h) => whatIf(sample(h), value).all.error);
    expect(few!.error).toBe(many!.error);
    expect(few!.interval!.high).toBeGreaterThan(many!.interval!.high);
  });

  it('counts neither what somebody looked at by chance nor what cannot be used', () => {
    const chance = [one({ stratum: 'otherwise', weight: 0, truth: null })];
    const unusable = [one({ stratum: 'drawn', weight: 50, truth: undefined })];
    const all = whatIf(sample([...drawn(1, 30), ...chance, ...unusable]), value).all;
    expect(all.counts.auto).toEqual({ first: 29, second: 1, neither: 2 });
    expect(all.error).toMatchObject({ images: 30, wrong: 1 });
  });

  it('says why there is none', () => {
    expect(whatIf(sample(drawn(0, 19)), value).all.error).toMatchObject({ why: 'few', images: 19 });
    expect(whatIf(sample(drawn(0, 40, { series: 1 })), value).all.error.why).toBe('few');
    const unchecked = whatIf(sample(asked(0, 100)), value).all;
    expect([unchecked.error.why, unchecked.shares]).toEqual(['unchecked', undefined]);
    expect(whatIf({ ...sample(asked(0, 100)), automatic: false }, value).all.error.error).toBe(0);
  });

  it('of the past is of the labels that this version gave', () => {
    const history = sample([...drawn(3, 30), ...drawn(0, 30, { version: 2 })]);
    expect(pastErrors(history, 1).all).toMatchObject({ images: 30, wrong: 3, error: 0.1 });
    expect(pastErrors(history, 2).all).toMatchObject({ images: 30, wrong: 0, error: 0 });
    expect(pastErrors(history, 3).all).toMatchObject({ images: 0, why: 'few' });
  });
});

describe('the plots', () => {
  it('a score on a border lies in the bin that begins there', () => {
    for (let k = 0; k < BINS; k++) {
      const bins = histogram({ columns: columnsFrom([one({ score: k / BINS })]), rows: undefined, automatic: false }); // prettier-ignore
      expect(bins.findIndex((bin) => bin.first === 1)).toBe(k);
    }
  });

  it('the curve ends with all images and their share of wrong ones', () => {
    const history = [one({ score: 0.9 }), one({ score: 0.5, truth: null }), one({ score: 0.5 })];
    const curve = riskCurve({ columns: columnsFrom(history), rows: undefined, automatic: false });
    expect(curve).toEqual([
      { from: 0.9, coverage: 1 / 3, risk: 0 },
      { from: 0.5, coverage: 1, risk: 1 / 3 },
    ]);
  });
});
