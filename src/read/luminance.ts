// Colour samples to grey. Rec. 601 weights (the ones of JPEG and of most converters); equal channels come out unchanged to the bit.

import type { Grey } from '../domain/grey.ts';

type Samples = Grey['data'];

/** `samples`: `channels` interleaved (1 grey, 2 grey+alpha, 3 RGB, 4 RGB+alpha); alpha is dropped. Same depth out as in. */
export function luminance<T extends Samples>(samples: T, channels: number): T {
  if (channels === 1) return samples;
  const n = Math.floor(samples.length / channels);
  const out = (samples instanceof Uint16Array ? new Uint16Array(n) : new Uint8Array(n)) as T;
  if (channels === 2) for (let i = 0; i < n; i++) out[i] = samples[2 * i]!;
  else
    for (let i = 0, s = 0; i < n; i++, s += channels)
      // the weights sum to 65536; storing cuts off the fraction
      out[i] = (19595 * samples[s]! + 38470 * samples[s + 1]! + 7471 * samples[s + 2]! + 32768) / 65536;
  return out;
}
