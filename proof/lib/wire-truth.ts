// What the aligned fraction of a made-up picture must be, from what was drawn. Shares nothing with the measure but its definition.

import type { Seen } from '../../fixtures/wires.ts';

/**
 * Share of the seen length along the common direction: a wire counts in full up to 5 degrees from it, by half at 10, nothing from 15 on; the
 * common direction is the one of the largest share. A wire that lies there by chance counts like one of the bundle: nobody could tell them apart.
 */
export function trueFraction(seen: Seen): number {
  const all = seen.reduce((sum, { length }) => sum + length, 0);
  let most = 0;
  for (let direction = 0; direction < 180; direction += 0.25)
    most = Math.max(most, seen.reduce((sum, { angle, length }) => sum + length * counts(angle - direction), 0)); // prettier-ignore
  return most / all;
}

function counts(off: number): number {
  const degrees = Math.abs(((off % 180) + 270) % 180 - 90); // prettier-ignore
  if (degrees <= 5) return 1;
  return degrees >= 15 ? 0 : 1 - (degrees - 5) / 10;
}
