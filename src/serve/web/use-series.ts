// What the page of a series knows and does: loads it with its images, splits off, joins. Compares images only when the page opens or something was moved; draws nothing.

import { useEffect, useState } from 'preact/hooks';
import { ApiError, api, type FullSeries, type ImageSummary } from './api.ts';
import type { Live } from './live.ts';

const PAGE = 60;
/** One list gives as many. */
const MOST = 500;

/** What was done, and how it is taken back. */
export type Done = { words: string; back?: { from: number; into: number } };

export function useSeries(
  id: number,
  live: Live,
  by: string | undefined,
  needName: (then: (name: string) => void) => void,
) {
  const [full, setFull] = useState<FullSeries>();
  const [missing, setMissing] = useState(false);
  const [images, setImages] = useState<ImageSummary[]>();
  const [next, setNext] = useState<string>();
  const [done, setDone] = useState<Done>();
  /** counts what this page moved: what was compared before is out of date */
  const [moves, setMoves] = useState(0);

  useEffect(() => {
    let current = true;
    api.fullSeries(id).then(
      (found) => current && setFull(found),
      (error: unknown) =>
        current && setMissing(error instanceof ApiError && ['not_found', 'bad_request'].includes(error.code)),
    );
    return () => void (current = false);
  }, [moves]);

  useEffect(() => {
    let current = true;
    const limit = String(Math.min(MOST, Math.max(PAGE, images?.length ?? 0)));
    Promise.all([api.images({ series: String(id), limit }), api.series(id)]).then(
      ([list, series]) => {
        if (!current) return;
        setImages(list.items);
        setNext(list.next);
        setFull((before) => before && { ...before, series });
      },
      () => undefined, // the line above says that the connection is lost
    );
    return () => void (current = false);
  }, [live.tick, moves]);

  async function older(): Promise<void> {
    const list = await api.images({ series: String(id), limit: String(PAGE), cursor: next! });
    setImages((have) => [...(have ?? []), ...list.items]);
    setNext(list.next);
  }

  async function write(work: (by: string) => Promise<Done>, name = by): Promise<void> {
    if (!name) return needName((given) => void write(work, given));
    try {
      setDone(await work(name));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setDone({ words: `${error.message} ${error.hint}` });
    }
    setMoves((n) => n + 1);
  }

  return {
    full,
    missing,
    images,
    older: next === undefined ? undefined : older,
    done,
    split: (sha256s: string[]) =>
      write(async (name) => {
        const { series, moved } = await api.splitSeries(id, sha256s, name);
        const them = moved === 1 ? '1 image is' : `${moved} images are`;
        return { words: `${them} the series ${series.name} now.`, back: { from: series.id, into: id } };
      }),
    /** `from`: the one that is shown, or one that was split off. */
    join: (from: number, into: number) =>
      write(async (name) => {
        const { series, moved } = await api.joinSeries(from, into, name);
        return { words: `${moved === 1 ? '1 image' : `${moved} images`} went into ${series.name}.` };
      }),
  };
}
