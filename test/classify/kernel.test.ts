// The compiled loops give what plain TypeScript gives, to the bit, and are what their source compiles to.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scaled, type Cut } from '../../src/classify/area.ts';
import { pictureOf, stretched, viewOf, viewsOf } from '../../src/classify/preprocess.ts';
import { shrinks, summedArea } from '../../src/classify/summed-area.ts';
import { stepsOf, trainingViews } from '../../src/classify/training-views.ts';
import { speckled } from './pictures.ts';
import * as slow from './slow-cuts.ts';

const side = fc.integer({ min: 1, max: 420 });
const share = fc.integer({ min: 0, max: 997 }).map((n) => n / 997);
const anything = {
  width: side,
  height: side,
  bits: fc.constantFrom(8 as const, 16 as const),
  /** not all of the picture is scan area */
  inside: fc.record({ width: share, height: share }),
  cut: fc.record({ left: share, top: share, width: share, height: share }),
  size: fc.integer({ min: 1, max: 40 }),
};
type Anything = {
  [K in keyof typeof anything]: (typeof anything)[K] extends fc.Arbitrary<infer T> ? T : never;
};

function pictureAndCut({ width, height, bits, inside, cut }: Omit<Anything, 'size'>) {
  const area = { width: Math.ceil(width * inside.width), height: Math.ceil(height * inside.height) };
  const picture = pictureOf(speckled(width, height, bits, width + height), area);
  const w = Math.max(0.5, cut.width * picture.area.width);
  const h = Math.max(0.5, cut.height * picture.area.height);
  const [left, top] = [cut.left * (picture.area.width - w), cut.top * (picture.area.height - h)];
  const within: Cut = { left, top, width: w, height: h };
  return { picture, cut: within };
}

const bits = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
const same = (a: Float32Array, b: Float32Array) => expect(bits(a).equals(bits(b))).toBe(true);

test('any cut of any picture, scaled to any size', () => {
  fc.assert(
    fc.property(fc.record(anything), ({ size, ...rest }) => {
      const { picture, cut } = pictureAndCut(rest);
      const bands = slow.bandsOf(picture.grey, cut, size, picture.scale);
      same(scaled(picture, cut, size, size)[0]!, slow.squareOf(bands, cut.left, cut.width, size));
    }),
    { numRuns: 150 },
  );
});

test('any crop out of the sums, in all eight turns', () => {
  let compared = 0;
  fc.assert(
    fc.property(
      fc.record({ ...anything, least: fc.integer({ min: 1, max: 120 }) }),
      ({ size, least, ...rest }) => {
        const { picture, cut } = pictureAndCut(rest);
        const fast = summedArea(picture, least, size);
        const sums = slow.summedArea(picture, least);
        expect(fast.factor).toBe(sums.factor);
        if (!shrinks(fast, cut, size)) return;
        const averages = slow.averaged(sums, cut, size);
        for (let symmetry = 0; symmetry < 8; symmetry++, compared++)
          same(
            fast.crop(cut, stepsOf(symmetry, size)),
            slow.turned(averages, size, symmetry, slow.contrastOf(averages)),
          );
      },
    ),
    { numRuns: 600 },
  );
  expect(compared).toBeGreaterThan(100);
});

test.each([
  [640, 480, 8],
  [480, 641, 8],
  [700, 500, 16],
  [2300, 1900, 8],
  [120, 90, 16],
] as const)('the views of %i x %i pixels, %i bits', (width, height, depth) => {
  const picture = pictureOf(speckled(width, height, depth), { width, height: height - 7 });
  const squareOf = (cut: Cut) =>
    slow.squareOf(slow.bandsOf(picture.grey, cut, 224, picture.scale), cut.left, cut.width, 224);
  const whole = { left: 0, top: 0, ...picture.area };
  const edge = Math.min(whole.width, whole.height);
  const left = (whole.width - edge) / 2;
  const centre = { left, top: (whole.height - edge) / 2, width: edge, height: edge };
  const [first, second] = viewsOf(picture, 224);
  same(first!, stretched(squareOf(whole)));
  // in a landscape picture the centre square shares its rows with the whole
  const rows = slow.bandsOf(picture.grey, whole, 224, picture.scale);
  const shared = edge === whole.height ? slow.squareOf(rows, left, edge, 224) : squareOf(centre);
  same(second!, stretched(shared));
});

test('memory is laid out anew for every picture: what a larger or an empty one left behind does not show', () => {
  const pictures = ([[900, 700, 8], [230, 231, 16], [1, 1, 8], [3000, 2500, 16], [500, 300, 8]] as const).map(
    ([width, height, depth]) => pictureOf(speckled(width, height, depth), { width, height }),
  ); // prettier-ignore
  const digest = (i: number) =>
    Buffer.concat(trainingViews(pictures[i]!, 64, i).map(bits)).toString('base64');
  const before = pictures.map((_, i) => digest(i));
  for (const i of [3, 0, 2, 4, 1, 3, 2]) expect(digest(i) === before[i]).toBe(true);
  // nor do views that somebody holds change with the next picture
  const held = viewOf(pictures[0]!, { left: 0, top: 0, width: 900, height: 700 }, 32);
  const copy = held.slice();
  viewsOf(pictures[4]!, 32);
  same(held, copy);
});

test('the bytes in src/ are what kernel/cuts.ts compiles to', () => {
  const fresh = execFileSync(process.execPath, ['scripts/kernel.mjs', '--print'], { encoding: 'utf8' });
  expect(readFileSync('src/classify/cuts-wasm.ts', 'utf8')).toBe(fresh);
});
