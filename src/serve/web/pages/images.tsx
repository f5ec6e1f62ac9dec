// The gallery: what the search line asks for, newest first and by day; the address holds the search. Changes nothing.

import { useMemo, useRef, useState } from 'preact/hooks';
import { ApiError, api, type ImageList, type ImageSummary } from '../api.ts';
import { SearchLine } from '../components/search-line.tsx';
import { Tile } from '../components/tile.tsx';
import { Trouble } from '../components/trouble.tsx';
import { dayOf, when } from '../format.ts';
import { PAGE } from '../image-list.ts';
import type { PageProps } from '../page-props.ts';
import { addressOf, queryOf } from '../search-query.ts';
import { useAsked } from '../use-asked.ts';
import '../style/images.css';

/** A browser keeps so many tiles; what is older is searched for by date, or gone on to. */
const MOST = 600;

export function ImagesPage({ route, live, status, person, needName }: PageProps) {
  const address = route.page === 'images' ? route.query : '';
  const query = useMemo(() => queryOf(address), [address]);
  const [kept, setKept] = useState<{ address: string; list: ImageList; cut: boolean }>();
  const [said, say] = useState('');
  const grid = useRef<HTMLDivElement>(null);
  const { ask, busy, error } = useAsked(address, live.tick, look);
  const have = kept?.address === address ? kept.list : undefined;
  // those of the search before stay until there are others, or there can be none
  const shown = have || !error ? kept : undefined;
  const list = shown?.list;
  const cut = shown?.cut ?? false;

  function look(): void {
    // new ones are looked for only while nothing older was asked for: a list never jumps under somebody who reads it
    if (have && have.items.length > PAGE) return;
    const page = { ...query, limit: String(PAGE) };
    ask(api.images(page), (found) => setKept({ address, list: found, cut: false }));
  }
  function older({ items, next }: ImageList): void {
    ask(api.images({ ...query, limit: String(PAGE), cursor: next! }), (found) => {
      const all = [...items, ...found.items];
      setKept({ address, list: { ...found, items: all.slice(-MOST) }, cut: cut || all.length > MOST });
    });
  }

  function retry(image: ImageSummary, by = person.name): void {
    if (!by) return needName((given) => retry(image, given));
    api.retry(image.sha256, by).then(
      () => say(`${image.name} is tried again.`),
      (problem: unknown) => {
        if (!(problem instanceof ApiError)) throw problem;
        say(`${problem.message} ${problem.hint}`);
      },
    );
  }
  const items = list?.items ?? [];
  const searching = Object.keys(query).length > 0;
  return (
    <main class="page wide-page images" aria-busy={busy}>
      <h1 class="unseen">Images</h1>
      <SearchLine
        query={query}
        change={(next) => (location.hash = addressOf(next))}
        instruments={status?.roots.map(({ instrument }) => instrument) ?? []}
      />
      <p role="status" class="quiet found">
        {list && foundWords(items.length, list, cut)} {said}
      </p>
      <Trouble error={error} />
      {list && items.length === 0 && !error && (
        <p class="none">
          {list.lookedBackTo
            ? 'None so far.'
            : searching
              ? 'No image is like that. Take a filter away, or fewer words: every word must be there.'
              : 'Images appear here as soon as the microscope saves them.'}
        </p>
      )}
      <div ref={grid} onKeyDown={(event) => walk(event, grid.current!)}>
        {byDay(items).map(([day, images]) => (
          <section key={day} aria-label={day}>
            <h2>{day}</h2>
            <ul class="grid">
              {images.map((image) => (
                <Tile
                  key={image.sha256}
                  image={image}
                  page="image"
                  pauses={status?.pauses}
                  retry={() => retry(image)}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
      {list?.next && (
        <button class="older" disabled={busy || !have} onClick={() => older(list)}>
          {list.lookedBackTo ? `Look further back than ${when(list.lookedBackTo)}` : 'Show older'}
        </button>
      )}
      <footer>
        Programs can ask for all of this: <a href="#/api">API</a>. <kbd>?</kbd> lists the keys.
      </footer>
    </main>
  );
}

function foundWords(n: number, { next, lookedBackTo }: ImageList, cut: boolean): string {
  const images = `${n} image${n === 1 ? '' : 's'}`;
  const top = cut ? `; newer ones are not kept on the page, the search brings them back` : '';
  if (lookedBackTo) return `${images}, looked back to ${when(lookedBackTo)}${top}`;
  return next ? `The ${cut ? '' : 'newest '}${images}; there are more${top}` : `${images}${top}`;
}

function byDay(images: ImageSummary[]): [string, ImageSummary[]][] {
  const days = new Map<string, ImageSummary[]>();
  for (const image of images) {
    const day = dayOf(image.settledAt);
    days.set(day, [...(days.get(day) ?? []), image]);
  }
  return [...days];
}

const STEPS: Record<string, (i: number, columns: number, last: number) => number> = {
  ArrowRight: (i) => i + 1,
  ArrowLeft: (i) => i - 1,
  ArrowDown: (i, columns) => i + columns,
  ArrowUp: (i, columns) => i - columns,
  Home: () => 0,
  End: (_, __, last) => last,
};

/** Arrows go from tile to tile; Enter opens a link anyway. */
function walk(event: KeyboardEvent, grid: HTMLElement): void {
  const step = STEPS[event.key];
  const links = [...grid.querySelectorAll<HTMLElement>('.tile .thumb')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  if (!step || at < 0) return;
  event.preventDefault();
  const row = links[at]!.closest('.grid')!;
  const columns = getComputedStyle(row).gridTemplateColumns.split(' ').length;
  const to = Math.min(links.length - 1, Math.max(0, step(at, columns, links.length - 1)));
  links[to]!.focus();
}
