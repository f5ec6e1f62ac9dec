// Tables for people on a terminal: no colours, no borders, columns as wide as they need. Never used for what programs read.

import Table from 'cli-table3';

const EDGES = ['top', 'bottom', 'left', 'right', 'mid', 'middle'];
const CORNERS = ['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right'];
const CROSSINGS = ['left-mid', 'mid-mid', 'right-mid'];
const BARE = Object.fromEntries([...EDGES, ...CORNERS, ...CROSSINGS].map((part) => [part, '']));

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
