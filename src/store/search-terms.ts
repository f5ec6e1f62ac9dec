// The tokens that an image is found by: its words, and one for each value that lists filter by. SQLite calls this when an image changes; it knows no query.

import { createHash } from 'node:crypto';
import { categoryTitle, isCategory } from '../domain/categories.ts';
import { foundBy } from '../domain/search-words.ts';
import type { Db } from './open.ts';

/** Words are letters alone or digits alone: a token of a letter and a digit is never one. */
export const EVERY_IMAGE = 'a0';

/** What is compared as it is. */
export type TokenName = 'instrument' | 'project' | 'operator' | 'sample' | 'detector' | 'state' | 'category' | 'basis'; // prettier-ignore
const LETTER: Record<TokenName, string> = { instrument: 'i', project: 'p', operator: 'o', sample: 's', detector: 'd', state: 't', category: 'c', basis: 'b' }; // prettier-ignore

/** 48 bits of a hash: rows are compared with the value itself once they are found. */
export function valueToken(name: TokenName, value: string): string {
  return `${LETTER[name]}0${createHash('sha256').update(value).digest('hex').slice(0, 12)}`;
}

/** The states that few images are in; what is in another one is read off the row. */
export const STATE_TOKENS: readonly string[] = ['asked', 'quarantined'];

export type RangeName = 'voltage' | 'magnification';
const RANGE_LETTER: Record<RangeName, string> = { voltage: 'v', magnification: 'm' };
/** A step is 12 %: 4.5 to 5.5 kV lie in two of them. */
const STEPS = 20;
const LOWEST = -3;
const HIGHEST = 9;

const stepOf = (value: number): number =>
  Math.floor(Math.min(HIGHEST, Math.max(LOWEST, Math.log10(value))) * STEPS) - LOWEST * STEPS;
const fine = (name: RangeName, step: number) => `${RANGE_LETTER[name]}1${step.toString(36)}`;
const decade = (name: RangeName, step: number) => `${RANGE_LETTER[name]}2${step / STEPS}`;

/** Tokens of which an image in this range has at least one; some have one and lie just outside of it. */
export function rangeTokens(name: RangeName, from: number | undefined, to: number | undefined): string[] {
  const last = to === undefined ? stepOf(10 ** HIGHEST) : to > 0 ? stepOf(to) : 0;
  let step = from === undefined || from <= 0 ? 0 : stepOf(from);
  const tokens: string[] = [];
  while (step <= last) {
    const whole = step % STEPS === 0 && step + STEPS - 1 <= last;
    tokens.push(whole ? decade(name, step) : fine(name, step));
    step += whole ? STEPS : 1;
  }
  return tokens;
}

function valueTokens(name: RangeName, value: number | null): string[] {
  if (value === null || !(value > 0)) return [];
  const step = stepOf(value);
  return [fine(name, step), decade(name, step - (step % STEPS))];
}

type Text = string | null;

function termsOf(
  name: string,
  path: Text,
  note: Text,
  instrument: string,
  project: Text,
  operator: Text,
  sample: Text,
  detector: Text,
  voltage: number | null,
  magnification: number | null,
  state: string,
  category: Text,
  basis: Text,
): string {
  const title = category && isCategory(category) ? categoryTitle(category) : '';
  const words = [name, path, note, instrument, project, operator, sample, detector, title]
    .filter((text) => text !== null)
    .flatMap(foundBy);
  const values = Object.entries({ instrument, project, operator, sample, detector, category, basis })
    .filter((pair): pair is [TokenName, string] => pair[1] !== null)
    .map(([of, value]) => valueToken(of, value));
  const ranges = [...valueTokens('voltage', voltage), ...valueTokens('magnification', magnification)];
  const rare = STATE_TOKENS.includes(state) ? [valueToken('state', state)] : [];
  return [...new Set([EVERY_IMAGE, ...words, ...values, ...ranges, ...rare])].join(' ');
}

/** The triggers of the schema need it: whoever writes to the database has it. */
export function addSearchTerms(db: Db): void {
  db.function('search_terms', { deterministic: true, varargs: true }, (...values: unknown[]) =>
    termsOf(...(values as Parameters<typeof termsOf>)),
  );
}
