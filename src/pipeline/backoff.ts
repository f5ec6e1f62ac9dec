// How long to wait before the next try: doubling, with a ceiling and some scatter so that many do not come at once.

const FIRST_MS = 1_000;
const CEILING_MS = 300_000;

/** Milliseconds to wait after the `tries`-th failure (1, 2, ...). */
export function backoffMs(tries: number, random: () => number = Math.random): number {
  return Math.min(CEILING_MS, FIRST_MS * 2 ** (tries - 1)) * (0.75 + 0.5 * random());
}
