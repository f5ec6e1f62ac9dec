// The address of a page is the part after #: `#/answer`, `#/answer/<sha256>`, `#/today?show=aside`, `#/series/12`, `#/teaching`. No history of its own.

import { useEffect, useState } from 'preact/hooks';

export type Route =
  | { page: 'answer'; sha256?: string }
  | { page: 'today'; show: string }
  | { page: 'series'; id: number }
  | { page: 'teaching' };

export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page, rest] = path.split('/');
  if (page === 'today') return { page, show: new URLSearchParams(query).get('show') ?? 'all' };
  if (page === 'teaching') return { page };
  if (page === 'series' && /^[1-9]\d{0,14}$/.test(rest ?? '')) return { page, id: Number(rest) };
  return /^[0-9a-f]{64}$/.test(rest ?? '') ? { page: 'answer', sha256: rest! } : { page: 'answer' };
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
