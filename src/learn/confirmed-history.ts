// The confirmed history in memory, in columns: read once, then only what changed. Holds no name of a person and no picture.

import { setImmediate as breathe } from 'node:timers/promises';
import type { Sight } from '../domain/access.ts';
import { CATEGORIES, type Category } from '../domain/categories.ts';
import { STRATA, type Confirmed } from '../domain/confirmed.ts';
import type { ConfirmedStore } from '../store/confirmed.ts';

/** Row i is one image; `n` of them count, what lies behind is room. */
export type Columns = {
  n: number;
  /** index in CATEGORIES */
  top: Uint8Array;
  second: Uint8Array;
  /** index in CATEGORIES, NONE or UNUSABLE */
  truth: Uint8Array;
  score: Float64Array;
  /** index in STRATA */
  stratum: Uint8Array;
  weight: Float64Array;
  /** series are counted from 0; an image without one is one by itself */
  series: Int32Array;
  /** how many different ones `series` names */
  groups: number;
  version: Int32Array;
  /** indices in the lists below */
  project: Int32Array;
  instrument: Int32Array;
  head: Int32Array;
  projects: (string | undefined)[];
  instruments: string[];
  heads: string[];
};

/** Values of `truth` that are no category. */
export const NONE = 100;
export const UNUSABLE = 101;

/** So many at once, then others have their turn: a few milliseconds. */
const BATCH = 200;

export type ConfirmedHistory = {
  /** As it is now. The columns are this object's own: read them before the next await. */
  columns(): Promise<Columns>;
  /** How far it has been read, 0..1. */
  read(): number;
};

export function confirmedHistory(store: ConfirmedStore): ConfirmedHistory {
  const columns = emptyColumns(1024);
  const rowOf = new Map<string, number>();
  const names: string[] = [];
  const indices = newIndices(columns);
  let number = 0;
  let reading: Promise<void> | undefined;

  async function readOn(): Promise<void> {
    for (let found = store.after(number, BATCH); found.length > 0; found = store.after(number, BATCH)) {
      for (const { sha256, now } of found)
        if (now) put(sha256, now);
        else remove(sha256);
      number = found.at(-1)!.number;
      if (found.length < BATCH) return;
      await breathe();
    }
  }

  function put(sha256: string, one: Confirmed): void {
    const row = rowOf.get(sha256) ?? columns.n++;
    if (row === columns.score.length) grow(columns);
    rowOf.set(sha256, row);
    names[row] = sha256;
    setRow(columns, row, one, indices, sha256);
  }

  /** The last one takes its place. */
  function remove(sha256: string): void {
    const row = rowOf.get(sha256);
    if (row === undefined) return;
    const last = --columns.n;
    for (const column of columnsOf(columns)) column[row] = column[last]!;
    names[row] = names[last]!;
    rowOf.set(names[row], row);
    names.length = last;
    rowOf.delete(sha256);
  }

  return {
    async columns() {
      reading ??= readOn().finally(() => (reading = undefined));
      await reading;
      return columns;
    },
    read: () => Math.min(1, number / Math.max(1, store.newest())),
  };
}

/** Of images that are at hand: for proofs and tests, too. */
export function columnsFrom(all: Confirmed[]): Columns {
  const columns = emptyColumns(all.length);
  const indices = newIndices(columns);
  for (const [row, one] of all.entries()) setRow(columns, row, one, indices, String(row));
  columns.n = all.length;
  return columns;
}

/** For each row whether it counts; undefined: all do. A filter by category is cheaper where the rows are counted. */
export function rowsSeen(columns: Columns, { hidden, instruments }: Sight): Uint8Array | undefined {
  if (hidden.length === 0 && instruments === undefined) return undefined;
  const project = columns.projects.map((name) => name === undefined || !hidden.includes(name));
  const instrument = columns.instruments.map((name) => instruments?.includes(name) ?? true);
  const seen = new Uint8Array(columns.n);
  for (let i = 0; i < columns.n; i++)
    seen[i] = project[columns.project[i]!]! && instrument[columns.instrument[i]!]! ? 1 : 0;
  return seen;
}

type Indices = Record<'series' | 'project' | 'instrument' | 'head', (key: string | undefined) => number>;

function newIndices(columns: Columns): Indices {
  const indexIn = (list: (string | undefined)[]) => {
    const known = new Map(list.map((key, i) => [key, i]));
    return (key: string | undefined) => {
      const found = known.get(key) ?? list.push(key) - 1;
      known.set(key, found);
      return found;
    };
  };
  const groups: (string | undefined)[] = [];
  const series = indexIn(groups);
  return {
    series(key) {
      const index = series(key);
      columns.groups = groups.length;
      return index;
    },
    project: indexIn(columns.projects),
    instrument: indexIn(columns.instruments),
    head: indexIn(columns.heads),
  };
}

const PLACE = new Map<Category, number>(CATEGORIES.map((category, i) => [category, i]));

function setRow(columns: Columns, row: number, one: Confirmed, indices: Indices, sha256: string): void {
  columns.top[row] = PLACE.get(one.top)!;
  columns.second[row] = PLACE.get(one.second)!;
  columns.truth[row] = one.truth === undefined ? UNUSABLE : one.truth === null ? NONE : PLACE.get(one.truth)!; // prettier-ignore
  columns.score[row] = one.score;
  columns.stratum[row] = STRATA.indexOf(one.stratum);
  columns.weight[row] = one.weight;
  columns.series[row] = indices.series(one.series === undefined ? sha256 : `series ${one.series}`);
  columns.version[row] = one.version;
  columns.project[row] = indices.project(one.project);
  columns.instrument[row] = indices.instrument(one.instrument);
  columns.head[row] = indices.head(one.head);
}

function emptyColumns(room: number): Columns {
  return {
    n: 0,
    top: new Uint8Array(room),
    second: new Uint8Array(room),
    truth: new Uint8Array(room),
    score: new Float64Array(room),
    stratum: new Uint8Array(room),
    weight: new Float64Array(room),
    series: new Int32Array(room),
    groups: 0,
    version: new Int32Array(room),
    project: new Int32Array(room),
    instrument: new Int32Array(room),
    head: new Int32Array(room),
    projects: [],
    instruments: [],
    heads: [],
  };
}

type Column = Uint8Array | Int32Array | Float64Array;

const columnsOf = (columns: Columns): Column[] =>
  Object.values(columns).filter((value): value is Column => ArrayBuffer.isView(value));

function grow(columns: Columns): void {
  const all = columns as unknown as Record<string, unknown>;
  for (const [name, column] of Object.entries(columns)) {
    if (!ArrayBuffer.isView(column)) continue;
    const old = column;
    const larger = new (old.constructor as new (n: number) => Column)(old.length * 2);
    larger.set(old);
    all[name] = larger;
  }
}
