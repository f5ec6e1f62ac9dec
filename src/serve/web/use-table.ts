// What the Answer page has on its table: the queue, the line at the bottom, what can be undone. Shared by what looks (use-looks.ts) and what sends (use-queue.ts); does neither.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Question } from './blind.ts';
import { EMPTY, type Queue } from './queue.ts';

/** How long a note stays that says only why nothing was done. */
const NOTE_MS = 5000;

/** The line at the bottom: what was done, what cannot be, what happened, what went wrong. */
export type Said = { tone: 'calm' | 'note' | 'lost' | 'bad'; text: string };

/** `by`: only who gave an answer takes it back with a key. `check`: as it was shown, without what the machine said. */
export type Undo = { sha256: string; promptVersion: number; words: string; by: string; check?: Question };

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
  /** the note for the image on the screen, which goes with no other */
  const note = useRef('');

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
    note,
  };
}
