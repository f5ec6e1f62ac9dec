// The length of the scale bar: a round number of metres that fits. Pure.

import { si } from '../../domain/amounts.ts';

export type ScaleBar = { px: number; label: string };

/**
 * The longest bar of 1, 2 or 5 times a power of ten that is no longer than `maxPx`.
 * `metresPerPx`: of the screen, at the present zoom.
 */
export function scaleBar(metresPerPx: number, maxPx: number): ScaleBar | undefined {
  const longest = metresPerPx * maxPx;
  if (!(longest > 0) || !Number.isFinite(longest)) return undefined;
  const power = 10 ** Math.floor(Math.log10(longest));
  const step = [5, 2, 1].find((s) => s * power <= longest) ?? 1;
  const metres = step * power;
  return { px: metres / metresPerPx, label: si(metres, 'm').replace('.0', '') };
}
