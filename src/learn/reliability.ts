// How often top scores of a height are right: the bins behind the expected calibration error. Pure.

const BINS = 10;

/** `first`: the top category was right. */
type Top = { score: number; first: boolean };

export type Reliability = {
  /** without an interval: a drawn set is rougher than the one it is drawn from, so that drawing gives errors that are too large */
  ece: number;
  /** null where a bin is empty */
  bins: { from: number; to: number; images: number; score: number | null; right: number | null }[];
};

export function reliabilityOf(tops: Top[]): Reliability {
  return {
    ece: calibrationError(tops),
    bins: binned(tops).map(({ n, score, right }, b) => ({
      from: b / BINS,
      to: (b + 1) / BINS,
      images: n,
      score: n === 0 ? null : score / n,
      right: n === 0 ? null : right / n,
    })),
  };
}

/** Mean over ten equal bins of the top score of |share right - mean score|, weighted by the bin's images (Naeini et al., AAAI 2015). */
export function calibrationError(tops: Top[]): number {
  return binned(tops).reduce((sum, { score, right }) => sum + Math.abs(right - score), 0) / tops.length;
}

/** Sums a bin. The last bin holds 1 too. */
function binned(tops: Top[]): { n: number; score: number; right: number }[] {
  const bins = Array.from({ length: BINS }, () => ({ n: 0, score: 0, right: 0 }));
  for (const { score, first } of tops) {
    const bin = bins[Math.min(BINS - 1, Math.floor(score * BINS))]!;
    bin.n += 1;
    bin.score += score;
    if (first) bin.right += 1;
  }
  return bins;
}
