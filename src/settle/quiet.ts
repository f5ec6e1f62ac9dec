// How long a file has stood still, by the monotonic clock and our own looks at it: clocks of shares and instrument PCs are not to be compared. Pure.

export type Observation = {
  size: number;
  mtime_ns: string;
  /** when it was first seen like this, milliseconds of the monotonic clock */
  since: number;
  /** when to look again */
  nextAt: number;
  /** how often a copy was not whole although the file stood still */
  copies: number;
  /** when the first of these tries failed; giving up counts from there */
  failingSince?: number;
};

/** A copy that was not whole is made again after quiet x 2^n, at most this long after the last. */
const LONGEST_WAIT_MS = 60_000;

/** A file whose last bytes are zeros may be reserved space that is still to be filled: it must stand still this many times longer. */
export const ZEROS_FACTOR = 3;

export function firstLook(
  stamp: { size: number; mtime_ns: string },
  now: number,
  quietMs: number,
): Observation {
  return { ...stamp, since: now, nextAt: now + quietMs, copies: 0 };
}

/** The observation after another look. */
export function lookAgain(
  before: Observation,
  stamp: { size: number; mtime_ns: string },
  now: number,
  quietMs: number,
): Observation {
  if (before.size !== stamp.size || before.mtime_ns !== stamp.mtime_ns) return firstLook(stamp, now, quietMs);
  return before;
}

export function stoodStill(o: Observation, now: number): number {
  return now - o.since;
}

/** After a copy that was not whole. */
export function notWhole(o: Observation, now: number, quietMs: number): Observation {
  const wait = Math.min(LONGEST_WAIT_MS, Math.max(200, quietMs) * 2 ** o.copies);
  return { ...o, copies: o.copies + 1, nextAt: now + wait, failingSince: o.failingSince ?? now };
}
