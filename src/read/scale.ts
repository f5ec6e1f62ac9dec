// Samples that fit no integer picture (float, 32-bit), scaled into 16 bits over their own range. Never guesses a physical meaning.

import type { Decoded } from './decoded.ts';

/** First of `channels` interleaved samples a pixel, linearly from min..max to 0..65535; NaN and infinities become 0. */
export function scaledTo16(
  samples: ArrayLike<number>,
  channels = 1,
): Pick<Decoded, 'data' | 'bits' | 'notes'> {
  const n = Math.floor(samples.length / channels);
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < n; i++) {
    const v = samples[i * channels]!;
    if (!Number.isFinite(v)) continue;
    if (v < min) min = v;
    if (v > max) max = v;
  }
  const data = new Uint16Array(n);
  const factor = max > min ? 65535 / (max - min) : 0;
  for (let i = 0; i < n; i++) {
    const v = samples[i * channels]!;
    data[i] = Number.isFinite(v) ? Math.round((v - min) * factor) : 0;
  }
  return { data, bits: 16, notes: [`samples ${min} to ${max} scaled to 16 bits`] };
}
