// A second, independent look at a TIFF: shares no code with the product. Reads a whole file that is known to be sound; throws on anything odd.

export type PlainEntry = { tag: number; type: number; count: number; value: Buffer };
export type PlainPage = { entries: Map<number, PlainEntry>; data: Buffer[] };

const SIZE: Record<number, number> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

/** Pages in the order of the chain: every entry with its value's bytes, and the bytes of every strip or tile. */
export function plainPages(file: Buffer): PlainPage[] {
  const little = file.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number) => (little ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const u32 = (at: number) => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const u64 = (at: number) => Number(little ? file.readBigUInt64LE(at) : file.readBigUInt64BE(at));
  const big = u16(2) === 43;
  const pages: PlainPage[] = [];
  let at = big ? u64(8) : u32(4);
  while (at !== 0 && pages.length < 1000) {
    const n = big ? u64(at) : u16(at);
    const first = at + (big ? 8 : 2);
    const width = big ? 20 : 12;
    const entries = new Map<number, PlainEntry>();
    for (let i = 0; i < n; i++) {
      const e = first + i * width;
      const [tag, type] = [u16(e), u16(e + 2)];
      const count = big ? u64(e + 4) : u32(e + 4);
      const bytes = count * (SIZE[type] ?? 1);
      const field = e + (big ? 12 : 8);
      const from = bytes <= (big ? 8 : 4) ? field : big ? u64(field) : u32(field);
      if (!entries.has(tag)) entries.set(tag, { tag, type, count, value: file.subarray(from, from + bytes) });
    }
    const numbers = (tag: number) => {
      const entry = entries.get(tag);
      if (!entry) return [];
      const size = SIZE[entry.type]!;
      return Array.from({ length: entry.count }, (_, i) => {
        const v = entry.value.subarray(i * size, i * size + size);
        if (size === 2) return little ? v.readUInt16LE() : v.readUInt16BE();
        if (size === 4) return little ? v.readUInt32LE() : v.readUInt32BE();
        return Number(little ? v.readBigUInt64LE() : v.readBigUInt64BE());
      });
    };
    const offsets = entries.has(324) ? numbers(324) : numbers(273);
    const counts = entries.has(325) ? numbers(325) : numbers(279);
    // without byte counts (some old writers) the strip runs as far as the file: its start is what can be compared
    pages.push({ entries, data: offsets.map((o, i) => file.subarray(o, o + (counts[i] ?? 0))) });
    at = big ? u64(first + n * width) : u32(first + n * width);
  }
  return pages;
}

/** Sentences about what of the acquired file is missing or different in the tagged one; none = all old tags and all strips are byte-equal. */
export function tiffDifferences(acquired: Buffer, tagged: Buffer): string[] {
  const before = plainPages(acquired);
  const after = plainPages(tagged);
  if (before.length !== after.length) return [`${before.length} pages became ${after.length}`];
  return before.flatMap((page, p) => {
    const other = after[p]!;
    const tags = [...page.entries.values()].flatMap((entry) => {
      const now = other.entries.get(entry.tag);
      if (entry.tag === 700 && p === 0) return now ? [] : [`page ${p}: XMP is gone`]; // ours joins what was there
      return now && now.type === entry.type && now.count === entry.count && now.value.equals(entry.value)
        ? []
        : [`page ${p}: tag ${entry.tag} differs`];
    });
    const strips = page.data.flatMap((bytes, i) =>
      other.data[i]?.equals(bytes) ? [] : [`page ${p}: strip ${i} differs`],
    );
    return [...tags, ...strips];
  });
}
