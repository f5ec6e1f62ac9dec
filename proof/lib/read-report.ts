// What stands in a report, read back out of its HTML: tables by caption, and tiles. Knows tags, not how the report was made.

export type ReadReport = {
  tables: Map<string, string[][]>;
  /** of every list of tiles, in order: the text of each line */
  tiles: string[][];
};

export function readReport(html: string): ReadReport {
  const tables = new Map<string, string[][]>();
  for (const [, table] of html.matchAll(/<table[^>]*>([\s\S]*?)<\/table>/g)) {
    const caption = plain(
      /<caption>([\s\S]*?)<\/caption>/.exec(table!)![1]!.replace(/<span>[\s\S]*?<\/span>/, ''),
    );
    if (tables.has(caption)) throw new Error(`two tables are called "${caption}"`);
    const body = /<tbody>([\s\S]*?)<\/tbody>/.exec(table!)![1]!;
    tables.set(
      caption,
      [...body.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) =>
        [...row!.matchAll(/<t[dh][^>]*>([\s\S]*?)<\/t[dh]>/g)].map(([, cell]) => plain(cell!)),
      ),
    );
  }
  const tiles = [...html.matchAll(/<ul class="tiles">([\s\S]*?)<\/ul>/g)].flatMap(([, list]) =>
    [...list!.matchAll(/<li>([\s\S]*?)<\/li>/g)].map(([, tile]) =>
      [...tile!.matchAll(/<div[^>]*>([\s\S]*?)<\/div>/g)].map(([, line]) => plain(line!)),
    ),
  );
  return { tables, tiles };
}

export type Compared = { numbers: number; wrong: string[] };

/** Every cell of every table and every score of a tile; a number may differ by one in its last digit, where rounding falls. */
export function compareReport(
  report: ReadReport,
  tables: Map<string, string[][]>,
  tiles: Map<string, string[]>,
): Compared {
  const result: Compared = { numbers: 0, wrong: [] };
  for (const caption of new Set([...report.tables.keys(), ...tables.keys()])) {
    const [found, expected] = [report.tables.get(caption), tables.get(caption)];
    if (!found || !expected)
      result.wrong.push(`${caption}: ${found ? 'has no second path' : 'is not in the report'}`);
    else if (found.length !== expected.length)
      result.wrong.push(`${caption}: ${found.length} rows, not ${expected.length}`);
    else found.forEach((row, r) => compareCells(`${caption}, row ${r + 1}`, row, expected[r]!, result));
  }
  for (const lines of report.tiles) {
    const file = lines.at(-1)!;
    const expected = tiles.get(file);
    if (!expected) result.wrong.push(`${file}: a tile of an image that is not there`);
    else compareCells(file, lines.slice(0, expected.length), expected, result);
  }
  return result;
}

function compareCells(where: string, found: string[], expected: string[], result: Compared): void {
  if (found.length !== expected.length) {
    result.wrong.push(`${where}: ${found.length} cells, not ${expected.length}`);
    return;
  }
  for (const [c, cell] of found.entries()) {
    const [words, ours, theirs] = [wordsOf(cell), numbersOf(cell), numbersOf(expected[c]!)];
    const same = words === wordsOf(expected[c]!) && ours.length === theirs.length && ours.every((v, k) => near(v, theirs[k]!)); // prettier-ignore
    result.numbers += ours.length;
    if (!same) result.wrong.push(`${where}: ${cell}, recomputed ${expected[c]}`);
  }
}

const NUMBER = /\d+(\.\d+)?/g;
const numbersOf = (text: string): string[] => text.match(NUMBER) ?? [];
const wordsOf = (text: string): string => text.replace(NUMBER, '#');

function near(a: string, b: string): boolean {
  const digits = a.split('.')[1]?.length ?? 0;
  // counts are equal or wrong
  return digits === 0 ? a === b : Math.abs(Number(a) - Number(b)) < 1.01 * 10 ** -digits;
}

function plain(html: string): string {
  const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return html.replace(/<[^>]*>/g, '').replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => names[name]!).trim(); // prettier-ignore
}
