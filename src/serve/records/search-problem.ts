// What is wrong with a search that its schema cannot say: it would find nothing, or everything, without a word. Pure.

import { isDay } from '../../domain/day.ts';
import { searchWords } from '../../domain/search-words.ts';
import type { PublicSearch } from '../../store/publication-search.ts';

const TIME = /^([01]\d|2[0-3])(:[0-5]\d(:[0-5]\d(\.\d+)?)?)?$/;

/** Undefined where nothing is. */
export function searchProblem(search: PublicSearch): string | undefined {
  const { text, from, to } = search;
  if (text !== undefined && searchWords(text).length === 0) return 'q: has no letter and no digit';
  for (const [name, moment] of Object.entries({ from, to }))
    if (moment !== undefined && !isMoment(moment)) return `${name}: there is no ${moment}`;
  // what begins like the end belongs to it
  if (from !== undefined && to !== undefined && from > to && !from.startsWith(to))
    return 'from is later than to';
  for (const name of ['voltage', 'magnification'] as const)
    if ((search[`${name}From`] ?? 0) > (search[`${name}To`] ?? Infinity))
      return `${name}From is above ${name}To`;
  return undefined;
}

/** A year, a month, a day or a moment. */
function isMoment(text: string): boolean {
  const [date = '', time] = text.split('T');
  return isDay(`${date}-01-01`.slice(0, 10)) && (time === undefined || TIME.test(time));
}
