// A training that would not fit into memory is refused before it begins, with how many views would fit.

import { expect, it } from 'vitest';
import { refuseTooLarge } from '../../src/learn/fit-at.ts';

const GB = 1e9;

it('counts images x views x length x 4 bytes x 3 against half of the memory', () => {
  // 1000 images x 10 views x 1000 numbers x 4 bytes x 3 = 0.12 GB
  expect(() => refuseTooLarge(1000, 10, 1000, 0.24 * GB)).not.toThrow();
  const refused = expect.objectContaining({
    code: 'training_data',
    message: expect.stringContaining('1000 images with 10 views need 0.1 GB') as string,
    advice: expect.stringContaining('--views 9') as string,
  }) as Error;
  expect(() => refuseTooLarge(1000, 10, 1000, 0.23 * GB)).toThrow(refused);
  expect(() => refuseTooLarge(20_000, 15, 1712, 8 * GB)).toThrow('need 6.2 GB');
});
