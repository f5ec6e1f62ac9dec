// What decoding a page gives: the grey picture and what had to be done to get it. Never stored.

import type { Grey } from '../domain/grey.ts';

export type Decoded = Grey & {
  /** bits of one sample as stored: 12 may lie in 16; 32-bit and float data are scaled into 16 */
  bitsPerSample: number;
  /** what decoding had to do beyond reading: a palette applied, a range scaled */
  notes: string[];
};
