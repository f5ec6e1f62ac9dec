// What the page of a series knows and does: loads it with its images, splits off, joins. Compares images only when the page opens or something was moved; draws nothing.

import { useRef, useState } from 'preact/hooks';
import { ApiError, api, type FullSeries, type ImageSummary } from './api.ts';
import type { Live } from './live.ts';
import { useAsked } from './use-asked.ts';
import { useImages } from './use-images.ts';

/** What was done, and how it is taken back. */
export type Done = { words: string; back?: { from: number; into: number } };

export function useSeries(
  id: number,
  live: Live,
  by: string | undefined,
  needName: (then: (name: string) => void) => void,
) {
  const [whole, setWhole] = useState<FullSeries>();
  const [done, setDone] = useState<Done>();
  /** counts what this page moved: what was compared before is out of date */
  const [moves, setMoves] = useState(0);
  const compared = useRef(-1);

  const comparing = useAsked(String(moves), live.tick, () => {
    if (compared.current === moves) return;
    comparing.ask(api.fullSeries(id), (found) => {
      compared.current = moves;
      setWhole(found);
    });
  });
  const { list, older, busy, error } = useImages('', live.tick + moves, async (page) => {
    const [found, series] = await Promise.all([api.images({ series: String(id), ...page }), api.series(id)]);
    return { ...found, series };
  });

  async function write(work: (by: string) => Promise<Done>, name = by): Promise<void> {
    if (!name) return needName((given) => void write(work, given));
    try {
      setDone(await work(name));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setDone({ words: `${error.message} ${error.hint}` });
    }
  }
  const move = (work: (by: string) => Promise<Done>) =>
    write((name) => work(name).finally(() => setMoves((n) => n + 1)));

  return {
    full: whole && list && { ...whole, series: list.series },
    missing: ['not_found', 'bad_request'].includes(comparing.error?.code ?? ''),
    images: list?.items,
    older,
    busy,
    error: comparing.error ?? error,
    done,
    split: (sha256s: string[]) =>
      move(async (name) => {
        const { series, moved } = await api.splitSeries(id, sha256s, name);
        const them = moved === 1 ? '1 image is' : `${moved} images are`;
        return { words: `${them} the series ${series.name} now.`, back: { from: series.id, into: id } };
      }),
    /** `from`: the one that is shown, or one that was split off. */
    join: (from: number, into: number) =>
      move(async (name) => {
        const { series, moved } = await api.joinSeries(from, into, name);
        return { words: `${moved === 1 ? '1 image' : `${moved} images`} went into ${series.name}.` };
      }),
    retry: ({ sha256, name: image }: ImageSummary) =>
      void write(async (name) => {
        await api.retry(sha256, name);
        return { words: `${image} is tried again.` };
      }),
  };
}
