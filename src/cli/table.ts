// Tables for people on a terminal: no colours, no borders, columns as wide as they need. Never used for what programs read.

import Table from 'cli-table3';

const BARE = Object.fromEntries(
  [
    'top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right',
    'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle',
  ].map((part) => [part, '']),
); // prettier-ignore

/** Rows of text under a heading row; without a heading only the rows. */
export function table(rows: readonly (readonly (string | number)[])[], heading?: readonly string[]): string {
  const made = new Table({
    ...(heading ? { head: [...heading] } : {}),
    chars: { ...BARE, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  made.push(...rows.map((row) => row.map(String)));
  return made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
