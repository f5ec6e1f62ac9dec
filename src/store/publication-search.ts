// Finding what is public, newest change first, and counting it by facet: over the table publication alone, never through names, notes or people. Bounded whatever is asked.

import { categoryTitle, isCategory } from '../domain/categories.ts';
import { isPublic, type PublishRules } from '../domain/publish.ts';
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

type Counted = { category: string | null; instrument: string; status: string; detector: string | null; acquired: string | null; project: string | null; operator: string | null }; // prettier-ignore

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

  /** Of the rows below `before` the newest ones that may be looked at, as conditions; undefined where everything is paused. */
  function windowOf(search: PublicSearch, before: number) {
    const held = heldBack(paused.list());
    if (!held) return undefined;
    const set = Object.fromEntries(SETS.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]]))); // prettier-ignore
    const sets = Object.keys(set).map((name) => CONDITIONS[name as (typeof SETS)[number]]);
    const floor = statement(
      `SELECT seq FROM publication WHERE ${['seq < @before', ...sets].join(' AND ')} ORDER BY seq DESC LIMIT 1 OFFSET ${MOST_LOOKED_AT - 1}`,
    )
      .pluck()
      .get({ before, ...set }) as number | undefined;
    const { text = '', ...rest } = search;
    const words = [...new Set(searchWords(text))].slice(0, 10);
    const given = Object.keys(rest) as (keyof typeof rest)[];
    const wheres = [
      'seq < @before AND seq >= @floor AND gone = 0',
      ...given.map((name) => CONDITIONS[name]),
      ...words.map(
        (_, i) =>
          `public_words(publication.category, publication.instrument, publication.detector, publication.status) LIKE @word${i}`,
      ),
      ...(held.where ? [held.where] : []),
    ];
    const values = {
      before,
      floor: floor ?? 0,
      ...rest,
      ...Object.fromEntries(words.map((word, i) => [`word${i}`, `% ${word}%`])),
      ...held.values,
    };
    return {
      values,
      floor,
      from: `FROM publication CROSS JOIN image USING (sha256) WHERE ${wheres.join(' AND ')}`,
    };
  }

  return {
    /** `before`: `next` of the page before. */
    find(search: PublicSearch, rules: PublishRules, today: string, limit: number, before = Number.MAX_SAFE_INTEGER): PublicPage {
      const window = windowOf(search, before);
      if (!window) return { items: [] };
      const rows = statement(
        `SELECT publication.*, image.project, image.operator ${window.from} ORDER BY seq DESC LIMIT @limit`,
      ).all({ ...window.values, limit }) as Row[];
      const items = rows.map((row) => publishedOf(row, rules, today)).filter(({ gone }) => !gone);
      const next = rows.length === limit ? rows.at(-1)!.seq : window.floor;
      return { items, ...(next === undefined ? {} : { next }) };
    }, // prettier-ignore

    /** Of all that is found, and not of a page of it. */
    facets(search: PublicSearch, { policy }: PublishRules, today: string): Facets {
      const window = windowOf(search, Number.MAX_SAFE_INTEGER);
      const tallies = Object.fromEntries(FACETS.map((name) => [name, new Map<string, number>()])) as Record<FacetName, Map<string, number>>; // prettier-ignore
      const open = new Map<string, boolean>();
      let total = 0;
      const rows = window
        ? (statement(
            `SELECT publication.category, publication.instrument, publication.status, publication.detector, publication.acquired, image.project, image.operator ${window.from}`,
          ).iterate(window.values) as IterableIterator<Counted>)
        : [];
      for (const { project, operator, acquired, ...row } of rows) {
        const whose = JSON.stringify([project, operator]);
        const shown = open.get(whose) ?? isPublic({ project: project ?? undefined, operator: operator ?? undefined }, policy, today); // prettier-ignore
        open.set(whose, shown);
        if (!shown) continue;
        total++;
        const values = { ...row, year: acquired?.slice(0, 4) ?? null };
        for (const name of FACETS) {
          const value = values[name];
          if (value !== null) tallies[name].set(value, (tallies[name].get(value) ?? 0) + 1);
        }
      }
      const counts = Object.fromEntries(FACETS.map((name) => [name, [...tallies[name]].sort(byCount)])) as Facets['counts']; // prettier-ignore
      return { counts, total, complete: window?.floor === undefined };
    },
  };
}

const byCount = ([a, m]: [string, number], [b, n]: [string, number]): number => n - m || (a < b ? -1 : 1);

type Text = string | null;

/** With a space before each word, so that what begins a word is told from what stands inside of one. */
function wordsOf([category = null, ...others]: Text[]): string {
  const title = category && isCategory(category) ? categoryTitle(category) : category;
  return [title, ...others].flatMap((text) => searchWords(text ?? '')).map((word) => ` ${word}`).join(''); // prettier-ignore
}
