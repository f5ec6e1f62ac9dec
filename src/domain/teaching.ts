// What answers of people do for the scores of other images, in words that the database, the record and the pages share. Pure.

import { decide, type Routing, type Thresholds } from './decision.ts';
import type { Scores } from './scores.ts';

/** How far the answers reach into a score: names, with head and bottlenecks, exactly what gave it. */
export type Taught = {
  /** place in the log of lessons: lessons up to here are known, later ones are not */
  position: number;
  /** the series that the image was in, or that it began: the commit adds that one */
  series?: number;
  /** the private project that it was in: its answers are among them */
  realm?: string;
  /** answers in that series: their places in the log */
  lessons: number[];
  /** answers in all: everybody's, and those of its private project */
  all: number;
  /** from place to place in the log, both included: answers that were not known for want of bottlenecks; absent where all were */
  without?: [number, number][];
  /** SHA-256 of the numbers of teaching, the first 12 digits */
  settings: string;
};

/** What teaching makes of an image. */
export type TaughtScores = {
  /** the head's alone */
  head: Scores;
  /** those that route it */
  scores: Scores;
  /** place in the log of lessons that they know */
  lesson: number;
  /** absent where the scores are the head's alone */
  taught?: Taught;
  /** what made the bottlenecks */
  engine: string;
};

/** `series`: undefined for one that begins a series. `realm`: the private project that it belongs to; undefined for everybody's. */
export type ToScore = { sha256: string; series: number | undefined; realm: string | undefined };

/** In the order of the images; undefined for one without bottlenecks, an empty list where nobody has taught. */
export type Teach = (images: ToScore[]) => Promise<(TaughtScores | undefined)[]>;

/** `order`: most telling first, not all of those that wait need be in it; `alike`: how many others look like it. `lookAlikes`: for whom one answer may do, most alike first. */
export type Ranked = {
  order: { sha256: string; alike: number }[];
  lookAlikes: Map<string, string[]>;
};

/** Which of the waiting images to ask about first, and which may be answered together. */
export type Rank = (waiting: { sha256: string; series: number | undefined }[]) => Promise<Ranked>;

/** Of the images of a series, as far as their features are known. */
export type Spread = {
  /** images that were compared */
  images: number;
  /** mean cosine between two of them, -1..1 */
  likeness: number;
  /** SHA-256s of the images of each of two subjects, the larger one first; absent where there are no two */
  subjects?: [string[], string[]];
};

/** Mean cosine of a series from which its images are called alike: 11 of 16 series of six or more reach it in the replays, 4 of 44 pairs of two categories do. */
export const ALIKE = 0.5;

/** Undefined where the features of fewer than two are known. */
export type SpreadOf = (sha256s: string[]) => Promise<Spread | undefined>;

/** Which of these series an image looks most like; undefined where its features are not known. */
export type Nearest = (sha256: string, series: number[]) => Promise<number | undefined>;

/** What the scores ask for; `because` where the head alone would not have labelled it so by itself. */
export function routed(
  { head, scores, taught }: TaughtScores,
  thresholds: Thresholds,
): { routing: Routing; because?: Taught } {
  const routing = decide(scores, thresholds);
  const alone = decide(head, thresholds);
  const same = alone.decision === 'auto' && alone.category === routing.category;
  return taught && routing.decision === 'auto' && !same ? { routing, because: taught } : { routing };
}

/** An answer whose category had a score below `implausible` just before counts less: a slip is likelier than a surprise. It may still be right. */
export const PLAUSIBILITY = { implausible: 0.1, implausibleWeight: 0.3 };

/** Weight of an answer. `before`: score of the answered category just before, 0..1. */
export function lessonWeight(before: number, settings = PLAUSIBILITY): number {
  return before < settings.implausible ? settings.implausibleWeight : 1;
}

/** For people: what a label rests on. */
export function becauseWords({ lessons, all }: Pick<Taught, 'lessons' | 'all'>): string {
  const count = (n: number) => `${n} ${n === 1 ? 'answer' : 'answers'}`;
  return lessons.length > 0
    ? `because of ${count(lessons.length)} in this series`
    : `because of ${count(all)} in other series`;
}
