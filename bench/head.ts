// `npx tsx bench/head.ts [DIR]`: how long a head takes: 20,000 made-up bottlenecks, and a refit with 300 images more. Prints; judges nothing.

import { resolve } from 'node:path';
import { headSpeed } from '../proof/lib/head-speed.ts';
import { printTable } from '../proof/lib/table.ts';

const rows = await headSpeed(resolve(process.argv[2] ?? '../shared/sem-images'));
printTable(
  ['what', 'rows', 'seconds', 'CPU seconds', 'steps'],
  rows.map(({ what, rows: n, seconds, cpu, steps }) => [what, n, seconds.toFixed(1), cpu.toFixed(1), steps]),
);
