// Withholds what the config says not to forward, and lets go of it once the day has come or the entry is gone: a little at a time, beside everything else.

import { inForce, utcDay, type Withheld } from '../domain/publish.ts';
import type { Store } from '../store/store.ts';

export type WithholderDeps = {
  store: Store;
  withhold: readonly Withheld[];
  now: () => Date;
  /** Something may be owed again. */
  onChange: () => void;
  /** What went wrong; it is tried again. */
  onTrouble: (error: unknown) => void;
};

const EVERY_MS = 500;
/** Others are served between two of these. */
const BUSY_MS = 40;

export function startWithholder({ store, withhold, now, onChange, onTrouble }: WithholderDeps) {
  /** Those that hold something back on this day, as text to compare. */
  const rulesOn = (day: string) => JSON.stringify(inForce(withhold, day).filter(({ forward }) => !forward));
  let day = utcDay(now());
  let after: number | undefined = store.withholding.wentBy(rulesOn(day)) ? undefined : 0;

  function round(): void {
    const today = utcDay(now());
    if (today !== day) {
      day = today;
      if (!store.withholding.wentBy(rulesOn(day))) after = 0;
    }
    if (after === undefined) return;
    const start = performance.now();
    while (after !== undefined && performance.now() - start < BUSY_MS)
      after = store.withholding.step(after, withhold, now());
    if (after === undefined) store.withholding.goneBy(rulesOn(day));
    onChange();
  }
  const timer = setInterval(() => {
    try {
      round();
    } catch (error) {
      onTrouble(error);
    }
  }, EVERY_MS);
  return { close: () => clearInterval(timer) };
}
