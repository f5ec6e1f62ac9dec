// What a page asks the service for, and asks for again when something happened there. Only the newest answer counts: one that came too late is forgotten, what went wrong is said until it is right again.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from './api.ts';

/** `what`: another one is another question. `look` asks by `ask`, or does nothing where there is nothing new to ask. */
export function useAsked(what: string, tick: number, look: () => void) {
  const asked = useRef(0);
  const seen = useRef(tick);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();

  function ask<T>(question: Promise<T>, then: (found: T) => void): void {
    const mine = ++asked.current;
    setBusy(true);
    question.then(
      (found) => {
        if (mine !== asked.current) return;
        setBusy(false);
        setError(undefined);
        then(found);
      },
      (problem: unknown) => {
        if (mine !== asked.current) return;
        setBusy(false);
        if (!(problem instanceof ApiError)) throw problem;
        setError(problem);
      },
    );
  }

  // before anything is painted: the answer takes longer
  useLayoutEffect(() => {
    seen.current = tick;
    setError(undefined);
    look();
  }, [what]);
  // what happens while an answer is awaited is looked at after it
  useEffect(() => {
    if (busy || seen.current === tick) return;
    seen.current = tick;
    look();
  }, [tick, busy]);
  useEffect(() => () => void asked.current++, []);
  return { ask, busy, error };
}
