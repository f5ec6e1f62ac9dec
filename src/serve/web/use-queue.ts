// What the Answer page does to images: shows the next one, answers, takes back, notices lost races. Holds the queue; draws nothing.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Answer } from '../../domain/label.ts';
import { ApiError, api, pictureUrl, type FactValues, type ImageSummary, type ImageView } from './api.ts';
import { byWhom, labelWords } from './flags.ts';
import { age } from './format.ts';
import type { Live } from './live.ts';
import { coming, corrected, done, EMPTY, refreshed, show, skip, type Queue } from './queue.ts';

const AHEAD = 20;
/** How many pictures are loaded before they are asked for. */
const PRELOAD = 2;

/** The line at the bottom: what was done, what happened, what went wrong. */
export type Said = { tone: 'calm' | 'lost' | 'bad'; text: string };

type Undo = { sha256: string; promptVersion: number; words: string };

export type Work = ReturnType<typeof useQueue>;

export function useQueue(
  pinned: string | undefined,
  live: Live,
  by: string | undefined,
  needName: () => void,
) {
  const [queue, setQueue] = useState<Queue>(EMPTY);
  const [waiting, setWaiting] = useState<number>();
  const [said, say] = useState<Said>();
  const [undos, setUndos] = useState<Undo[]>([]);
  const now = useRef(queue);
  now.current = queue;
  const busy = useRef(false);
  /** counts writes: a list asked for before one of them is out of date */
  const writes = useRef(0);

  async function refresh(): Promise<void> {
    const before = writes.current;
    const { items, waiting } = await api.prompts(AHEAD);
    if (before !== writes.current || busy.current) return refresh();
    const { current } = now.current;
    setWaiting(waiting);
    setQueue((q) => refreshed(q, items));
    if (current?.state === 'asked' && !items.some((i) => i.sha256 === current.sha256)) await look(current);
  }

  /** The image on the screen has left the list: someone answered it, or it is far behind in a long queue. */
  async function look(current: ImageView): Promise<void> {
    const image = await api.image(current.sha256);
    const still = now.current.current?.sha256 === current.sha256 && !busy.current;
    if (still && image.state !== 'asked') lose(image);
  }

  function lose(image: ImageSummary): void {
    say({ tone: 'lost', text: whatHappened(image) });
    setQueue(done);
  }

  useEffect(() => {
    refresh().catch(() => undefined); // the line above says that the connection is lost
  }, [live.tick]);

  useEffect(() => {
    if (pinned === undefined) {
      // back to the queue from an image that does not wait
      if (now.current.current && now.current.current.state !== 'asked') setQueue(done);
      return;
    }
    api.image(pinned).then(
      (image) => setQueue((q) => show(q, image)),
      (error: Error) => say({ tone: 'bad', text: error.message }),
    );
  }, [pinned]);

  useEffect(() => {
    for (const image of coming(queue).slice(0, PRELOAD))
      if (image.hasPicture) new Image().src = pictureUrl(image.sha256);
  }, [queue]);

  /** One thing at a time: a second key before the first is through does nothing. */
  async function write(work: (by: string) => Promise<void>): Promise<void> {
    if (busy.current) return;
    if (by === undefined) return needName();
    busy.current = true;
    try {
      await work(by);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 'stale_prompt' && error.image) lose(error.image);
      else say({ tone: 'bad', text: `${error.message} ${error.hint}` });
    } finally {
      writes.current++;
      busy.current = false;
    }
  }

  return {
    queue,
    waiting,
    said,
    undoable: undos.length > 0,

    answer: (answer: Answer) =>
      write(async (by) => {
        const { current } = now.current;
        if (!current) return;
        const version = current.state === 'asked' ? { promptVersion: current.promptVersion } : {};
        const { image } = await api.label(current.sha256, { answer, by, ...version });
        const words = labelWords(image.label!);
        const { sha256, promptVersion, name } = image;
        setUndos((list) => [...list.slice(-19), { sha256, promptVersion, words }]);
        say({ tone: 'calm', text: `${words}: ${name}` });
        setWaiting((n) => (n === undefined || current.state !== 'asked' ? n : Math.max(0, n - 1)));
        setQueue(done);
      }),

    undo: () =>
      write(async (by) => {
        const last = undos.at(-1);
        if (!last) return say({ tone: 'calm', text: 'Nothing to undo on this page.' });
        setUndos((list) => list.slice(0, -1)); // also when it fails: it would fail again
        await api.undo(last.sha256, { by, promptVersion: last.promptVersion });
        const image = await api.image(last.sha256);
        setQueue((q) => show(q, image));
        setWaiting((n) => n && n + 1);
        say({ tone: 'calm', text: `Taken back: ${last.words}. ${image.name} is asked again.` });
      }),

    correctFacts: (sha256s: string[], facts: FactValues) =>
      write(async (by) => {
        const { items } = await api.correctFacts(sha256s, facts, by);
        setQueue((q) => corrected(q, items));
        const what = items.length === 1 ? items[0]!.name : `${items.length} images`;
        say({ tone: 'calm', text: `Corrected ${Object.keys(facts).join(', ')}: ${what}` });
      }),

    skip: (): void => {
      if (coming(now.current).length === 0) say({ tone: 'calm', text: 'This is the only one that waits.' });
      else setQueue(skip);
    },
  };
}

function whatHappened(image: ImageSummary): string {
  const { label, name } = image;
  if (label?.basis === 'answer')
    return `${label.by} answered this ${age(label.at)} ago: ${labelWords(label)}`;
  return `${name} went on without an answer: ${byWhom(label).toLowerCase()}.`;
}
