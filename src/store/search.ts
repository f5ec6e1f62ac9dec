// Finding images: any combination of filters and free text, newest first, within what somebody sees. Bounded whatever is asked; never counts.

import type { Sight } from '../domain/access.ts';
import { MAY_BEGIN, searchWords } from '../domain/search-words.ts';
import { CONDITIONS, SELECT, toImage, type Image, type ImageFilter, type Row } from './images.ts';
import type { Db } from './open.ts';
import { EVERY_IMAGE, rangeTokens, STATE_TOKENS, valueToken, type TokenName } from './search-terms.ts';
import { SEEN, seesAll, sightValues } from './sight.ts';
import { statements } from './statements.ts';

export type Search = Omit<ImageFilter, 'q' | 'newest'> & {
  detector?: string;
  /** V; both ends belong to it */
  voltageFrom?: number;
  voltageTo?: number;
  magnificationFrom?: number;
  magnificationTo?: number;
  /** words of name, path, facts, note, detector, instrument and category; the last one may only have begun */
  text?: string;
};

/** Where a list goes on: behind this image, or behind this place in time. */
export type After = { settledAt: string; sha256: string } | { number: number };

export type Found = {
  images: Image[];
  /** absent at the end */
  next?: After;
  /** it stopped looking here, with less than was asked for: so many images were compared one by one and there may be more */
  lookedBackTo?: string;
};

/** Candidates that are compared with all conditions before a search says how far it looked. */
const MOST_LOOKED_AT = 10_000;
const FIRST_LOOK = 100;
/** Words that begin like the one being typed are looked up one by one up to here; more are merged by FTS5 itself. */
const MOST_BEGUN = 400;

const TOKENS: readonly TokenName[] = ['instrument', 'project', 'operator', 'sample', 'detector', 'category', 'basis']; // prettier-ignore
/** Filters that start from an index of their own and leave few rows. */
const FEW = ['series', 'doubted', 'aligned'] as const;
const INDEXED = [
  'state',
  'category',
  'instrument',
  'basis',
  'project',
  'operator',
  'sample',
  ...FEW,
] as const;

const ROW_CONDITIONS: Record<Exclude<keyof Search, 'text'>, string> = {
  ...CONDITIONS,
  detector: 'image.detector = @detector',
  voltageFrom: 'image.voltage >= @voltageFrom',
  voltageTo: 'image.voltage <= @voltageTo',
  magnificationFrom: 'image.magnification >= @magnificationFrom',
  magnificationTo: 'image.magnification <= @magnificationTo',
};

