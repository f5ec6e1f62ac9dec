// The connection to the service: counts up when something happened there, and says when it is lost. Reconnects by itself.

import { useEffect, useState } from 'preact/hooks';
import { atRest } from './at-work.ts';

/** Two beats of the server (10 s each) and a little. */
const SILENCE_MS = 25_000;
const RETRY_MS = 2_000;
/** A burst of events makes one look, not a hundred. */
const GATHER_MS = 200;
/** A page that is to be loaded anew looks so often whether somebody is in the middle of something. */
const REST_MS = 1_000;

export type Live = { connected: boolean; tick: number };

export function useLive(): Live {
  const [live, setLive] = useState<Live>({ connected: true, tick: 0 });
  useEffect(() => {
    let source: EventSource | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;
    let gather: ReturnType<typeof setTimeout> | undefined;
    let reload: ReturnType<typeof setInterval> | undefined;
    let version: string | undefined;

    function heard(): void {
      clearTimeout(silence);
      silence = setTimeout(lost, SILENCE_MS);
    }
    function changed(): void {
      heard();
      gather ??= setTimeout(() => {
        gather = undefined;
        setLive(({ tick }) => ({ connected: true, tick: tick + 1 }));
      }, GATHER_MS);
    }
    function lost(): void {
      setLive((live) => ({ ...live, connected: false }));
      open();
    }
    function open(): void {
      close();
      source = new EventSource('/api/events');
      heard(); // also one that never answers is given up
      source.addEventListener('hello', (event) => {
        const now = (JSON.parse(event.data as string) as { version: string }).version;
        // the service was updated: its pages too, but not under somebody's hands
        if (version !== undefined && version !== now)
          reload ??= setInterval(() => atRest() && location.reload(), REST_MS);
        version = now;
        changed();
      });
      source.addEventListener('history', changed);
      source.addEventListener('reload', changed);
      source.addEventListener('beat', heard);
      source.onerror = () => {
        setLive((live) => ({ ...live, connected: false }));
        // the browser tries again after a broken line, but not after an error status
        clearTimeout(silence);
        silence = setTimeout(open, RETRY_MS);
      };
    }
    function close(): void {
      source?.close();
      clearTimeout(silence);
    }
    // a browser grants six connections a host: a hidden page gives its own back
    function follow(): void {
      if (document.hidden) close();
      else open();
    }
    open();
    document.addEventListener('visibilitychange', follow);
    return () => {
      close();
      clearTimeout(gather);
      clearInterval(reload);
      document.removeEventListener('visibilitychange', follow);
    };
  }, []);
  return live;
}
