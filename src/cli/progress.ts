// The progress bar of long work: done, rate and time left, on a terminal's stderr. Nothing elsewhere, so that logs stay readable.

import { SingleBar } from 'cli-progress';

export type Bar = { at(done: number): void; stop(): void };

/** `unit`: what is counted, in the plural. Undefined where nobody would see it, or it would only flicker. */
export function progressBar(total: number, what: string, unit = 'images'): Bar | undefined {
  if (!process.stderr.isTTY || total < 2) return undefined;
  const bar = new SingleBar({
    format: `${what} {bar} {value}/{total} ${unit}, {rate} a second, {eta_formatted} left`,
    stream: process.stderr,
    clearOnComplete: true,
  });
  const start = performance.now();
  bar.start(total, 0, { rate: '-' });
  return {
    at(done) {
      const rate = (1000 * done) / (performance.now() - start);
      bar.update(done, { rate: rate < 10 ? rate.toFixed(1) : rate.toFixed(0) });
    },
    stop: () => bar.stop(),
  };
}

/** The bar of a work that tells how far it is; gone when it ends, well or not. */
export async function withBar<T>(
  what: string,
  unit: string,
  total: number,
  work: (at: (done: number) => void) => Promise<T>,
): Promise<T> {
  const bar = progressBar(total, what, unit);
  try {
    return await work((done) => bar?.at(done));
  } finally {
    bar?.stop();
  }
}
