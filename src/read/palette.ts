// Palette pictures to grey. Microscopes store grey pictures with a grey ramp as palette and a few colours for drawings on the screen;
// applying those colours would paint false samples into the picture.

/** Share of the 256 entries that must be the plain grey ramp for the index itself to be the grey value. */
const RAMP_SHARE = 0.75;

/** `map`: ColorMap (tag 320), all reds, then greens, then blues, 0..65535. */
export function paletteToGrey(
  index: Uint8Array,
  map: number[],
  bits: number,
): { data: Uint8Array; notes: string[] } {
  const size = 1 << bits;
  if (map.length < 3 * size) return { data: index, notes: ['palette missing: the index read as grey'] };
  // old writers fill the map with 0..255; libtiff tells them the same way
  const scale = map.some((v) => v > 255) ? 257 : 1;
  const channel = (i: number, c: number) => map[i + c * size]! / scale;
  if (bits === 8) {
    let ramp = 0;
    for (let i = 0; i < size; i++) if ([0, 1, 2].every((c) => Math.abs(channel(i, c) - i) <= 1)) ramp++;
    // seen: 228 of 256 in SmartSEM V05, whose overlay colours stand at index 9, 18, 27 ...
    if (ramp === size) return { data: index, notes: [] };
    if (ramp >= size * RAMP_SHARE) return { data: index, notes: ['overlay colours of the palette ignored'] };
  }
  const grey = new Uint8Array(256);
  for (let i = 0; i < size; i++)
    grey[i] = Math.round(0.299 * channel(i, 0) + 0.587 * channel(i, 1) + 0.114 * channel(i, 2));
  return { data: index.map((i) => grey[i]!), notes: ['palette applied'] };
}