export function searching(db: Db) {
  const statement = statements(db);
  const begun = db.prepare('SELECT word FROM word WHERE word >= ? AND word < ? LIMIT ?').pluck();
  const numberOf = db.prepare('SELECT number FROM image WHERE sha256 = ?').pluck();
  const candidates = db
    .prepare(
      `SELECT rowid FROM image_text WHERE image_text MATCH ? AND rowid < ? AND rowid >= ? ORDER BY rowid DESC LIMIT ?`,
    )
    .pluck();
  const timeOf = db.prepare('SELECT settled_at FROM image WHERE number = ?').pluck();

  /** Read off an index, newest first. */
  function listed(search: Search, sight: Sight, limit: number, after: After | undefined): Found {
    const before = after && 'number' in after ? positionOf(after.number) : after;
    const where = conditions(search, sight);
    if (before) where.push('(image.settled_at, image.sha256) < (@settledAt, @cursor)');
    const sql = `${SELECT} ${where.length ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY image.settled_at DESC, image.sha256 DESC LIMIT @limit`;
    const position = before ? { settledAt: before.settledAt, cursor: before.sha256 } : {};
    const values = { ...search, ...sightValues(sight), ...position, limit: limit + 1 };
    const images = (statement(sql).all(used(sql, values)) as Row[]).map(toImage);
    const last = images[limit - 1];
    return {
      images: images.slice(0, limit),
      ...(images.length > limit && last ? { next: { settledAt: last.settledAt, sha256: last.sha256 } } : {}),
    };
  }

  function positionOf(number: number): { settledAt: string; sha256: string } {
    const at = new Date(Math.floor(number / 2 ** 20) * 1000).toISOString();
    return { settledAt: (timeOf.get(number) as string | undefined) ?? at, sha256: '' };
  }

  /** Through the full-text index: lists of tokens are intersected newest first, and each candidate is compared with every condition. */
  function matched(match: string, search: Search, sight: Sight, limit: number, after: After | undefined): Found {
    const oldest = search.from === undefined ? 0 : second(search.from) * 2 ** 20;
    let below = search.to === undefined ? Number.MAX_SAFE_INTEGER : (second(search.to) + 1) * 2 ** 20;
    if (after) {
      const number = 'number' in after ? after.number : (numberOf.get(after.sha256) as number | undefined);
      below = Math.min(below, number ?? ('settledAt' in after ? second(after.settledAt) * 2 ** 20 : below));
    }
    const where = conditions(search, sight);
    const sql = `${SELECT} WHERE image.number IN (SELECT value FROM json_each(@numbers)) ${where.map((one) => `AND ${one}`).join(' ')}
      ORDER BY image.number DESC LIMIT @limit`;
    const rows: Row[] = [];
    let looked = 0;
    for (let size = Math.max(FIRST_LOOK, limit + 1); ; size *= 4) {
      const numbers = candidates.all(match, below, oldest, size) as number[];
      const values = { ...search, ...sightValues(sight), numbers: JSON.stringify(numbers), limit: limit + 1 - rows.length }; // prettier-ignore
      rows.push(...(statement(sql).all(used(sql, values)) as Row[]));
      looked += numbers.length;
      const end = numbers.length < size;
      if (rows.length > limit || end || looked >= MOST_LOOKED_AT) {
        const images = rows.slice(0, limit).map(toImage);
        if (rows.length > limit) return { images, next: { number: rows[limit - 1]!['number'] as number } };
        if (end) return { images };
        const number = numbers.at(-1)!;
        return { images, next: { number }, lookedBackTo: timeOf.get(number) as string };
      }
      below = numbers.at(-1)!;
    }
  } // prettier-ignore

  /** FTS5 query; undefined where a word begins like none that was ever seen. */
  function matchOf(search: Search, { hidden, instruments }: Sight): string | undefined {
    const all: string[] = [];
    for (const name of TOKENS) {
      const value = (search as Record<string, unknown>)[name];
      if (value !== undefined) all.push(quoted(valueToken(name, value as string)));
    }
    if (search.state !== undefined && STATE_TOKENS.includes(search.state))
      all.push(quoted(valueToken('state', search.state)));
    for (const name of ['voltage', 'magnification'] as const) {
      const [from, to] = [search[`${name}From`], search[`${name}To`]];
      if (from !== undefined || to !== undefined) all.push(anyOf(rangeTokens(name, from, to)));
    }
    if (instruments) all.push(anyOf(instruments.map((one) => valueToken('instrument', one))));
    const words = searchWords(search.text ?? '');
    const last = words.at(-1);
    for (const word of new Set(words)) {
      if (word !== last || word.length < MAY_BEGIN) all.push(quoted(word));
      else if (word.length <= 3) all.push(`${quoted(word)} *`);
      else {
        const like = begun.all(word, `${word}\u{10ffff}`, MOST_BEGUN + 1) as string[];
        if (like.length === 0) return undefined;
        all.push(like.length > MOST_BEGUN ? `${quoted(word)} *` : anyOf(like));
      }
    }
    if (all.includes('')) return undefined;
    const match = all.length ? all.join(' AND ') : quoted(EVERY_IMAGE);
    return hidden.length ? `(${match}) NOT ${anyOf(hidden.map((one) => valueToken('project', one)))}` : match;
  }

  const seen = db.prepare(`${SELECT} WHERE image.sha256 = @sha256 AND ${SEEN}`);

  return {
    /** The first `limit` of them that are there and seen, in the order given. */
    among(sha256s: string[], sight: Sight, limit: number): Image[] {
      const images: Image[] = [];
      for (const sha256 of sha256s) {
        const row = seen.get({ sha256, ...sightValues(sight) }) as Row | undefined;
        if (row) images.push(toImage(row));
        if (images.length === limit) break;
      }
      return images;
    },

    /** Newest first. Text without a single word in it asks for nothing. */
    find(search: Search, sight: Sight, limit: number, after?: After): Found {
      if (search.project !== undefined && sight.hidden.includes(search.project)) return { images: [] };
      const indexed = INDEXED.filter((name) => search[name] !== undefined).length;
      const few = FEW.some((name) => search[name] !== undefined);
      const more = ['detector', 'voltageFrom', 'voltageTo', 'magnificationFrom', 'magnificationTo'].some((name) => name in search); // prettier-ignore
      if (search.text === undefined && (few || (seesAll(sight) && indexed <= 1 && !more)))
        return listed(search, sight, limit, after);
      const match = matchOf(search, sight);
      return match === undefined ? { images: [] } : matched(match, search, sight, limit, after);
    },
  };
}

function conditions({ text: _, ...search }: Search, sight: Sight): string[] {
  const given = (Object.keys(search) as (keyof typeof search)[]).filter((name) => search[name] !== undefined);
  return [...given.map((name) => ROW_CONDITIONS[name]), ...(seesAll(sight) ? [] : [SEEN])];
}

/** better-sqlite3 refuses values that a statement does not name. */
function used(sql: string, values: Record<string, unknown>): Record<string, unknown> {
  const names = new Set([...sql.matchAll(/@(\w+)/g)].map(([, name]) => name!));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

const second = (iso: string): number => Math.floor(Date.parse(iso) / 1000);
const quoted = (token: string): string => `"${token}"`;
const anyOf = (tokens: string[]): string => (tokens.length ? `(${tokens.map(quoted).join(' OR ')})` : '');
