// What waits for a second click because it has no way back. Forgotten after a few seconds, and by a click on anything else.

import { useEffect, useState } from 'preact/hooks';

const SURE_MS = 5000;

/** `asked`: what the second click would do. */
export function useSure<T>() {
  const [asked, ask] = useState<T>();
  useEffect(() => {
    if (asked === undefined) return;
    const forget = () => ask(undefined);
    const timer = setTimeout(forget, SURE_MS);
    // bubbles up here after the button itself has acted
    addEventListener('click', forget);
    return () => {
      clearTimeout(timer);
      removeEventListener('click', forget);
    };
  }, [asked]);
  return { asked, ask };
}
