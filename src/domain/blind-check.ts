// The blind check: automatic labels that a person is asked about without seeing what the machine said, and what the answers tell of the machine. Pure.

import { binomialTail } from './binomial-tail.ts';
import type { Category } from './categories.ts';
import type { Label } from './label.ts';

/** An automatic label that was chosen to be checked. At least one of `share` and `first` is true. */
export type BlindCheck = {
  /** drawn by the settable share: these stand for all automatic labels */
  share: boolean;
  /** that share, 0..1, as it was then; absent where it was not drawn */
  rate?: number;
  /** the first automatic label of its series */
  first: boolean;
  /** as it was labelled */
  category: Category;
  /** what the head alone names */
  head: Category;
};

/** How a label by itself is chosen. `share`: 0..1, 0 = none is checked; `head`: what the head alone names. */
export type Checking = { share: number; head: Category };

/** By the last 32 bits of the name: whatever happens, the same images are drawn. */
export function drawn(sha256: string, share: number): boolean {
  return parseInt(sha256.slice(-8), 16) / 2 ** 32 < share;
}

/** A check that a person has answered. */
export type Checked = {
  sha256: string;
  series: number | undefined;
  /** when it labelled itself; UTC, ISO 8601 */
  labelledAt: string;
  check: BlindCheck;
  /** the person's, in force */
  label: Pick<Label, 'kind' | 'category'>;
};

/** The category that is right; null: none of the ten; undefined: an image that shows nothing tells nothing. A second category counts for nothing here. */
function truthOf({ label }: Checked): Category | null | undefined {
  if (label.kind === 'category') return label.category;
  return label.kind === 'none_of_these' ? null : undefined;
}

/** Undefined where the answer tells nothing. */
export function isWrong(checked: Checked): boolean | undefined {
  const truth = truthOf(checked);
  return truth === undefined ? undefined : truth !== checked.check.category;
}

export type Comparison = {
  /** images where the head alone was right and the taught one was not, and the other way round */
  headRight: string[];
  taughtRight: string[];
  /** series that say so, each counted once for what most of its images say */
  seriesForHead: number;
  seriesForTaught: number;
  /** the head alone is better beyond chance */
  worse: boolean;
};

/** Beyond this the lower bound of the 95 % interval of Clopper and Pearson is above one half. */
const CHANCE = 0.025;

/**
 * The taught head against the head alone on the same images (McNemar's exact test, Psychometrika 12, 1947). Labels of one series are right or wrong
 * together, so that a series counts once; one that says as much for either counts not at all.
 */
export function compared(all: Checked[]): Comparison {
  const [headRight, taughtRight]: [string[], string[]] = [[], []];
  const bySeries = new Map<number | string, number>();
  for (const one of all) {
    const { sha256, check } = one;
    const truth = truthOf(one);
    if (check.category === check.head || (truth !== check.head && truth !== check.category)) continue;
    (truth === check.head ? headRight : taughtRight).push(sha256);
    const series = one.series ?? sha256;
    bySeries.set(series, (bySeries.get(series) ?? 0) + (truth === check.head ? 1 : -1));
  }
  const says = [...bySeries.values()];
  const seriesForHead = says.filter((sum) => sum > 0).length;
  const seriesForTaught = says.filter((sum) => sum < 0).length;
  const n = seriesForHead + seriesForTaught;
  const worse = n > 0 && binomialTail(seriesForHead, n, 0.5) < CHANCE;
  return { headRight, taughtRight, seriesForHead, seriesForTaught, worse };
}
