// Figures of a replayed stream: asked, right in the end, wrong by itself; over all images, over large series, over series with an answer. Pure.

import { bootstrapByGroup, type Interval } from '../../src/learn/bootstrap.ts';
import type { Seen } from './replay.ts';

/** A series with fewer images can hardly profit from an answer. */
export const LARGE = 6;

export type StreamFigures = {
  images: number;
  asked: number;
  /** of automatic labels and answers together */
  top1: number;
  wrongOfAutomatic: number;
  wrongOfAll: number;
  /** mean over the series of at least six, each with its own share; `wrongOfAutomatic` over those with an automatic label */
  large: { series: number; asked: number; wrongOfAutomatic: number; wrongOfAll: number };
  /** images that found an answer in their series */
  answered: { images: number; wrongOfAutomatic: number };
};

const NAMES = ['asked', 'top1', 'wrongOfAutomatic', 'wrongOfAll'] as const;
export type StreamIntervals = Record<(typeof NAMES)[number], Interval | null>;

export function streamFigures(seen: Seen[]): StreamFigures {
  const [asked, top1, wrongOfAutomatic, wrongOfAll] = shares(seen, () => 1);
  const large = bySeries(seen, ({ image }) => image.series)
    .filter((own) => own.length >= LARGE)
    .map((own) => shares(own, () => 1));
  const mean = (k: number) => {
    const values = large.map((s) => s[k]!).filter(Number.isFinite);
    return values.reduce((a, b) => a + b, 0) / values.length;
  };
  const answered = seen.filter(({ answers }) => answers > 0);
  return {
    images: seen.length,
    asked: asked!,
    top1: top1!,
    wrongOfAutomatic: wrongOfAutomatic!,
    wrongOfAll: wrongOfAll!,
    large: { series: large.length, asked: mean(0), wrongOfAutomatic: mean(2), wrongOfAll: mean(3) },
    answered: { images: answered.length, wrongOfAutomatic: shares(answered, () => 1)[2]! },
  };
}

/** The lists of those of one series, in the order in which these first occur. */
export function bySeries<T>(list: T[], seriesOf: (one: T) => string): T[][] {
  const found = new Map<string, T[]>();
  for (const one of list) {
    const own = found.get(seriesOf(one));
    if (own) own.push(one);
    else found.set(seriesOf(one), [one]);
  }
  return [...found.values()];
}

/** 95 %, by drawing series. */
export function streamIntervals(seen: Seen[]): StreamIntervals {
  const found = bootstrapByGroup(
    seen.map(({ image }) => image.series),
    (times) => shares(seen, (i) => times[i]!),
  );
  return Object.fromEntries(NAMES.map((name, k) => [name, found[k] ?? null])) as StreamIntervals;
}

/** In the order of NAMES. */
function shares(seen: Seen[], times: (i: number) => number): number[] {
  let [all, asked, right, wrong] = [0, 0, 0, 0];
  for (const [i, { asked: was, label, image }] of seen.entries()) {
    const k = times(i);
    all += k;
    if (was) asked += k;
    if (label === image.truth) right += k;
    else if (!was) wrong += k;
  }
  return [asked / all, right / all, wrong / (all - asked), wrong / all];
}
