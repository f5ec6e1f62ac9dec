// What the images of a made-up catalogue are: names, facts, headers and labels as unevenly spread as those of a facility. Pure: the same n gives the same images. Never written to a database here.

import { createHash } from 'node:crypto';
import { CATEGORIES, type Category } from '../../src/domain/categories.ts';
import { randomOf } from '../../src/domain/random.ts';

export type Made = {
  sha256: string;
  name: string;
  /** where the file lay */
  dir: string;
  /** its series, counted from 1: of one person, sample and month */
  series: number;
  settledAt: string;
  /** its place in time, as the trigger of the schema would give it */
  number: number;
  instrument: string;
  project: string;
  operator: string;
  sample: string;
  detector: string;
  voltage: number;
  magnification: number;
  state: 'asked' | 'quarantined' | 'forwarded';
  category: Category | undefined;
  basis: 'auto' | 'answer' | undefined;
};

const MATERIALS = 'GaAs,Si,ZnO,Au,TiO2,CNT,PMMA,SiN,Graphene,Steel,Bone,Pollen,Cu,Al2O3,InP,PS beads'.split(
  ',',
);
const WORDS =
  'overview,edge,detail,tilt,crosssection,annealed,asgrown,etched,area,Übersicht,beforeFIB,ref'.split(',');
const DETECTORS = ['InLens', 'SE2', 'ETD', 'BSE', 'TLD', 'STEM'];
const VOLTAGES = [500, 1000, 2000, 3000, 5000, 10_000, 15_000, 20_000, 30_000];
const PEOPLE = 60;
/** They settled over two years, the last one just before `until`. */
const SPAN_S = 730 * 86_400;
const MONTH_S = 30 * 86_400;
/** Of one person at one sample, one after the other. */
const RUN = 20;

/** `waiting`: some of them wait for an answer. */
export function madeImages(n: number, until: number, waiting = true): Made[] {
  const random = randomOf(7);
  const series = new Map<string, number>();
  const seriesOf = (key: string) => {
    const id = series.get(key) ?? series.size + 1;
    series.set(key, id);
    return id;
  };
  const below = (k: number) => Math.floor(random() * k);
  const of = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const step = Math.max(2, Math.floor(SPAN_S / n));
  const first = Math.floor(until / 1000) - n * step;
  let run = { material: '', person: 0, project: '', sample: '' };
  return Array.from({ length: n }, (_, i) => {
    if (i % RUN === 0) {
      const [material, person] = [of(MATERIALS), Math.floor(random() ** 2 * PEOPLE)];
      run = { material, person, project: String(2000 + ((person * 7 + below(4)) % 150)), sample: `${material}-${below(500)}` }; // prettier-ignore
    }
    const { material, person, project, sample } = run;
    const second = first + i * step;
    const state = stateOf(random(), waiting);
    const category = state === 'forwarded' ? CATEGORIES[Math.floor(random() ** 1.5 * 10)] : undefined;
    const operator = `Operator ${person}`;
    const place = String(1 + below(400)).padStart(3, '0');
    return {
      sha256: createHash('sha256').update(`made ${i}`).digest('hex'),
      name: `${material}_${place}_${of(WORDS)}${random() < 0.5 ? '-' : ' '}${i % 10_000}.tif`,
      dir: `${project}/${operator}/${sample}`,
      series: seriesOf(`${project} ${operator} ${sample} ${Math.floor(second / MONTH_S)}`),
      settledAt: new Date(second * 1000).toISOString(),
      number: second * 2 ** 20,
      // a person has a microscope of choice: what goes together rarely, or never, is asked for too
      instrument: `SEM ${1 + (person % 3)}`,
      project,
      operator,
      sample,
      detector: of(DETECTORS),
      voltage: of(VOLTAGES),
      magnification: Math.round(10 ** (2 + random() * 3.7)),
      state,
      category,
      basis: category && (random() < 0.7 ? 'auto' : 'answer'),
    };
  });
}

function stateOf(share: number, waiting: boolean): Made['state'] {
  if (share < 0.02) return waiting ? 'asked' : 'forwarded';
  return share < 0.03 ? 'quarantined' : 'forwarded';
}
