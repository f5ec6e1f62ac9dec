// How far the wires or fibres of an image lie in one direction: what the child measures and what the alignment head adds. Pure.

import type { Category } from './categories.ts';

/** Categories whose images carry their alignment in the record and are found by it. */
export const ALIGNED_CATEGORIES: readonly Category[] = ['Nanowires', 'Fibres'];

/** Measured on the pixels of the scan area; all numbers but the angle are shares, 0..1. */
export type AlignmentMeasures = {
  /** version of the measure: another one never gives comparable numbers */
  measure: string;
  /** coherency of the mean structure tensor: 1 where all gradients share an axis, 0 where they have none */
  globalCoherency: number;
  /** mean of the local coherency, weighted by energy: how straight and parallel structure is within a few pixels */
  localCoherency: number;
  /** share of the length of wires that lies along `orientation` */
  alignedFraction: number;
  /** direction that most wires share, in degrees from 0 to below 180: anticlockwise as seen, 0 is along the rows of the picture */
  orientation: number;
  /** share of the length of wires in each of 36 directions; the first is 0 to 5 degrees */
  histogram: number[];
};

/** What the alignment head says, and which head. Hashes are SHA-256. */
export type AlignmentHeadResult = {
  /** probability that the wires are aligned, 0..1 */
  probability: number;
  head: { name: string; sha256: string };
  backbone: { name: string; sha256: string };
  preprocessing: string;
};
