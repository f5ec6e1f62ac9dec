// Scores in a series where nobody has answered yet, once anything was taught: a head that answers changed is too sure of what it has not seen.

import type { TeachSettings } from './settings.ts';

/**
 * p^(1 / caution), normalised, of the corrected head; less flattened where the shipped head is sure and both name one category. The shipped
 * head's own certainty is never taken over: in a facility that answers have shown to be unlike its training images it is wrong too often.
 */
export function cautious(shipped: Float64Array, taught: Float64Array, settings: TeachSettings): Float64Array {
  const a = top(shipped);
  const agreed = shipped[a]! > settings.sure && a === top(taught);
  const powers = taught.map((p) => p ** (1 / (agreed ? settings.cautionAgreed : settings.caution)));
  const sum = powers.reduce((x, y) => x + y, 0);
  return powers.map((p) => p / sum);
}

/** Of equals the first. */
function top(p: Float64Array): number {
  return p.reduce((best, v, c) => (v > p[best]! ? c : best), 0);
}
