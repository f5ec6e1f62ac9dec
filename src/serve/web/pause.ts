// Whether questions are held back because images are being taken: until nothing new has come for a minute. Never takes away a picture that is on the screen.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Status } from './api.ts';

/** So long nothing new has settled: whoever takes images has a hand free. */
export const PAUSE_S = 60;
const LOOK_MS = 1000;

/** Seconds since the newest image of any instrument settled, when the service said so; undefined where none has. */
export function restingFor({ at, roots }: Pick<Status, 'at' | 'roots'>): number | undefined {
  const newest = roots.flatMap(({ settledAt }) => (settledAt === undefined ? [] : [Date.parse(settledAt)]));
  return newest.length === 0 ? undefined : (Date.parse(at) - Math.max(...newest)) / 1000;
}

/** `held`: questions wait for a pause. `askNow`: not in this run of images. */
export function usePause(
  inPauses: boolean,
  status: Status | undefined,
): { held: boolean; askNow: () => void } {
  const [asksNow, setAsksNow] = useState(false);
  const [, look] = useState(0);
  const said = useRef({ status, at: performance.now() });
  if (said.current.status !== status) said.current = { status, at: performance.now() };
  const resting = status && restingFor(status);
  // by the service's clock as it was then, and this one's steps since
  const taking = resting !== undefined && resting + (performance.now() - said.current.at) / 1000 < PAUSE_S;
  useEffect(() => {
    if (!inPauses || !taking) return;
    const timer = setInterval(() => look((n) => n + 1), LOOK_MS);
    return () => clearInterval(timer);
  }, [inPauses, taking]);
  useEffect(() => {
    if (!taking) setAsksNow(false);
  }, [taking]);
  return { held: inPauses && taking && !asksNow, askNow: () => setAsksNow(true) };
}
