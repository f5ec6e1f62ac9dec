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

type Counted = { category: string | null; instrument: string; status: string; detector: string | null; year: string | null; n: number; project?: string | null; operator?: string | null }; // prettier-ignore

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

  /**
   * How rows that are not public now are told: by the table alone, which the publisher keeps by the rules, but for those that it is about to look
   * at; or, while it walks through all of them or a project is paused, by the image of each, which takes twenty times as long.
   */
  function telling() {
    const pauses = paused.list();
    const held = heldBack(pauses);
    if (!held) return undefined;
    const careful = pauses.some(({ scope }) => scope === 'project') || statement('SELECT 1 FROM publication_walk').get() !== undefined; // prettier-ignore
    const byImage = { careful, from: 'publication CROSS JOIN image USING (sha256)', wheres: held.where ? [held.where] : [], values: held.values }; // prettier-ignore
    if (careful) return byImage;
    const { instruments = '[]' } = held.values;
    const wheres = [
      'publication.sha256 NOT IN (SELECT sha256 FROM publication_due)',
      'publication.instrument NOT IN (SELECT value FROM json_each(@instruments))',
    ];
    return { careful, from: 'publication', wheres, values: { instruments } };
  }

  /** The newest `most` rows of its sets below `before`, where the rest is compared one by one. */
  function windowOf({ text = '', ...search }: PublicSearch, before: number, most: number) {
    const set = Object.fromEntries(SETS.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]]))); // prettier-ignore
    const sets = Object.keys(set).map((name) => CONDITIONS[name as (typeof SETS)[number]]);
    const floor = statement(
      `SELECT seq FROM publication WHERE ${['seq < @before', ...sets].join(' AND ')} ORDER BY seq DESC LIMIT 1 OFFSET @most`,
    )
      .pluck()
      .get({ before, ...set, most: most - 1 }) as number | undefined;
    const words = [...new Set(searchWords(text))].slice(0, 10);
    const wheres = [
      'seq < @before AND seq >= @floor AND gone = 0',
      ...(Object.keys(search) as (keyof typeof search)[]).map((name) => CONDITIONS[name]),
      ...words.map((_, i) => `public_words(publication.category, publication.instrument, publication.detector, publication.status) LIKE @word${i}`), // prettier-ignore
    ];
    const liked = Object.fromEntries(words.map((word, i) => [`word${i}`, `% ${word}%`]));
    return { floor, wheres, values: { before, floor: floor ?? 0, ...search, ...liked } };
  }

  return {
    /** `before`: `next` of the page before. */
    find(search: PublicSearch, rules: PublishRules, today: string, limit: number, before = Number.MAX_SAFE_INTEGER): PublicPage {
      const held = heldBack(paused.list());
      if (!held) return { items: [] };
      const { floor, wheres, values } = windowOf(search, before, MOST_LOOKED_AT);
      const rows = statement(
        `SELECT publication.*, image.project, image.operator FROM publication CROSS JOIN image USING (sha256)
           WHERE ${[...wheres, ...(held.where ? [held.where] : [])].join(' AND ')} ORDER BY seq DESC LIMIT @limit`,
      ).all({ ...values, ...held.values, limit }) as Row[];
      const items = rows.map((row) => publishedOf(row, rules, today)).filter(({ gone }) => !gone);
      const next = rows.length === limit ? rows.at(-1)!.seq : floor;
      return { items, ...(next === undefined ? {} : { next }) };
    }, // prettier-ignore

    /** Of all that is found, and not of a page of it. */
    facets(search: PublicSearch, rules: PublishRules, today: string): Facets {
      const tallies = Object.fromEntries(FACETS.map((name) => [name, new Map<string, number>()])) as Record<FacetName, Map<string, number>>; // prettier-ignore
      const told = telling();
      const window = windowOf(search, Number.MAX_SAFE_INTEGER, told?.careful ? MOST_LOOKED_AT / 20 : MOST_LOOKED_AT); // prettier-ignore
      const columns = `publication.category, publication.instrument, publication.status, publication.detector, substr(publication.acquired, 1, 4) AS year${told?.careful ? ', image.project, image.operator' : ''}`;
      const rows = told
        ? (statement(
            `SELECT ${columns}, count(*) AS n FROM ${told.from} WHERE ${[...window.wheres, ...told.wheres].join(' AND ')}
               GROUP BY ${[1, 2, 3, 4, 5, ...(told.careful ? [6, 7] : [])].join(', ')}`,
          ).all({ ...window.values, ...told.values }) as Counted[])
        : [];
      const shown = told?.careful ? rows.filter((row) => isOpen(row, rules, today)) : rows;
      for (const { n, ...row } of shown)
        for (const name of FACETS) {
          const value = row[name];
          if (value !== null) tallies[name].set(value, (tallies[name].get(value) ?? 0) + n);
        }
      const counts = Object.fromEntries(FACETS.map((name) => [name, [...tallies[name]].sort(byCount)])) as Facets['counts']; // prettier-ignore
      return {
        counts,
        total: shown.reduce((sum, { n }) => sum + n, 0),
        complete: window.floor === undefined,
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
      const told = telling();
      if (!told) return [];
      const { careful, from, wheres, values } = told;
      const rows = statement(
        `SELECT publication.id, publication.stamp${careful ? ', image.project, image.operator' : ''} FROM ${from}
           WHERE ${['seq > @after AND seq <= @last AND gone = 0', ...wheres].join(' AND ')} ORDER BY seq`,
      ).all({ after, last, ...values }) as { id: string; stamp: number; project?: string | null; operator?: string | null }[]; // prettier-ignore
      return (careful ? rows.filter((row) => isOpen(row, rules, today)) : rows).map(({ id, stamp }) => ({ id, stamp })); // prettier-ignore
    },
  };
}

const isOpen = ({ project, operator }: { project?: string | null; operator?: string | null }, { policy }: PublishRules, today: string): boolean =>
  isPublic({ project: project ?? undefined, operator: operator ?? undefined }, policy, today); // prettier-ignore

const byCount = ([a, m]: [string, number], [b, n]: [string, number]): number => n - m || (a < b ? -1 : 1);

type Text = string | null;

/** With a space before each word, so that what begins a word is told from what stands inside of one. */
function wordsOf([category = null, ...others]: Text[]): string {
  const title = category && isCategory(category) ? categoryTitle(category) : category;
  return [title, ...others].flatMap((text) => searchWords(text ?? '')).map((word) => ` ${word}`).join(''); // prettier-ignore
}
