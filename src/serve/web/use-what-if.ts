// Asks what thresholds would have done, while a handle is moved: one request at a time, the newest value next. Says of which thresholds an answer is.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { ThresholdsValue } from '../../domain/decision.ts';
import { ApiError, api, type WhatIfAnswer } from './api.ts';

export type Figures = {
  /** the newest that there is */
  answer: WhatIfAnswer | undefined;
  /** the answer is of the value that stands on the handles, beside the version that is compared with */
  current: boolean;
  /** why there is none of them */
  error: ApiError | undefined;
};

/** value, and the version to compare with */
type Wanted = [ThresholdsValue, number | undefined] | undefined;

export function useWhatIf(
  value: ThresholdsValue | undefined,
  against: number | undefined,
  tick: number,
): Figures {
  const [found, setFound] = useState<{ key: string; answer: WhatIfAnswer }>();
  const [failed, setFailed] = useState<{ key: string; error: ApiError }>();
  const wanted = useRef<Wanted>(undefined);
  const busy = useRef(false);
  const gone = useRef(false);
  useEffect(() => () => void (gone.current = true), []);

  async function ask(): Promise<void> {
    if (!value) return;
    wanted.current = [value, against];
    if (busy.current) return;
    busy.current = true;
    for (let next: Wanted = wanted.current; next && !gone.current; next = wanted.current) {
      wanted.current = undefined;
      const key = JSON.stringify(next);
      try {
        const answer = await api.whatIf(...next);
        setFound({ key, answer });
        setFailed(undefined);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        setFailed({ key, error });
      }
    }
    busy.current = false;
  }

  const key = JSON.stringify([value, against]);
  useEffect(() => void ask(), [key]);
  const error = failed?.key === key ? failed.error : undefined;
  useEffect(() => {
    if (error) void ask();
  }, [tick]);
  return { answer: found?.answer, current: found?.key === key, error };
}
