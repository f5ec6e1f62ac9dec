// What a manager reads before thresholds are saved: what they would have done, what the ones in force did, and what becomes of the images that wait. Reads only.

import type { Sight } from '../domain/access.ts';
import { CATEGORIES, type Category } from '../domain/categories.ts';
import { STRATA, type Stratum } from '../domain/confirmed.ts';
import { pairOf, type ThresholdsValue } from '../domain/decision.ts';
import type { ConfirmedStore } from '../store/confirmed.ts';
import { rowsSeen, type ConfirmedHistory } from './confirmed-history.ts';
import { histogram, riskCurve, type Bin, type CurvePoint } from './history-plots.ts';
import { pastErrors, whatIf, type Estimate, type Sample, type WhatIfs } from './what-if.ts';

/** What the history consists of. */
export type HistorySummary = Record<Stratum, number> & {
  images: number;
  series: number;
  /** different heads that scored them */
  heads: number;
  /** images of private projects are not counted */
  hidden: boolean;
  /** some image labelled itself */
  automatic: boolean;
};

export type Past = { all: Estimate; perCategory: Estimate[] };

type Deps = {
  store: ConfirmedStore;
  history: ConfirmedHistory;
  instruments: { name: string; mode: string; teach: boolean }[];
  /** whether answers teach at the moment */
  teaching: { current(): { use: boolean } };
};

export function thresholdChoice({ store, history, instruments, teaching }: Deps) {
  async function sampleOf(sight: Sight): Promise<Sample> {
    const columns = await history.columns();
    return { columns, rows: rowsSeen(columns, sight), automatic: store.automatic() };
  }

  return {
    async summary(sight: Sight): Promise<HistorySummary> {
      const { columns, rows, automatic } = await sampleOf(sight);
      const strata = STRATA.map(() => 0);
      const series = new Set<number>();
      const heads = new Set<number>();
      for (let i = 0; i < columns.n; i++) {
        if (rows && rows[i] === 0) continue;
        strata[columns.stratum[i]!]!++;
        series.add(columns.series[i]!);
        heads.add(columns.head[i]!);
      }
      const counts = Object.fromEntries(STRATA.map((name, k) => [name, strata[k]])) as Record<
        Stratum,
        number
      >;
      return {
        ...counts,
        images: strata.reduce((a, b) => a + b, 0),
        series: series.size,
        heads: heads.size,
        hidden: sight.hidden.length > 0,
        automatic,
      };
    },

    async whatIf(values: ThresholdsValue[], sight: Sight): Promise<WhatIfs[]> {
      const sample = await sampleOf(sight);
      return values.map((value) => whatIf(sample, value));
    },

    /** Of labels that this version gave. */
    async past(version: number, sight: Sight): Promise<Past> {
      return pastErrors(await sampleOf(sight), version);
    },

    async plots(category: Category | undefined, sight: Sight): Promise<{ bins: Bin[]; curve: CurvePoint[] }> {
      const sample = await sampleOf(sight);
      const c = category === undefined ? undefined : CATEGORIES.indexOf(category);
      return { bins: histogram(sample, c), curve: riskCurve(sample, c) };
    },

    /** Images that wait for people, and how many of them are above the thresholds and label themselves when an answer scores them again, as `decide/rescore.ts` does. */
    waiting(value: ThresholdsValue, sight: Sight): { asked: number; above: number } {
      const waiting = store.waiting(sight);
      const { use } = teaching.current();
      const byItself = new Set(instruments.filter(({ mode, teach }) => mode === 'auto' && teach && use).map(({ name }) => name)); // prettier-ignore
      const above = waiting.filter(({ instrument, category, score }) => byItself.has(instrument) && score > pairOf(value, category).auto); // prettier-ignore
      return {
        asked: waiting.length,
        above: above.length - store.withdrawn(above.map(({ sha256 }) => sha256)),
      };
    },
  };
}
