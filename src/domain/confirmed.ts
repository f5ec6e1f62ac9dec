// The confirmed history: images whose label in force a person gave, with the scores by which they were routed. Shapes only.

import type { Category } from './categories.ts';

/** How an image came before a person. */
export const STRATA = [
  /** it was asked about: every image that is not sure enough is */
  'asked',
  /** it labelled itself, and chance drew it for a blind check */
  'drawn',
  /** it labelled itself, or never asked, and somebody answered all the same: the first of a series, one that looked wrong. It stands for no other */
  'otherwise',
] as const;
export type Stratum = (typeof STRATA)[number];

/** One image of it. */
export type Confirmed = {
  top: Category;
  /** of the top category, 0..1 */
  score: number;
  second: Category;
  /** what the person said: a category, null for none of the ten, undefined for one that cannot be used */
  truth: Category | null | undefined;
  stratum: Stratum;
  /** so many images like it there were for each that a person saw: 1 / the share that was drawn; 0: it stands for none */
  weight: number;
  series: number | undefined;
  project: string | undefined;
  instrument: string;
  /** version of the thresholds that routed it */
  version: number;
  /** SHA-256 of the head */
  head: string;
};
