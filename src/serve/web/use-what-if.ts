// Asks what thresholds would have done, while a handle is moved: one request at a time, the newest value next. Forgets answers that came too late.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { ThresholdsValue } from '../../domain/decision.ts';
import { api, type ApiError, type WhatIfAnswer } from './api.ts';

export function useWhatIf(
  value: ThresholdsValue | undefined,
  against: number | undefined,
  trouble: (error: ApiError) => void,
): WhatIfAnswer | undefined {
  const [answer, setAnswer] = useState<WhatIfAnswer>();
  const wanted = useRef<[ThresholdsValue, number | undefined]>(undefined);
  const busy = useRef(false);
  const gone = useRef(false);
  useEffect(() => () => void (gone.current = true), []);

  async function ask(): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    for (let next = wanted.current; next && !gone.current; next = wanted.current) {
      wanted.current = undefined;
      try {
        const found = await api.whatIf(...next);
        if (!gone.current) setAnswer(found);
      } catch (error) {
        trouble(error as ApiError);
      }
    }
    busy.current = false;
  }

  const key = JSON.stringify([value, against]);
  useEffect(() => {
    if (!value) return;
    wanted.current = [value, against];
    void ask();
  }, [key]);
  return answer;
}
