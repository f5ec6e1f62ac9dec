// The aligned fraction on pictures of known order, and what turning, brightness, depth and the info bar must not change.

import { describe, expect, it } from 'vitest';
import { gratingPicture, wirePicture, type WireScene } from '../../fixtures/wires.ts';
import { trueFraction } from '../../proof/lib/wire-truth.ts';
import { measureAlignment } from '../../src/classify/alignment.ts';
import { alignedFraction } from '../../src/classify/aligned-fraction.ts';
import { colourOf, orientationMap } from '../../src/classify/orientation-map.ts';
import type { Grey } from '../../src/domain/grey.ts';

const scene: WireScene = { seed: 900, width: 400, height: 300, angle: 30, bundle: 0.6, count: 60, diameter: 5, spread: 2, noise: 0.05 }; // prettier-ignore
const measured = (grey: Grey) => measureAlignment(grey, grey)!;

describe('the aligned fraction', () => {
  it.each([
    [0, 1, 0],
    [45, 0.5, 0.1],
    [90, 0.8, 0.05],
    [135, 0.2, 0],
    [171, 0.7, 0.1],
  ])(
    'of wires along %i degrees, %d of them a bundle, noise %d, is what was drawn',
    (angle, bundle, noise) => {
      // one picture may err by more than the mean of a condition, which the proof bounds by 0.03
      const errors = [1, 2, 3, 4].map((seed) => {
        const { grey, seen } = wirePicture({ ...scene, seed: 900 + seed, angle, bundle, noise });
        return Math.abs(measured(grey).alignedFraction - trueFraction(seen));
      });
      expect(errors.reduce((a, b) => a + b, 0) / errors.length).toBeLessThanOrEqual(0.03);
      expect(Math.max(...errors)).toBeLessThan(0.08);
    },
  );

  it('finds the direction of the bundle, anticlockwise from the rows', () => {
    for (const angle of [0.5, 30, 89, 120, 179])
      expect(Math.abs(measured(wirePicture({ ...scene, angle, bundle: 0.9 }).grey).orientation - angle)).toBeLessThan(2); // prettier-ignore
  });

  it('of gratings is the share of the tiles', () => {
    const { grey, seen } = gratingPicture({
      seed: 3,
      tile: 48,
      angle: 60,
      bundle: 0.5,
      period: 8,
      noise: 0.05,
    });
    expect(measured(grey).alignedFraction).toBeCloseTo(trueFraction(seen), 1);
  });

  it('counts a wire in full up to 5 degrees off, by half at 10, not at all from 15 on, across 180 degrees too', () => {
    const of = (directions: number[], lengths: number[]) => alignedFraction({ directions, lengths })!;
    expect(of([90, 94], [3, 1]).fraction).toBeCloseTo(1, 6);
    expect(of([179, 2, 80], [2, 1, 1]).fraction).toBeCloseTo(0.75, 6);
    expect(of([0, 15, 165], [2, 1, 1]).fraction).toBeCloseTo((2 + 0.5) / 4, 1);
    expect(of([10, 50, 100, 140], [1, 1, 1, 1]).fraction).toBeCloseTo(0.25, 6);
    expect(of([179.9], [1]).direction).toBeGreaterThan(179);
    const { histogram } = of([2, 3, 177.6], [1, 2, 1]);
    expect(histogram).toHaveLength(36);
    expect([histogram[0], histogram[35]]).toEqual([0.75, 0.25]);
    expect(alignedFraction({ directions: [], lengths: [] })).toBeUndefined();
  });
});

describe('every measure', () => {
  const { grey } = wirePicture(scene);
  const before = measured(grey);

  it('turns with the picture', () => {
    const { width, height, data } = grey;
    const turned = new Uint8Array(data.length); // a quarter anticlockwise
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) turned[(width - 1 - x) * height + y] = data[y * width + x]!; // prettier-ignore
    const after = measured({ width: height, height: width, data: turned, bits: 8 });
    expect(after.globalCoherency).toBeCloseTo(before.globalCoherency, 5);
    expect(after.localCoherency).toBeCloseTo(before.localCoherency, 5);
    expect(after.alignedFraction).toBeCloseTo(before.alignedFraction, 1);
    expect((after.orientation - before.orientation + 360) % 180).toBeCloseTo(90, 0);
  });

  it('does not depend on contrast, nor looks below the scan area', () => {
    const dim = { ...grey, data: grey.data.map((v) => Math.round(v / 2) + 40) };
    expect(measured(dim).alignedFraction).toBeCloseTo(before.alignedFraction, 1);
    expect(measured(dim).globalCoherency).toBeCloseTo(before.globalCoherency, 2);
    const withBar = new Uint8Array(grey.data.length + 40 * grey.width);
    withBar.set(grey.data);
    for (let i = grey.data.length; i < withBar.length; i++) withBar[i] = i % 7 ? 0 : 255;
    const cut = measureAlignment({ ...grey, height: grey.height + 40, data: withBar }, grey);
    expect(cut).toEqual(before);
  });

  it('is between 0 and 1, and absent where there is nothing to measure', () => {
    for (const v of [before.globalCoherency, before.localCoherency, before.alignedFraction]) {
      expect(v).toBeGreaterThan(0);
      expect(v).toBeLessThan(1);
    }
    expect(before.histogram.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    expect(measureAlignment({ width: 5, height: 300, data: new Uint8Array(1500), bits: 8 }, { width: 5, height: 300 })).toBeUndefined(); // prettier-ignore
    const flat: Grey = { width: 64, height: 64, data: new Uint16Array(4096).fill(900), bits: 16 };
    expect(measureAlignment(flat, flat)).toBeUndefined();
  });
});

describe('the picture coloured by direction', () => {
  it('has the hue of twice the direction', () => {
    expect([0, 60, 120].map((d) => colourOf(d, 1, 1))).toEqual([[255, 0, 0], [0, 255, 0], [0, 0, 255]]); // prettier-ignore
    expect(colourOf(77, 0, 0.5)).toEqual([128, 128, 128]);
  });

  it('is as large as what was measured on', () => {
    const { grey } = wirePicture({ ...scene, width: 700, height: 350 });
    const map = orientationMap(grey, grey)!;
    expect([map.width, map.height, map.rgb.length]).toEqual([512, 256, 3 * 512 * 256]);
  });
});
