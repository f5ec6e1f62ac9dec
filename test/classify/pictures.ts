// Pictures for the tests of classify: seeded, so that a failure can be repeated.

import type { Grey } from '../../src/domain/grey.ts';
import { randomOf } from '../../src/domain/random.ts';

/** Soft blobs with noise, over the whole range of `bits`. */
export function speckled(width: number, height: number, bits: 8 | 16, seed = 1): Grey {
  const random = randomOf(seed);
  const full = 2 ** bits - 1;
  const data = bits === 8 ? new Uint8Array(width * height) : new Uint16Array(width * height);
  const blobs = Array.from({ length: 20 }, () => ({
    x: random() * width,
    y: random() * height,
    r: 5 + random() * 60,
  }));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const inside = blobs.some((b) => (x - b.x) ** 2 + (y - b.y) ** 2 < b.r ** 2);
      data[y * width + x] = full * (0.2 + (inside ? 0.5 : 0) + 0.2 * random());
    }
  return { width, height, data, bits };
}
