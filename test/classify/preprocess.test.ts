// Preprocessing: exact averages, only the scan area, 16 bits by percentile, the z-score stretch.

import { describe, expect, test } from 'vitest';
import { scaled } from '../../src/classify/area.ts';
import { centreSquare, pictureOf, stretched, viewOf, viewsOf } from '../../src/classify/preprocess.ts';
import type { Grey } from '../../src/domain/grey.ts';
import { speckled } from './pictures.ts';

const square = (grey: Grey, size: number): Float32Array => {
  const cut = { left: 0, top: 0, width: grey.width, height: grey.height };
  return scaled({ grey }, cut, size, size)[0]!;
};

describe('averaging down', () => {
  test('is exact where an output pixel covers parts of pixels', () => {
    // 3 x 1 to 2 x 2: intervals [0, 1.5] and [1.5, 3]; rows are repeated
    const grey: Grey = { width: 3, height: 1, data: Uint8Array.of(0, 90, 210), bits: 8 };
    expect([...square(grey, 2)]).toEqual([30, 170, 30, 170].map(Math.fround));
  });

  test('keeps the mean of the picture, for any size', () => {
    for (const [width, height] of [
      [500, 333],
      [224, 224],
      [1001, 700],
    ] as const) {
      const grey = speckled(width, height, 8);
      const mean = Array.from(grey.data).reduce((a, b) => a + b, 0) / grey.data.length;
      const out = square(grey, 96);
      expect(out.reduce((a, b) => a + b, 0) / out.length).toBeCloseTo(mean, 3);
    }
  });

  test('averages: a fine checkerboard becomes flat grey and does not alias', () => {
    const data = Uint8Array.from(
      { length: 448 * 448 },
      (_, i) => (((i % 448) + Math.floor(i / 448)) % 2) * 200,
    );
    const out = square({ width: 448, height: 448, data, bits: 8 }, 224);
    expect(Math.min(...out)).toBe(100);
    expect(Math.max(...out)).toBe(100);
  });

  test('a small picture grows linearly and stays within its values', () => {
    const grey: Grey = { width: 2, height: 1, data: Uint8Array.of(10, 50), bits: 8 };
    const row = square(grey, 8).subarray(0, 8);
    expect([...row]).toEqual([10, 10, 15, 25, 35, 45, 50, 50]);
  });
});

describe('views', () => {
  test('pixels below the scan area change nothing', () => {
    const grey = speckled(700, 500, 8);
    const clean = viewsOf(pictureOf(grey, { width: 700, height: 431 }), 224);
    grey.data.fill(255, 431 * 700);
    const again = viewsOf(pictureOf(grey, { width: 700, height: 431 }), 224);
    for (const [i, view] of clean.entries())
      expect(Buffer.from(again[i]!.buffer).equals(Buffer.from(view.buffer))).toBe(true);
  });

  test('the shared rows give the same centre view as a cut of its own, in both orientations', () => {
    for (const [width, height] of [
      [640, 480],
      [480, 640],
    ] as const) {
      const picture = pictureOf(speckled(width, height, 8), { width, height });
      const [, centre] = viewsOf(picture, 224);
      const alone = viewOf(picture, centreSquare(picture), 224);
      for (let i = 0; i < alone.length; i++) expect(Math.abs(alone[i]! - centre![i]!)).toBeLessThan(1e-6);
    }
  });

  test('16 bits: 12 bits kept in 16 and a wider range of the same picture look alike', () => {
    const wide = speckled(300, 300, 16);
    const narrow: Grey = { ...wide, data: wide.data.map((v) => v >> 4) };
    const area = { width: 300, height: 300 };
    const [a] = viewsOf(pictureOf(wide, area), 224);
    const [b] = viewsOf(pictureOf(narrow, area), 224);
    for (let i = 0; i < a!.length; i++) expect(Math.abs(a![i]! - b![i]!)).toBeLessThan(0.01);
  });

  test('a hot pixel does not flatten a 16-bit picture', () => {
    const grey = speckled(300, 300, 16);
    const dim: Grey = { ...grey, data: grey.data.map((v) => v >> 6) };
    const area = { width: 300, height: 300 };
    const [before] = viewsOf(pictureOf(dim, area), 224);
    dim.data[12345] = 65535;
    const [after] = viewsOf(pictureOf(dim, area), 224);
    const moved = after!.filter((v, i) => Math.abs(v - before![i]!) > 0.05).length;
    expect(moved).toBeLessThan(10);
  });

  test('the stretch: mean 0.5, spread 0.22, brightness and contrast do not matter', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => 40 + (i % 100));
    const out = stretched(values.slice());
    const mean = out.reduce((a, b) => a + b, 0) / out.length;
    const spread = Math.sqrt(out.reduce((a, v) => a + (v - mean) ** 2, 0) / out.length);
    expect(mean).toBeCloseTo(0.5, 6);
    // std + 1 in the divisor: 0.22 * 28.87 / 29.87
    expect(spread).toBeCloseTo((0.22 * 28.866) / 29.866, 4);
    expect([...stretched(new Float32Array(4).fill(77))]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  test('clips at 0 and 1', () => {
    const out = stretched(Float32Array.from({ length: 1000 }, (_, i) => (i === 0 ? 255 : 0)));
    expect(out[0]).toBe(1);
  });
});
