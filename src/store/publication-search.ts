// Finding what is public, newest change first, and counting it by facet: over the table publication alone, never through names, notes or people. Bounded whatever is asked.

import { categoryTitle, isCategory } from '../domain/categories.ts';
import { isPublic, ownedBy, type PublishRules } from '../domain/publish.ts';
import { searchWords } from '../domain/search-words.ts';
import type { Db } from './open.ts';
import { pauses } from './pauses.ts';
import { heldBack, publishedOf, type Published, type PublishedSet, type Row } from './publication.ts';
import { statements } from './statements.ts';

/** Both ends of a range belong to it. */
export type PublicSearch = Omit<PublishedSet, 'labelled'> & {
  detector?: string;
  /** day or moment of acquisition, local time of the instrument; a day stands for the whole of it */
  from?: string;
  to?: string;
  /** V */
  voltageFrom?: number;
  voltageTo?: number;
  magnificationFrom?: number;
  magnificationTo?: number;
  /** words of category, instrument, detector and status; each may have only begun */
  text?: string;
};

export const FACETS = ['category', 'instrument', 'status', 'detector', 'year'] as const;
export type FacetName = (typeof FACETS)[number];

/** Most frequent first. `complete`: false where only the newest ones were counted, or the rules have just changed. */
export type Facets = { counts: Record<FacetName, [value: string, n: number][]>; total: number; complete: boolean }; // prettier-ignore

/** `next`: where the list goes on, with the same words; absent at its end. A page can hold fewer than were asked for. */
export type PublicPage = { items: Published[]; next?: number };

/** Rows that one request looks at. */
export const MOST_LOOKED_AT = 10_000;

const CONDITIONS: Record<Exclude<keyof PublicSearch, 'text'>, string> = {
  instrument: 'publication.instrument = @instrument',
  category: 'publication.category = @category',
  status: 'publication.status = @status',
  detector: 'publication.detector = @detector',
  from: 'publication.acquired >= @from',
  // what begins like the end belongs to it: 2026-11-24 is the whole day
  to: `publication.acquired < @to || '\u{10ffff}'`,
  voltageFrom: 'publication.voltage >= @voltageFrom',
  voltageTo: 'publication.voltage <= @voltageTo',
  magnificationFrom: 'publication.magnification >= @magnificationFrom',
  magnificationTo: 'publication.magnification <= @magnificationTo',
};
/** Each leads its own index. */
const SETS = ['category', 'instrument', 'status'] as const;

type Owner = Pick<Row, 'project' | 'operator'>;
type Counted = Owner & { category: string | null; instrument: string; status: string; detector: string | null; year: string | null; n: number }; // prettier-ignore

