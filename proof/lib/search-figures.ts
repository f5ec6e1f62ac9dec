// Asks a service for images as people do, kind by kind, and compares what it finds with every image of the catalogue. Only looks.

import Database from 'better-sqlite3';
import { join } from 'node:path';
import { ALL_SIGHT, type Sight } from '../../src/domain/access.ts';
import { randomOf } from '../../src/domain/random.ts';
import { toCursor } from '../../src/serve/cursor.ts';
import { addSearchTerms } from '../../src/store/search-terms.ts';
import { searching, type Search } from '../../src/store/search.ts';
import { fits, KINDS, type Query } from './asked.ts';
import type { Made } from './made-images.ts';
import type { Running } from './service.ts';

type Page = { items: { sha256: string }[]; next?: string; lookedBackTo?: string };
export type KindFigures = {
  /** the whole request, and the search in the database alone, in this process; ms */
  request: number[];
  database: number[];
  partial: number;
  /** so many were compared with every image */
  checked: number;
};
export type SearchFigures = {
  kinds: Map<string, KindFigures>;
  checked: number;
  wrong: string[];
  /** kinds of which no answer was compared */
  unchecked: string[];
};

const LIMIT = 50;
/** Of each kind one is compared; more until so much time has gone: it takes seconds where little is found. */
const CHECKING_MS = 30_000;

export async function searchFigures(
  service: Running,
  dataDir: string,
  images: Made[],
  times: number,
  { hidden, seed, check }: { hidden: string[]; seed: number; check: boolean },
): Promise<SearchFigures> {
  const random = randomOf(seed);
  const any = () => images[Math.floor(random() * images.length)]!;
  const known = new Set(check ? images.map(({ sha256 }) => sha256) : []);
  const db = new Database(join(dataDir, 'semtag.db'), { readonly: true });
  addSearchTerms(db);
  const inDatabase = searching(db);
  const figures: SearchFigures = { kinds: new Map(), checked: 0, wrong: [], unchecked: [] };
  let spent = 0;

  const whole = (path: string) => service.get<Page>(path);
  /** on this machine without a name: private projects are not seen */
  const unnamed = async (path: string) => (await (await fetch(service.url + path)).json()) as Page;
  const ways: { of: string; sight: Sight; ask?: (path: string) => Promise<Page>; deep?: boolean }[] = [
    { of: '', sight: ALL_SIGHT, ask: whole },
    { of: ', private projects hidden', sight: { hidden }, ask: unnamed },
    { of: ', from the middle of all', sight: ALL_SIGHT, ask: whole, deep: true },
    { of: ', at a station', sight: { hidden: [], instruments: ['SEM 2'] } },
  ];
  for (const [name, ask] of Object.entries(KINDS))
    for (let i = 0; i < times; i++)
      for (const [w, way] of ways.entries()) {
        if (w > 0 && i % 3) continue;
        const query = ask(any(), any(), random);
        const after = way.deep ? { number: images[images.length >> 1]!.number } : undefined;
        const asked = textOf(query, after && toCursor(after));
        const kind = of(figures, w === 0 ? name : `any${way.of}`);
        if (way.ask) {
          const start = performance.now();
          const page = await way.ask(`/api/images?${asked}`);
          kind.request.push(performance.now() - start);
          if (page.lookedBackTo) kind.partial++;
          if (check && !way.deep && !page.lookedBackTo && (kind.checked === 0 || spent < CHECKING_MS)) {
            const from = performance.now();
            figures.checked++;
            kind.checked++;
            const seen = (one: Made) => !way.sight.hidden.includes(one.project) && fits(one, query);
            const right = firstOf(images, seen);
            const got = page.items.map(({ sha256 }) => sha256).filter((sha256) => known.has(sha256));
            const others = page.items.length - got.length; // acquired meanwhile
            const least = Math.max(got.length, right.length - others);
            if (got.join() !== right.slice(0, least).join()) figures.wrong.push(`${asked}${way.of}`);
            spent += performance.now() - from;
          }
        }
        const { q, ...filter } = query;
        const search = {
          ...filter,
          ...(q === undefined ? {} : { text: String(q) }),
          ...iso(query),
        } as Search;
        const start = performance.now();
        const found = inDatabase.find(search, way.sight, LIMIT, after);
        kind.database.push(performance.now() - start);
        if (!way.ask && found.lookedBackTo) kind.partial++;
      }
  db.close();
  if (check) figures.unchecked = Object.keys(KINDS).filter((name) => !figures.kinds.get(name)?.checked);
  return figures;
}

function of({ kinds }: SearchFigures, name: string): KindFigures {
  const kind = kinds.get(name) ?? { request: [], database: [], partial: 0, checked: 0 };
  kinds.set(name, kind);
  return kind;
}

/** As the route hands it on. */
function iso({ from, to }: Query): { from?: string; to?: string } {
  const utc = (moment: string | number) => new Date(moment).toISOString();
  return { ...(from === undefined ? {} : { from: utc(from) }), ...(to === undefined ? {} : { to: utc(to) }) };
}

function textOf(query: Query, cursor: string | undefined): string {
  const text = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return new URLSearchParams([...text, ['limit', String(LIMIT)], ...(cursor ? [['cursor', cursor]] : [])] as [string, string][]).toString(); // prettier-ignore
}

/** Newest first. */
function firstOf(images: Made[], seen: (one: Made) => boolean): string[] {
  const found: string[] = [];
  for (let k = images.length - 1; k >= 0 && found.length < LIMIT; k--)
    if (seen(images[k]!)) found.push(images[k]!.sha256);
  return found;
}
