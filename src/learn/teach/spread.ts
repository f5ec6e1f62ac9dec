// How alike the images of one series are, and whether two subjects lie in it. A proposal for people: the same images in the same order always give the same; nothing is moved by it.

import { cosine } from './neighbours.ts';

export type PlaceSpread = {
  /** mean cosine between two of its images, -1..1 */
  likeness: number;
  /** indices of the images of the two subjects, the larger first; absent where it is one subject, or more than two */
  subjects?: [number[], number[]];
};

/**
 * So much higher the mean cosine within the two groups must be than between them: `prove series` says how many mixed folders are noticed so, and how
 * many of one subject are taken for two. 0.3 and 0.5 moved both by a few.
 */
export const APART = 0.4;
/** A subject has so many images at least: one odd image is no subject. */
export const FEWEST = 3;
/** It settles after a few. */
const ROUNDS = 20;

/** `places`: unit vectors, at least two. */
export function spreadOf(places: Float32Array[]): PlaceSpread {
  const between = places.map((a) => places.map((b) => cosine(a, b)));
  const all = meanOver(between, (i, j) => i < j);
  const second = inTwo(places, between);
  const [one, other] = [false, true].map((side) => [...places.keys()].filter((i) => second[i] === side)) as [number[], number[]]; // prettier-ignore
  const within = meanOver(between, (i, j) => i < j && second[i] === second[j]);
  const across = meanOver(between, (i, j) => i < j && second[i] !== second[j]);
  const two = Math.min(one.length, other.length) >= FEWEST && within - across >= APART;
  return {
    likeness: all,
    ...(two ? { subjects: one.length >= other.length ? [one, other] : [other, one] } : {}),
  };
}

/** Which images belong to the second of two groups: 2-means on the sphere, from the two that are least alike. Of equals the first. */
function inTwo(places: Float32Array[], between: number[][]): boolean[] {
  let [a, b, least] = [0, 1, Infinity];
  for (const [i, row] of between.entries())
    for (let j = i + 1; j < row.length; j++) if (row[j]! < least) [a, b, least] = [i, j, row[j]!];
  let centres = [places[a]!, places[b]!];
  let second: boolean[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const next = places.map((u) => cosine(u, centres[1]!) > cosine(u, centres[0]!));
    if (next.every((side, i) => side === second[i])) break;
    second = next;
    centres = [false, true].map((side) => centreOf(places.filter((_, i) => second[i] === side), places[0]!.length)); // prettier-ignore
  }
  return second;
}

function centreOf(places: Float32Array[], length: number): Float32Array {
  const sum = new Float32Array(length);
  for (const u of places) for (let k = 0; k < length; k++) sum[k]! += u[k]!;
  const norm = Math.sqrt(cosine(sum, sum)) || 1;
  return sum.map((v) => v / norm);
}

/** NaN where there is no such pair. */
function meanOver(between: number[][], counts: (i: number, j: number) => boolean): number {
  let [sum, n] = [0, 0];
  for (const [i, row] of between.entries())
    for (const [j, c] of row.entries())
      if (counts(i, j)) {
        sum += c;
        n++;
      }
  return sum / n;
}