export function publicationSearch(db: Db) {
  const statement = statements(db);
  const paused = pauses(db);

  /** What many images have in common is taken apart once. */
  const known = new Map<string, string>();
  db.function('public_words', { deterministic: true, varargs: true }, (...of: unknown[]) => {
    const key = of.join('\n');
    const words = known.get(key) ?? wordsOf(of as Text[]);
    if (known.size < 10_000) known.set(key, words);
    return words;
  });

  /** The newest rows of one of its sets below `before`; the rest is compared one by one. Of several sets it is the rarest: two would be walked without an end where they have little in common. */
  function windowOf({ text = '', ...search }: PublicSearch, before: number) {
    const sets = SETS.filter((name) => search[name] !== undefined);
    const floors = (sets.length === 0 ? [undefined] : sets).map((name) => ({
      name,
      seq: statement(`SELECT seq FROM publication WHERE seq < @before${name ? ` AND ${CONDITIONS[name]}` : ''} ORDER BY seq DESC LIMIT 1 OFFSET @most`)
        .pluck()
        .get({ before, most: MOST_LOOKED_AT - 1, ...(name ? { [name]: search[name] } : {}) }) as number | undefined,
    })); // prettier-ignore
    const { name: by, seq: floor } = floors.toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0))[0]!;
    const words = [...new Set(searchWords(text))].slice(0, 10);
    const wheres = [
      'seq < @before AND seq >= @floor AND gone = 0',
      // with a plus SQLite leaves the index of that set alone
      ...(Object.keys(search) as (keyof typeof search)[]).map((name) => (name === by ? CONDITIONS[name] : `+${CONDITIONS[name]}`)), // prettier-ignore
      ...words.map((_, i) => `public_words(publication.category, publication.instrument, publication.detector, publication.status) LIKE @word${i}`), // prettier-ignore
    ];
    const liked = Object.fromEntries(words.map((word, i) => [`word${i}`, `% ${word}%`]));
    return { floor, wheres, values: { before, floor: floor ?? 0, ...search, ...liked } };
  }

  /** What of a search is not paused: conditions and their values. Undefined: nothing. */
  function asked(search: PublicSearch, before = Number.MAX_SAFE_INTEGER) {
    const held = heldBack(paused.list(), search.instrument);
    if (!held) return undefined;
    const { floor, wheres, values } = windowOf(search, before);
    return { floor, where: [...wheres, ...(held.where ? [held.where] : [])].join(' AND '), values: { ...values, ...held.values } }; // prettier-ignore
  }

  return {
    /** `before`: `next` of the page before. */
    find(search: PublicSearch, rules: PublishRules, today: string, limit: number, before?: number): PublicPage {
      const found = asked(search, before);
      if (!found) return { items: [] };
      const rows = statement(`SELECT * FROM publication WHERE ${found.where} ORDER BY seq DESC LIMIT @limit`).all({ ...found.values, limit }) as Row[];
      const items = rows.map((row) => publishedOf(row, rules, today)).filter(({ gone }) => !gone);
      const next = rows.length === limit ? rows.at(-1)!.seq : found.floor;
      return { items, ...(next === undefined ? {} : { next }) };
    }, // prettier-ignore

    /** Whether anything is found among the newest. */
    exists(search: PublicSearch, rules: PublishRules, today: string): boolean {
      const found = asked(search);
      if (!found) return false;
      const isOpen = openBy(rules, today);
      const owners = statement(`SELECT DISTINCT project, operator FROM publication WHERE ${found.where}`).iterate(found.values) as Iterable<Owner>; // prettier-ignore
      for (const owner of owners) if (isOpen(owner)) return true;
      return false;
    },

    /** Of all that is found, and not of a page of it. */
    facets(search: PublicSearch, rules: PublishRules, today: string): Facets {
      const tallies = Object.fromEntries(FACETS.map((name) => [name, new Map<string, number>()])) as Record<FacetName, Map<string, number>>; // prettier-ignore
      const found = asked(search);
      const rows = found
        ? (statement(
            `SELECT category, instrument, status, detector, substr(acquired, 1, 4) AS year, project, operator, count(*) AS n
               FROM publication WHERE ${found.where} GROUP BY 1, 2, 3, 4, 5, 6, 7`,
          ).all(found.values) as Counted[])
        : [];
      const shown = rows.filter(openBy(rules, today));
      for (const { n, ...row } of shown)
        for (const name of FACETS) {
          const value = row[name];
          if (value !== null) tallies[name].set(value, (tallies[name].get(value) ?? 0) + n);
        }
      const counts = Object.fromEntries(FACETS.map((name) => [name, [...tallies[name]].sort(byCount)])) as Facets['counts']; // prettier-ignore
      return {
        counts,
        total: shown.reduce((sum, { n }) => sum + n, 0),
        complete: found?.floor === undefined,
      };
    },

    /** The places in the order of changes, `size` to a part, where something is: part 0 holds seq 1 to `size`. */
    parts(size: number): number[] {
      const next = statement('SELECT seq FROM publication WHERE seq > ? AND gone = 0 ORDER BY seq LIMIT 1').pluck(); // prettier-ignore
      const parts: number[] = [];
      for (let after = 0; ;) {
        const seq = next.get(after) as number | undefined;
        if (seq === undefined) return parts;
        const part = Math.floor((seq - 1) / size);
        parts.push(part);
        after = (part + 1) * size;
      }
    },

    /** What is public with a seq above `after`, up to `last`. */
    between(
      after: number,
      last: number,
      rules: PublishRules,
      today: string,
    ): { id: string; stamp: number }[] {
      const held = heldBack(paused.list());
      if (!held) return [];
      const rows = statement(
        `SELECT id, stamp, project, operator FROM publication
           WHERE ${['seq > @after AND seq <= @last AND gone = 0', ...(held.where ? [held.where] : [])].join(' AND ')} ORDER BY seq`,
      ).all({ after, last, ...held.values }) as (Owner & { id: string; stamp: number })[];
      return rows.filter(openBy(rules, today)).map(({ id, stamp }) => ({ id, stamp }));
    },
  };
}

/** Many rows are of few owners: each is judged once. */
function openBy({ policy }: PublishRules, today: string): (owner: Owner) => boolean {
  const judged = new Map<string, boolean>();
  return ({ project, operator }) => {
    const key = JSON.stringify([project, operator]);
    const open = judged.get(key) ?? isPublic(ownedBy({ project, operator }), policy, today);
    judged.set(key, open);
    return open;
  };
}

const byCount = ([a, m]: [string, number], [b, n]: [string, number]): number => n - m || (a < b ? -1 : 1);

type Text = string | null;

/** With a space before each word, so that what begins a word is told from what stands inside of one. */
function wordsOf([category = null, ...others]: Text[]): string {
  const title = category && isCategory(category) ? categoryTitle(category) : category;
  return [title, ...others].flatMap((text) => searchWords(text ?? '')).map((word) => ` ${word}`).join(''); // prettier-ignore
}
