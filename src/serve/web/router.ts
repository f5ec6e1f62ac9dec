// The address of a page is the part after #: `#/answer/<sha256>`, `#/today?show=aside`, `#/images?category=Tips`, `#/image/<sha256>`, `#/series/12`, `#/thresholds`. No history of its own.

import { useEffect, useState } from 'preact/hooks';

/** Pages without anything behind their name. */
const PLAIN = ['teaching', 'thresholds', 'health', 'people', 'settings', 'api', 'sign-in'] as const;
type Plain = (typeof PLAIN)[number];

export type Route =
  | { page: 'answer'; sha256?: string }
  | { page: 'today'; show: string }
  | { page: 'images'; query: string }
  | { page: 'image'; sha256: string }
  | { page: 'series'; id: number }
  | { page: Plain; query: string }
  /** an address that is none */
  | { page: 'unknown' };

/** Every page there is. */
export const PAGES: readonly Route['page'][] = ['answer', 'today', 'images', 'image', 'series', ...PLAIN, 'unknown']; // prettier-ignore

export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page, rest = ''] = path.split('/');
  const sha256 = /^[0-9a-f]{64}$/.test(rest) ? rest : undefined;
  if (page === 'today') return { page, show: new URLSearchParams(query).get('show') ?? 'all' };
  if (page === 'images') return { page, query };
  if (page === 'image' && sha256 !== undefined) return { page, sha256 };
  if (page === 'series' && /^[1-9]\d{0,14}$/.test(rest)) return { page, id: Number(rest) };
  const plain = PLAIN.find((name) => name === page);
  if (plain) return { page: plain, query };
  if (page === 'answer' && sha256 !== undefined) return { page, sha256 };
  return rest === '' && (page === '' || page === 'answer') ? { page: 'answer' } : { page: 'unknown' };
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const follow = () => setRoute(routeOf(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}
