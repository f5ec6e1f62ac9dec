// Seeded random numbers: the same seed gives the same row of numbers on every machine. Not for secrets.

/** Numbers in 0..1 (mulberry32 by Tommy Ettinger, public domain: 32 bits of state, integer arithmetic only). */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
