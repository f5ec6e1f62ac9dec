// A list of images on a page: the newest, looked at again when something happened, and older ones on request. Images of two questions never stand in one list.

import { useState } from 'preact/hooks';
import { behind, limitFor, PAGE, renewed, type Loaded } from './image-list.ts';
import { useAsked } from './use-asked.ts';

/** `what`: another one is another list. `load` asks the service. */
export function useImages<T extends Loaded>(
  what: string,
  tick: number,
  load: (page: { limit: string; cursor?: string }) => Promise<T>,
) {
  const [kept, setKept] = useState<{ what: string; list: T }>();
  const { ask, busy, error } = useAsked(what, tick, look);
  const have = kept?.what === what ? kept.list : undefined;

  function look(): void {
    ask(load({ limit: limitFor(have) }), (found) => setKept({ what, list: renewed(have, found) }));
  }
  function older({ list, cursor }: { list: T; cursor: string }): void {
    ask(load({ limit: String(PAGE), cursor }), (found) => setKept({ what, list: behind(list, found) }));
  }
  const cursor = have?.next;
  return {
    /** the one before stays until the new one is there, or cannot be had */
    list: have ?? (error ? undefined : kept?.list),
    older: have && cursor !== undefined ? () => older({ list: have, cursor }) : undefined,
    busy,
    error,
  };
}
