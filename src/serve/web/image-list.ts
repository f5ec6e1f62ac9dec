// What a list of images holds: the newest, as many as were loaded already, and older ones behind them. Pure.

import type { ImageList } from './api.ts';

export const PAGE = 60;
/** One answer of the service holds as many at most. */
const MOST = 500;

export type Loaded = Pick<ImageList, 'items' | 'next'>;

/** So many of the newest are asked for: a look at them never shortens a list. */
export const limitFor = (have: Loaded | undefined): string =>
  String(Math.min(MOST, Math.max(PAGE, have?.items.length ?? 0)));

/** The newest as they are now; what one answer has no room for stays behind them as it was. */
export function renewed<T extends Loaded>(have: Loaded | undefined, found: T): T {
  if (!have || have.items.length <= MOST) return found;
  const now = new Set(found.items.map(({ sha256 }) => sha256));
  const last = have.items.findLastIndex(({ sha256 }) => now.has(sha256));
  // nothing in common: what lies between them is not known
  if (last < 0) return found;
  return behind(found, { items: have.items.slice(last + 1), ...(have.next ? { next: have.next } : {}) });
}

/** `list` with older ones behind it. */
export function behind<T extends Loaded>(list: T, { items, next }: Loaded): T {
  const all = { ...list, items: [...list.items, ...items] };
  if (next === undefined) delete all.next;
  else all.next = next;
  return all;
}
