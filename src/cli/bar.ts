// The progress bar of long work: done, rate, time left. On a terminal's stderr only; results never come here.

import { SingleBar } from 'cli-progress';

/** `unit`: what is counted, for people: `images`. The rate is that since the start. */
export async function withBar<T>(
  name: string,
  unit: string,
  total: number,
  run: (at: (done: number) => void) => Promise<T>,
): Promise<T> {
  const bar = new SingleBar({
    format: `${name} {bar} {value}/{total} ${unit}, {rate}/s, {eta_formatted} left`,
    stream: process.stderr,
    clearOnComplete: true,
  });
  if (process.stderr.isTTY) bar.start(total, 0, { rate: '-' });
  const start = performance.now();
  try {
    return await run((done) => {
      const rate = (1000 * done) / (performance.now() - start);
      bar.update(done, { rate: rate < 10 ? rate.toFixed(1) : rate.toFixed(0) });
    });
  } finally {
    bar.stop();
  }
}
