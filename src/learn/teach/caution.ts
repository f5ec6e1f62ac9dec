// Scores in a series where nobody has answered yet, once anything was taught: a head that answers changed is too sure of what it has not seen.

/** Where the shipped head alone is above this and both name one category, it is believed as before. */
const SURE = 0.8;

/** The surer of the two where they agree and the shipped head is sure; else the taught one, flattened: p^(1 / caution), normalised. */
export function cautious(shipped: Float64Array, taught: Float64Array, caution: number): Float64Array {
  const [a, b] = [top(shipped), top(taught)];
  if (shipped[a]! > SURE && a === b) return shipped[a]! >= taught[b]! ? shipped : taught;
  const powers = taught.map((p) => p ** (1 / caution));
  const sum = powers.reduce((x, y) => x + y, 0);
  return powers.map((p) => p / sum);
}

/** Of equals the first. */
function top(p: Float64Array): number {
  return p.reduce((best, v, c) => (v > p[best]! ? c : best), 0);
}
