// The structure tensor against orientationpy, by the makers of OrientationJ, and against slopes known in closed form.

import { describe, expect, it } from 'vitest';
import { wirePicture } from '../../fixtures/wires.ts';
import { alignmentField, coherencies } from '../../src/classify/alignment.ts';
import { gradient, smoothed } from '../../src/classify/structure-tensor.ts';

/**
 * Printed by orientationpy 0.3.1 (numpy 2.4.6, scipy 1.17.1) for these four pictures, gradient mode `splines`: mean tensor over one box,
 * local tensors in a window of sigma 2 and 3.5; by proof/lib/orientationpy.ts. Directions modulo 180.
 */
const PRINTED = [
  { globalCoherency: 0.03391208079010791, meanOrientation: 38.2642745690587, local: [0.7629981043239552, 0.6694942401475585] },
  { globalCoherency: 0.06968656074066845, meanOrientation: 163.0110208742227, local: [0.6303059314431206, 0.5872923061069456] },
  { globalCoherency: 0.09625937303472169, meanOrientation: 79.39955932609061, local: [0.4359211728369934, 0.40392570350949975] },
  { globalCoherency: 0.17483728541769372, meanOrientation: 162.85990963673336, local: [0.38433171174478825, 0.381667509379045] },
]; // prettier-ignore

const picture = (i: number) =>
  wirePicture({
    seed: 40 + i,
    width: 121 + 20 * i,
    height: 97,
    angle: [0, 25, 90, 160][i]!,
    bundle: 0.3 * i,
    count: 15,
    diameter: 4,
    spread: 2,
    noise: 0.05 * i,
  }).grey;

describe('coherencies', () => {
  it.each([0, 1, 2, 3])('of made-up picture %i are those of orientationpy', (i) => {
    const grey = picture(i);
    const field = alignmentField(grey, grey);
    const theirs = PRINTED[i]!;
    for (const [w, sigma] of [2, 3.5].entries()) {
      const ours = coherencies(field, sigma);
      expect(ours.globalCoherency).toBeCloseTo(theirs.globalCoherency, 6);
      expect(ours.localCoherency).toBeCloseTo(theirs.local[w]!, 6);
      expect(ours.meanOrientation).toBeCloseTo(theirs.meanOrientation, 4);
    }
  });

  it('of a flat picture are 0, not undefined', () => {
    const flat = { width: 20, height: 20, values: new Float32Array(400).fill(7) };
    expect(coherencies(flat)).toMatchObject({ globalCoherency: 0, localCoherency: 0 });
  });
});

describe('gradient', () => {
  it('is exact for a cubic, up to the border', () => {
    const [width, height] = [12, 9];
    const values = new Float32Array(width * height);
    // a not-a-knot spline reproduces cubics; small numbers, so that float32 does
    const f = (x: number, y: number) => 0.002 * x ** 3 - 0.03 * x * x + 0.1 * y * y - 0.004 * y ** 3;
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) values[y * width + x] = f(x, y);
    const slope = gradient({ width, height, values });
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        expect(slope.x[y * width + x]).toBeCloseTo(0.006 * x * x - 0.06 * x, 5);
        expect(slope.y[y * width + x]).toBeCloseTo(0.2 * y - 0.012 * y * y, 5);
      }
  });
});

describe('smoothed', () => {
  it('keeps a constant at the borders too, and spreads one pixel as the window says', () => {
    const constant = smoothed(new Float32Array(7 * 5).fill(3), 7, 5, 2);
    for (const v of constant) expect(v).toBeCloseTo(3, 5);
    const dot = new Float32Array(21 * 21);
    dot[10 * 21 + 10] = 1;
    const spread = smoothed(dot, 21, 21, 1.5);
    const middle = spread[10 * 21 + 10]!;
    expect(middle).toBeCloseTo(1 / (2 * Math.PI * 1.5 * 1.5), 4);
    expect(spread[10 * 21 + 12]! / middle).toBeCloseTo(Math.exp(-4 / (2 * 1.5 * 1.5)), 4);
    expect(spread[13 * 21 + 10]! / middle).toBeCloseTo(Math.exp(-9 / (2 * 1.5 * 1.5)), 4);
  });
});
