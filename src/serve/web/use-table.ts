// What the Answer page has on its table: the queue, the line at the bottom, what can be undone. Shared by what looks (use-looks.ts) and what sends (use-queue.ts); does neither.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { FactValues } from './api.ts';
import type { Question } from './blind.ts';
import { EMPTY, type Queue } from './queue.ts';

/** How long a note stays that says only why nothing was done. */
const NOTE_MS = 5000;

/** The line at the bottom: what was done, what cannot be, what happened, what went wrong. */
export type Said = {
  tone: 'calm' | 'note' | 'lost' | 'bad';
  text: string;
  /** that somebody else answered this image: gone once it is asked again */
  answered?: string;
  /** that it is not known what became of what was sent: gone once the service was heard of */
  unknown?: true;
};

/** What somebody did here: said at the bottom beside the Undo that takes back this and nothing else. `by`: only who did it takes it back with a key. */
export type Undo = { text: string; by: string } & (AnswerUndo | FactsUndo);
/** `check`: as it was shown, without what the machine said. */
type AnswerUndo = { does: 'answer'; sha256: string; promptVersion: number; words: string; check?: Question };
/** `was`: what these images said before. */
type FactsUndo = { does: 'facts'; sha256s: string[]; was: FactValues };

/** What was typed and marked for an image: it goes with the answer to that one. `untaught`: nothing is learned from it. */
export type Along = { note: string; untaught: boolean };
export const NOTHING_ALONG: Along = { note: '', untaught: false };

export type Table = ReturnType<typeof useTable>;

export function useTable() {
  const [queue, setQueue] = useState<Queue>(EMPTY);
  const [waiting, setWaiting] = useState<number>();
  const [said, say] = useState<Said>();
  const [undos, setUndos] = useState<Undo[]>([]);
  const now = useRef(queue);
  now.current = queue;
  const busy = useRef(false);
  /** counts what was sent: a list asked for before one of them is out of date */
  const writes = useRef(0);
  /** a look waits for what is being sent, or for a dialog that is open */
  const late = useRef(false);
  /** an answer of which it is not known whether it arrived */
  const unsure = useRef<{ sha256: string; by: string }>(undefined);
  /** by image: skipped, it is there when the image comes again */
  const [alongs, setAlongs] = useState<Record<string, Along>>({});
  const noteNow = useRef(alongs);
  noteNow.current = alongs;
  const noteOf = (sha256: string) => noteNow.current[sha256]?.note ?? '';
  const drop = (sha256: string) => setAlongs(({ [sha256]: _, ...rest }) => rest);

  useEffect(() => {
    if (said?.tone !== 'note') return;
    const timer = setTimeout(() => say(undefined), NOTE_MS);
    return () => clearTimeout(timer);
  }, [said]);

  return {
    queue,
    setQueue,
    waiting,
    setWaiting,
    said,
    say,
    undos,
    setUndos,
    now,
    busy,
    writes,
    late,
    unsure,
    alongs,
    setAlongs,
    noteOf,
    drop,
  };
}
