// What somebody is in the middle of: open dialogs, and marks that wait for the answer. Kept for the whole page, since the queue, the keys and a reload all wait for it.

import { useEffect, useLayoutEffect } from 'preact/hooks';

const dialogs = new Set<object>();
const marks = new Set<object>();
const whenClosed = new Set<() => void>();
let closedAt = -Infinity;

export const dialogOpen = (): boolean => dialogs.size > 0;

/** Milliseconds since the last dialog closed: what was meant for it must not be done by the page below. */
export const sinceDialog = (): number => (dialogOpen() ? 0 : performance.now() - closedAt);

/** Nothing is open, marked or being typed: the page may go. */
export const atRest = (): boolean =>
  !dialogOpen() && marks.size === 0 && !document.activeElement?.matches('input, textarea, select');

/** Of a dialog, as long as it is there. */
export function useOpenDialog(): void {
  useLayoutEffect(() => {
    const dialog = {};
    dialogs.add(dialog);
    return () => {
      dialogs.delete(dialog);
      if (dialogOpen()) return;
      closedAt = performance.now();
      for (const go of whenClosed) go();
    };
  }, []);
}

/** Something is marked, typed or ticked that an answer would take along. */
export function useMarks(there: boolean): void {
  useEffect(() => {
    if (!there) return;
    const mark = {};
    marks.add(mark);
    return () => void marks.delete(mark);
  }, [there]);
}

/** Calls `go` once no dialog is open any more; returns what ends that. */
export function onceClosed(go: () => void): () => void {
  whenClosed.add(go);
  return () => void whenClosed.delete(go);
}
