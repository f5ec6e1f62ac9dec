// What page and command line say of thresholds, in the same words. Numbers come in, sentences go out; nothing is computed but percentages.

import { categoryTitle, type Category } from '../domain/categories.ts';
import { DECISION_WORDS, DECISIONS, type Pair, type ThresholdsValue } from '../domain/decision.ts';

type Estimate = {
  images: number;
  series: number;
  wrong: number;
  error?: number;
  interval?: { low: number; high: number };
  why?: 'few' | 'unchecked';
};
type Summary = { images: number; series: number; heads: number; asked: number; drawn: number; otherwise: number; hidden: boolean; automatic: boolean }; // prettier-ignore

export const SAVED_MEANS =
  'New thresholds hold for every image that is classified from now on. Labels that were given stay.';

export const WRONG_MEANS =
  'An estimate for all images, not only for the confirmed ones: images that people were asked about count once, drawn blind checks count for all the automatic labels that they were drawn from. Whole series make the interval.';

export function percent(share: number): string {
  const value = share * 100;
  return `${value === 0 || value >= 9.95 ? value.toFixed(0) : value.toFixed(1)} %`;
}

export function errorWords(estimate: Estimate): string {
  const { images, series, error, interval, why } = estimate;
  if (error === undefined || !interval)
    return why === 'unchecked'
      ? `not enough data: none of the automatic labels has been checked blind`
      : `not enough data (n = ${images}, from ${series} series)`;
  return `${percent(error)} wrong (95 %: ${percent(interval.low)} to ${percent(interval.high)}; n = ${images}, from ${series} series)`;
}

/** What the history consists of, and what it leaves out. */
export function historyWords(history: Summary): string[] {
  const { images, series, heads, asked, drawn, otherwise, hidden } = history;
  return [
    `${images} confirmed images from ${series} series: ${asked} were asked about, ${drawn} were drawn for a blind check, ${otherwise} were answered otherwise.`,
    ...(heads > 1 ? [`${heads} different heads scored them; another head scores otherwise.`] : []),
    ...(hidden ? ['Images of private projects that you are no member of are not counted.'] : []),
  ];
}

/** Before something is saved. */
export function waitingWords(
  { asked, above }: { asked: number; above: number },
  than = 'these thresholds',
): string {
  if (asked === 0) return 'No image waits at the moment.';
  const one = asked === 1;
  const wait = one ? '1 image waits for people and stays' : `${asked} images wait for people and stay`;
  const are =
    above === 0
      ? `${one ? 'it is not' : 'none of them is'} above ${than}`
      : above === 1
        ? `${one ? 'it' : '1 of them'} is above ${than} and labels itself when an answer scores it again`
        : `${above} of them are above ${than} and label themselves when an answer scores them again`;
  return `${wait} with them; ${are}.`;
}

export const pairWords = ({ auto, prompt }: Pair): string =>
  `auto above ${auto}, two suggestions from ${prompt}`;

export function valueWords(value: ThresholdsValue): string {
  const own = Object.entries(value.perCategory ?? {}).map(
    ([name, pair]) => `${categoryTitle(name as Category)}: ${pairWords(pair)}`,
  );
  return [pairWords(value), ...own].join('; ');
}

/** After the first start the database has the thresholds; the file only seeded them. `key`: of a setting; undefined where it is of something else. */
export function storedThreshold(
  key: string,
  current: (Pair & { version: number }) | undefined,
): { value: number; origin: string } | undefined {
  const name = /^thresholds\.(auto|prompt)$/.exec(key)?.[1] as keyof Pair | undefined;
  return name && current && { value: current[name], origin: `database, version ${current.version}` };
}

/** In the order in which they are shown. */
export const WAYS = DECISIONS.map((decision) => ({ decision, words: DECISION_WORDS[decision] }));
