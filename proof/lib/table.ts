// What proofs print: a table, percentiles, ratios. Nothing here decides whether a proof holds.

import Table from 'cli-table3';

export function printTable(head: string[], rows: (string | number)[][]): void {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? format(cell) : cell))));
  console.log(table.toString());
}

/** Four significant digits, whole numbers whole. */
export function format(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

/** Three digits after the point; a share of nothing is none. */
export function three(share: number): string {
  return Number.isNaN(share) ? '-' : share.toFixed(3);
}

/** `share` 0..1 of the sorted values; nearest rank. NaN without values. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN;
}

export function median(values: number[]): number {
  return percentile(values, 0.5);
}
